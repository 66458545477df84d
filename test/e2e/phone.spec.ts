import { expect, test } from '@playwright/test';
import { expectNothingSideways, RunnerPage, RunPage } from './support/pages.ts';
import { colleague, deskRun } from './support/people.ts';

test('on a phone: start, watch and read by thumb @phone', async ({ page }) => {
  await page.goto('/workflows');
  await page.getByRole('tabpanel').getByRole('link', { name: 'Learn Agentic AI' }).tap();
  const runner = new RunnerPage(page);
  await page.getByRole('button', { name: 'My first agent in an hour' }).tap();
  await expect(runner.start).toBeInViewport();
  await expect.poll(async () => (await runner.start.boundingBox())?.height ?? 0).toBeGreaterThanOrEqual(44);
  await runner.start.tap();
  await runner.arrived();
  const run = new RunPage(page);
  await run.ended('completed');
  await expectNothingSideways(page);
  // On the first screen, whatever stands above it.
  await expect(page.getByRole('button', { name: 'Read the result' })).toBeInViewport({ ratio: 1 });
  expect(await page.evaluate<number>('window.scrollY')).toBe(0);
  await page.getByRole('button', { name: 'Read the result' }).tap();
  await expect(run.panel.getByRole('article').getByRole('heading', { level: 1 })).toBeVisible();
  await page.goto('/runs');
  await expect(page.getByRole('table')).toBeHidden();
  await expect(page.getByRole('listitem').filter({ hasText: 'Learn Agentic AI' }).first()).toBeVisible();
});

test('a second person approves a Full run on a phone, with less than was asked @phone', async ({ page, browser }) => {
  const id = await deskRun('gated');
  const hers = await colleague(browser);
  const theirs = await hers.newPage();
  await new RunPage(theirs).open(id);
  await theirs.getByRole('button', { name: 'Remind them' }).click({ timeout: 60_000 });
  await expect(theirs.getByRole('region', { name: 'Waiting for approval' })).toContainText('Reminded');
  // The address she passes on: of her run it shows what is decided on, and no more.
  await page.goto(`/runs/${id}`);
  const card = page.locator(`[data-run="${id}"]`);
  await expect(card).toContainText('started by Bea Colleague');
  await expect(card).toContainText('reminded');
  await expect(page.getByRole('tab')).toHaveCount(0);
  // However much there is to read, the decision is at hand on the first screen.
  await expect(card.getByRole('button', { name: 'Approve', exact: true })).toBeInViewport({ ratio: 1 });
  expect(await page.evaluate<number>('window.scrollY')).toBe(0);
  await expectNothingSideways(page);
  await card.getByText('Approve with less').tap();
  await card.getByRole('textbox', { name: 'Seconds of work' }).fill('500');
  await expectNothingSideways(page);
  const approve = card.getByRole('button', { name: 'Approve with less' });
  expect((await approve.boundingBox())?.height ?? 0).toBeGreaterThanOrEqual(44);
  await approve.tap();
  await expect(page.getByRole('status').filter({ hasText: 'You approved this.' })).toBeVisible();
  await new RunPage(theirs).ended('completed');
  await expect(theirs.getByText('Administrator approved “Start the Full run” with less, at most 500 s.')).toBeVisible();
  await hers.close();
});
