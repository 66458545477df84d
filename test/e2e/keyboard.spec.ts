import { expect, test, type Page } from '@playwright/test';
import { GOAL, RunPage } from './support/pages.ts';

/** Presses Tab until the focus stands on what is wanted, as a person would. */
async function tabTo(page: Page, name: RegExp, role: string): Promise<void> {
  const goal = page.getByRole(role as 'link', { name }).first();
  await goal.waitFor();
  for (let presses = 0; presses < 60; presses += 1) {
    if (await goal.evaluate((element) => element.matches(':focus'))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the focus never came to ${role} ${String(name)}`);
}

test('the whole way by keyboard: catalog, form, run, notes', async ({ page }) => {
  await page.goto('/workflows');
  await expect(page.getByRole('tab', { name: /^Student/ })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();

  await tabTo(page, /^Everyone/, 'tab');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/persona=student/);
  await page.keyboard.press('Tab');
  const card = page.getByRole('tabpanel').getByRole('link', { name: 'Learn Agentic AI' });
  for (let presses = 0; presses < 5 && !(await card.evaluate((element) => element.matches(':focus'))); presses += 1) await page.keyboard.press('Tab');
  await expect(card).toBeFocused();
  await page.keyboard.press('Enter');

  await expect(page.getByRole('textbox', { name: 'Learning goal' })).toBeVisible();
  await expect(page.locator('main')).toBeFocused();
  await tabTo(page, /^Learning goal/, 'textbox');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(GOAL);
  await page.keyboard.press('Control+Enter');

  await page.waitForURL(/\/runs\//);
  await expect(page.locator('main')).toBeFocused();
  const run = new RunPage(page);
  await run.ended('completed');
  await tabTo(page, /^Read the result/, 'button');
  await page.keyboard.press('Enter');
  await expect(run.panel.getByRole('article')).toContainText('Build a small agent');
});
