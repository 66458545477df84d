import { expect, test } from '@playwright/test';
import { RunnerPage, RunPage } from './support/pages.ts';
import { colleague, deskRun, simulator, withKeys } from './support/people.ts';

test.afterEach(() => simulator('reset'));

test('a limit that cannot be is said at its field and in the summary; one that can stands in the figures', async ({ page }) => {
  const runner = new RunnerPage(page);
  await runner.open('?preset=first_agent');
  await page.getByText('Limits and stand-ins').click();
  const tokens = page.getByRole('textbox', { name: 'Output tokens' });
  await tokens.fill('5000');
  await page.getByRole('textbox', { name: 'Money, in dollars' }).fill('much');
  await runner.start.click();
  const summary = page.getByRole('alert').filter({ hasText: '2 things need a change' });
  await expect(summary).toBeFocused();
  await summary.getByRole('button', { name: 'Output tokens' }).click();
  await expect(tokens).toBeFocused();
  await expect(tokens).toHaveAttribute('aria-invalid', 'true');
  await expect(tokens).toHaveAccessibleDescription(/whole number from 16 to 1000/);
  await tokens.fill('100');
  await page.getByRole('textbox', { name: 'Money, in dollars' }).fill('');
  await expect(page.getByRole('alert').filter({ hasText: 'need' })).toHaveCount(0);
  await expect(page.getByText('at most 100')).toBeVisible();
  await expect(page).toHaveURL(/\/workflows\//);
  // Limits of its own end a run with what it has.
  await runner.launch();
  const run = new RunPage(page);
  await run.ended('completed');
  await expect(page.getByText('The cap on output tokens was reached')).toBeVisible();
  await expect(page.locator('[data-slot="run-header"]')).toContainText('/ 100');
});

test('a Full run whose money is used up waits, asks, and goes on when the budget is raised', async ({ browser }) => {
  const context = await colleague(browser);
  await withKeys(context.request, 'openai');
  const page = await context.newPage();
  const runner = new RunnerPage(page);
  await runner.open('?preset=first_agent');
  await page.getByLabel('Provider', { exact: true }).click();
  await page.getByRole('option', { name: /^OpenAI(?!-)/ }).click();
  await runner.choose('Full');
  await page.getByText('Limits and stand-ins').click();
  await page.getByRole('textbox', { name: 'Money, in dollars' }).fill('0.018');
  await runner.start.click();
  const question = page.getByRole('dialog', { name: 'Run this fully?' });
  await expect(question).toContainText('$0.02');
  await question.getByRole('button', { name: 'Run fully' }).click();
  await runner.arrived();
  const banner = page.getByRole('region', { name: 'Waiting: budget used up' });
  await expect(banner).toContainText('lets the next call start', { timeout: 60_000 });
  const budget = banner.getByRole('textbox', { name: /New budget/ });
  await budget.fill('0.001');
  await banner.getByRole('button', { name: 'Raise and go on' }).click();
  await expect(banner.getByRole('alert')).toContainText('above $0.0180');
  await budget.fill('5');
  await banner.getByRole('button', { name: 'Raise and go on' }).click();
  await expect(banner).toHaveCount(0);
  const run = new RunPage(page);
  await run.ended('completed');
  await expect(page.locator('[data-slot="run-header"]')).toContainText('/ $5.00');
  await expect(run.panel.getByText('Bea Colleague raised the budget from $0.018 to $5.00.')).toBeVisible();
  await context.close();
});

test('a provider that is away is stood in for by the one that was named, and the page says why', async ({ browser }) => {
  const context = await colleague(browser);
  await withKeys(context.request, 'openai', 'anthropic');
  const page = await context.newPage();
  const runner = new RunnerPage(page);
  await runner.open('?preset=first_agent');
  await page.getByLabel('Provider', { exact: true }).click();
  await page.getByRole('option', { name: /^OpenAI(?!-)/ }).click();
  await page.getByText('Limits and stand-ins').click();
  await page.getByRole('button', { name: 'Add a stand-in' }).click();
  await expect(page.getByRole('combobox', { name: 'Provider of stand-in 1' })).toContainText('Anthropic');
  await expect(page.getByText('Every other provider with a working key is in the chain.')).toBeVisible();
  await simulator('rules', { fault: { kind: 'status', status: 503 }, match: { vendor: 'openai' }, times: 0 });
  await runner.launch();
  const run = new RunPage(page);
  await run.ended('completed');
  await expect(run.panel.getByRole('region', { name: 'Remarks' })).toContainText(/Goes on with anthropic .* instead of openai/);
  await context.close();
});

test('a question waits for its person, says what does not fit, and goes on with the answer', async ({ page }) => {
  const id = await deskRun('asking');
  await page.goto('/approvals');
  const card = page.locator(`[data-run="${id}"]`);
  await card.getByRole('link', { name: /Answer on the run/ }).click();
  const run = new RunPage(page);
  await expect(run.badge).toHaveAttribute('data-status', 'waiting');
  const banner = page.getByRole('region', { name: 'Waiting for an answer' });
  await expect(banner).toContainText('Time spent waiting is not counted');
  // What is asked stands beside what it is about, in a box that scrolls and that the keyboard reaches.
  const about = banner.getByRole('group', { name: 'What this is about' });
  await expect(about).toContainText('Tests of an agent');
  await expect(about).toContainText('Steps of the outline');
  expect((await about.boundingBox())?.height ?? 0).toBeLessThan(400);
  await about.focus();
  await expect(about).toBeFocused();
  const answer = banner.getByRole('textbox', { name: /starting.point/i });
  await banner.getByRole('button', { name: 'Answer and go on' }).click();
  await expect(banner.getByRole('alert')).toBeVisible();
  await answer.fill('I wrote a few prompts');
  await banner.getByRole('textbox', { name: /gaps/i }).fill('Testing an agent');
  await page.keyboard.press('Control+Enter');
  await run.ended('completed');
  await page.getByRole('button', { name: 'Read the result' }).click();
  await expect(run.panel.getByRole('article')).toContainText('Testing an agent');
});

test('an approval is shown with what it decides on, needs a reason for a no, and opens the Full run', async ({ page, browser }) => {
  const context = await colleague(browser);
  const hers = await context.newPage();
  const id = await deskRun('gated');
  await new RunPage(hers).open(id);
  await expect(hers.getByRole('region', { name: 'Waiting for approval' })).toContainText('0 of 1 approval', { timeout: 60_000 });
  await expect(hers.getByRole('group', { name: 'What this is about' })).toContainText('Learning goal');
  await page.goto('/approvals');
  const card = page.locator(`[data-run="${id}"]`);
  await expect(card).toContainText('started by Bea Colleague');
  await expect(card.getByRole('group', { name: 'What you decide on' })).toContainText('demo-extractive-1');
  // In the words of the form, not in keys.
  const decided = card.getByRole('group', { name: 'What you decide on' });
  await expect(decided).toContainText('Learn Agentic AI');
  await expect(decided).toContainText(/Time you have\s*15 minutes/);
  await expect(decided).not.toContainText('learn_agentic_ai');
  await card.getByRole('button', { name: 'Reject' }).click();
  await expect(card.getByRole('alert')).toContainText('Say why');
  await card.getByRole('textbox', { name: /Reason/ }).fill('The Test was fine.');
  await card.getByRole('button', { name: 'Approve' }).click();
  await expect(card).toHaveCount(0);
  await new RunPage(hers).ended('completed');
  await expect(new RunPage(hers).panel.getByText('Administrator approved “Start the Full run”: The Test was fine.')).toBeVisible();
  await context.close();
});
