import { expect, test } from '@playwright/test';
import { colleague, simulator } from './support/people.ts';

test.afterEach(() => simulator('reset'));

test('the worker is killed under a demo run: nothing lost, nothing bought twice, and the page accounts for it', async ({ page }) => {
  // The third call streams and stalls: it is in flight for as long as the page takes to see it.
  await simulator('rules', { fault: { kind: 'hang', afterFrames: 3 }, nth: 3 });
  await page.goto('/help');
  await page.getByRole('link', { name: 'crash drill' }).click();
  await page.getByRole('button', { name: 'Start a run and kill the worker' }).click();
  await expect(page.getByText(/The worker was killed at/)).toBeVisible({ timeout: 60_000 });
  const report = page.locator('[data-slot="drill-report"]');
  await expect(report).toContainText('Nothing was lost: the run completed', { timeout: 150_000 });
  await expect(report).toContainText(/asked again: 0 of \d/);
  await expect(report).toContainText('Answers bought twice: 0');
  await expect(report).toContainText('In flight when the worker died: 1 call');
  await expect(report).toContainText(/At work again after \d/);
  await page.reload();
  await expect(report).toContainText('Nothing was lost');
});

test('it is not offered to somebody who does not run this installation', async ({ browser }) => {
  const context = await colleague(browser);
  const page = await context.newPage();
  await page.goto('/drill');
  await expect(page.getByRole('heading', { name: 'Not offered here' })).toBeVisible();
  await expect(page.getByRole('button', { name: /kill the worker/ })).toHaveCount(0);
  await context.close();
});
