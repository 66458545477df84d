import { expect, test } from '@playwright/test';
import { GOAL, RunnerPage, RunPage } from './support/pages.ts';

test('Validate checks, makes no notes, and leads on to Test with the same inputs', async ({ page }) => {
  const runner = new RunnerPage(page);
  await runner.open('?preset=first_agent');
  await page.getByRole('button', { name: 'Check only' }).click();
  await runner.arrived();
  const run = new RunPage(page);
  await run.ended('completed');
  for (const check of ['Inputs fit the form', 'Provider answers']) await expect(run.panel.getByText(check)).toBeVisible();
  await expect(run.panel.getByRole('heading', { name: 'Test' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Read the result' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Now try it small' }).click();
  await expect(runner.goal).toHaveValue(GOAL);
  await expect(runner.start).toHaveText('Start Test');
  await expect(page.getByText('Inputs of run')).toBeVisible();
});

test('Full says what it may use, asks once more, and walks all three stages', async ({ page }) => {
  const runner = new RunnerPage(page);
  await runner.open('?preset=first_agent');
  await runner.choose('Full');
  await expect(runner.start).toHaveText('Start Full');
  await runner.start.click();
  const question = page.getByRole('dialog', { name: 'Run this fully?' });
  await expect(question).toContainText('demo-extractive-1');
  await question.getByRole('button', { name: 'Not yet' }).click();
  await expect(page).toHaveURL(/\/workflows\//);
  await runner.start.click();
  await question.getByRole('button', { name: 'Run fully' }).click();
  await runner.arrived();
  const run = new RunPage(page);
  await run.ended('completed');
  for (const stage of ['Validate', 'Test', 'Full']) await expect(run.panel.getByRole('heading', { name: stage, exact: false, level: 2 }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Read the result' }).click();
  await expect(run.panel.getByRole('article').getByRole('heading', { level: 1 })).toBeVisible();
});
