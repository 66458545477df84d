import { expect, test } from '@playwright/test';
import { demoRun, GOAL } from './support/pages.ts';

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
