import { expect, test, type Page } from '@playwright/test';
import { demoRun, GOAL, RunPage } from './support/pages.ts';
import { cancelRun, colleague, deskRun } from './support/people.ts';

/** Presses Tab until the focus stands on what is wanted, as a person would. */
async function tabTo(page: Page, name: RegExp, role: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const goal = page.getByRole(role as 'link', { name }).first();
  await goal.waitFor();
  for (let presses = 0; presses < 60; presses += 1) {
    if (await goal.evaluate((element) => element.matches(':focus'))) return;
    await page.keyboard.press(key);
  }
  throw new Error(`the focus never came to ${role} ${String(name)}`);
}

test('the whole way by keyboard: catalog, form, Full, notes, and a yes to the Full run of somebody else', async ({ page, browser }) => {
  const gated = await deskRun('gated');
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
  await tabTo(page, /^Objective/, 'tab', 'Shift+Tab');
  const modes = page.getByRole('tab', { name: /^Run mode/ });
  for (let presses = 0; presses < 6 && !(await modes.evaluate((element) => element.matches(':focus'))); presses += 1) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await tabTo(page, /^Test/, 'radio');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: /^Full/ })).toBeChecked();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('dialog', { name: 'Run this fully?' })).toBeVisible();
  await tabTo(page, /^Run fully/, 'button');
  await page.keyboard.press('Enter');

  await page.waitForURL(/\/runs\//);
  await expect(page.locator('main')).toBeFocused();
  const run = new RunPage(page);
  await run.ended('completed');
  await tabTo(page, /^Read the result/, 'button');
  await page.keyboard.press('Enter');
  await expect(run.panel.getByRole('article')).toContainText('Build a small agent');

  await page.keyboard.press('g');
  await page.keyboard.press('a');
  const asked = page.locator(`[data-run="${gated}"]`);
  await expect(asked.getByRole('button', { name: 'Approve' })).toBeVisible();
  for (let presses = 0; presses < 60 && !(await asked.getByRole('button', { name: 'Approve' }).evaluate((element) => element.matches(':focus'))); presses += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(asked).toHaveCount(0);
  // It would go on into the next test.
  const hers = await colleague(browser);
  await cancelRun(hers.request, gated);
  await expect.poll(async () => ((await (await hers.request.get(`/api/v1/runs/${gated}`)).json()) as { status: string }).status).toBe('cancelled');
  await hers.close();
});

test('the palette, the keys and the list of keys', async ({ page }) => {
  const id = await demoRun(page);
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Search and go' });
  await palette.getByRole('combobox').fill('agentic');
  await expect(palette.getByRole('option', { name: /^Learn Agentic AI/ }).first()).toBeVisible();
  await palette.getByRole('combobox').fill('budgets');
  await expect(palette.getByRole('option', { name: /^Usage and budgets/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/usage$/);

  await expect(page.locator('main')).toBeFocused();
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await expect(page).toHaveURL(/\/runs$/);
  await expect(page.getByRole('table').locator(`[data-run="${id}"]`)).toBeVisible();
  await page.keyboard.press('j');
  await expect(page.getByRole('table').locator('[data-run]').first().getByRole('link')).toBeFocused();
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox', { name: 'Search runs' })).toBeFocused();
  // In a field letters are letters.
  await page.keyboard.type('gh?');
  await expect(page.getByRole('searchbox', { name: 'Search runs' })).toHaveValue('gh?');

  await page.goto(`/runs/${id}`);
  await expect(page.getByRole('button', { name: 'Run again' })).toBeVisible();
  await page.keyboard.press(']');
  await expect(page).not.toHaveURL(new RegExp(`${id}$`));
  // To the run that was started before it, with the same view open, and back.
  await expect(page.getByRole('link', { name: /^Older run/ })).toBeVisible();
  await page.keyboard.press('j');
  await expect(page).not.toHaveURL(new RegExp(id));
  await expect(page).toHaveURL(/tab=timeline/);
  await expect(page.getByRole('link', { name: /^Newer run/ })).toBeVisible();
  await page.keyboard.press('k');
  await expect(page).toHaveURL(new RegExp(`${id}\\?tab=timeline`));
  await expect(page.getByRole('button', { name: 'Run again' })).toBeVisible();
  const rail = page.getByRole('separator', { name: 'Width of the progress' });
  await rail.focus();
  await page.keyboard.press('ArrowRight');
  await expect(rail).toHaveAttribute('aria-valuenow', '272');
  await page.keyboard.press('Enter');
  await expect(rail).toHaveAttribute('aria-valuenow', '256');
  await page.keyboard.press('r');
  await expect(page.getByRole('dialog', { name: 'Run it again' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await sheet.getByRole('checkbox').click();
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await page.keyboard.press('?');
  await expect(sheet).toBeHidden();
});
