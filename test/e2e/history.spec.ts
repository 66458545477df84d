import { expect, test } from '@playwright/test';
import { demoRun, GOAL, WORKFLOW } from './support/pages.ts';
import { apiRun } from './support/people.ts';

test('runs are found by filters that live in the address', async ({ page }) => {
  const id = await demoRun(page);
  await page.goto('/runs');
  const row = page.getByRole('table').locator(`[data-run="${id}"]`);
  await expect(row).toContainText(GOAL);
  await expect(row.locator('[data-slot="badge"]')).toHaveText('Completed');

  await page.getByRole('combobox', { name: 'Mode' }).click();
  await page.getByRole('option', { name: 'Test' }).click();
  await expect(page).toHaveURL(/mode=test_run/);
  await expect(row).toBeVisible();

  await page.getByRole('searchbox', { name: 'Search runs' }).fill('no run has these words');
  await expect(page.getByRole('heading', { name: 'No run matches' })).toBeVisible();
  await expect(page).toHaveURL(/q=no/);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'No run matches' })).toBeVisible();
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await expect(row).toBeVisible();
  await row.getByRole('link').click();
  await expect(page).toHaveURL(new RegExp(id));
  await page.goBack();
  await expect(row).toBeVisible();
});

test('a run is looked at beside the list, columns are chosen, and several runs are deleted at once', async ({ page, request }) => {
  const check = (goal: string) => apiRun(request, { workflow_id: WORKFLOW, run_mode: 'validate_only', provider: 'demo', inputs: { learning_goal: goal, timebox_minutes: 15 } });
  const [older, newer] = [await check('Peek at the older of two checks'), await check('Peek at the newer of two checks')];
  await page.goto('/runs?q=of+two+checks');
  const row = (id: string) => page.getByRole('table').locator(`[data-run="${id}"]`);
  await row(newer).getByRole('button', { name: /^Peek at/ }).click();
  const peek = page.getByRole('complementary', { name: 'Peek' });
  await expect(peek).toContainText('Peek at the newer of two checks');
  await expect(page).toHaveURL(new RegExp(`peek=${newer}`));
  const edge = page.getByRole('separator', { name: 'Width of the peek' });
  await edge.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(edge).toHaveAttribute('aria-valuenow', '368');
  await page.reload();
  await expect(edge).toHaveAttribute('aria-valuenow', '368');
  expect((await peek.boundingBox())?.width).toBe(368);
  await row(newer).getByRole('link').focus();
  await page.keyboard.press('j');
  await expect(row(older).getByRole('link')).toBeFocused();
  await expect(peek).toContainText('Peek at the older of two checks');
  await peek.getByRole('button', { name: 'Close the peek' }).click();

  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Model' }).click();
  const height = async () => Math.round((await row(newer).boundingBox())?.height ?? 0);
  await expect.poll(height).toBe(36);
  await page.getByRole('menuitemradio', { name: /^compact/ }).click();
  await expect.poll(height).toBeLessThan(30);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('columnheader', { name: 'Model' })).toBeVisible();
  await expect(row(newer)).toContainText('demo-extractive');

  for (const id of [older, newer]) await row(id).getByRole('checkbox').click();
  await page.getByRole('button', { name: 'Delete 2' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click();
  await expect(page.getByRole('heading', { name: 'No run matches' })).toBeVisible();
  expect((await request.get(`/api/v1/runs/${older}`)).status()).toBe(404);
});
