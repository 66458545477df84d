import { expect, test } from '@playwright/test';
import { expectNothingSideways, RunnerPage, RunPage } from './support/pages.ts';

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
  await page.getByRole('button', { name: 'Read the result' }).tap();
  await expect(run.panel.getByRole('article').getByRole('heading', { level: 1 })).toBeVisible();
  await page.goto('/runs');
  await expect(page.getByRole('table')).toBeHidden();
  await expect(page.getByRole('listitem').filter({ hasText: 'Learn Agentic AI' }).first()).toBeVisible();
});
