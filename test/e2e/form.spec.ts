import { expect, test } from '@playwright/test';
import { demoRun, RunnerPage } from './support/pages.ts';

test('errors stand at their fields, in a summary with the focus, and nothing is started', async ({ page }) => {
  const runner = new RunnerPage(page);
  await runner.open();
  await page.getByRole('textbox', { name: 'Time you have' }).fill('3');
  await runner.tab('Outputs').click();
  await runner.start.click();
  const summary = page.getByRole('alert').filter({ hasText: '2 things need a change' });
  await expect(summary).toBeFocused();
  await summary.getByRole('button', { name: 'Learning goal' }).click();
  await expect(runner.goal).toBeFocused();
  await expect(runner.goal).toHaveAttribute('aria-invalid', 'true');
  await expect(runner.goal).toHaveAccessibleDescription(/This is needed/);
  await expect(runner.tab('Objective')).toHaveAccessibleName(/2 errors/);
  await runner.goal.fill('Understand how agents use tools and when they fail');
  await expect(page.getByRole('alert').filter({ hasText: 'One thing needs a change' })).toBeVisible();
  await expect(page).toHaveURL(/\/workflows\//);
});

test("the server's error finds its field as well", async ({ page }) => {
  const runner = new RunnerPage(page);
  await runner.open();
  // Long enough for the form; nothing once the server has trimmed it.
  await runner.goal.fill(' '.repeat(20));
  await runner.tab('Outputs').click();
  await runner.start.click();
  const summary = page.getByRole('alert').filter({ hasText: 'One thing needs a change' });
  await expect(summary).toBeFocused();
  await summary.getByRole('button', { name: 'Learning goal' }).click();
  await expect(runner.goal).toBeFocused();
  await expect(runner.goal).toHaveAttribute('aria-invalid', 'true');
});

test('a draft survives a reload, and can be left behind', async ({ page }) => {
  const runner = new RunnerPage(page);
  await runner.open();
  await runner.goal.fill('A goal that must not be lost by a reload');
  await expect(page.getByText('Draft saved')).toBeVisible();
  await page.reload();
  await expect(runner.goal).toHaveValue('A goal that must not be lost by a reload');
  await page.getByRole('button', { name: 'Start afresh' }).click();
  await expect(runner.goal).toHaveValue('');
});

test('an example fills the field, and a choice of tools keeps its order', async ({ page }) => {
  const runner = new RunnerPage(page);
  await runner.open();
  await page.getByRole('button', { name: /^Understand how agents use tools/ }).click();
  await expect(runner.goal).toHaveValue(/^Understand how agents use tools/);
  await runner.tab('Tools').click();
  await page.getByRole('checkbox', { name: 'Read PDFs' }).click();
  await expect(page.getByRole('checkbox', { name: 'Read PDFs' })).toBeChecked();
});

test('the inputs of a run come back in the form', async ({ page }) => {
  const id = await demoRun(page);
  const runner = new RunnerPage(page);
  await runner.open(`?from=${id}`);
  await expect(runner.goal).toHaveValue(/^Build a small agent/);
  await expect(page.getByRole('status').filter({ hasText: 'Inputs of run' })).toBeVisible();
});

test('a provider without a key cannot be chosen and says why', async ({ page }) => {
  await new RunnerPage(page).open();
  await page.getByLabel('Provider', { exact: true }).click();
  const option = page.getByRole('option', { name: /Anthropic/ });
  await expect(option).toContainText('Add a key on the Providers page');
  await expect(option).toHaveAttribute('aria-disabled', 'true');
});
