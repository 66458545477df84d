import { expect, test, type Locator, type Page } from '@playwright/test';
import { GOAL, RunPage, WORKFLOW } from './support/pages.ts';
import { apiRun, colleague, withKeys } from './support/people.ts';

const call = (dialog: Locator, id: string): Locator => dialog.locator(`[data-call="${id}"]`);
async function openDialog(page: Page, id: string): Promise<Locator> {
  await new RunPage(page).open(id);
  await page.getByRole('button', { name: 'Run again' }).click();
  const dialog = page.getByRole('dialog', { name: 'Run it again' });
  await expect(dialog.getByRole('listitem').first()).toBeVisible();
  return dialog;
}
const price = (dialog: Locator): Locator => dialog.locator('[data-slot="rerun-price"]');
const body = (change: object = {}): object => ({ workflow_id: WORKFLOW, run_mode: 'test_run', provider: 'demo', inputs: { learning_goal: GOAL, timebox_minutes: 15 }, ...change });

test('with another prompt: free and paid calls before the click, the mark on the answer, no evidence, compared with its source', async ({ page, request }) => {
  const id = await apiRun(request, body());
  const dialog = await openDialog(page, id);
  await expect(price(dialog)).toContainText('4 answers free, 1 call to pay');
  await dialog.getByRole('combobox', { name: 'From which step' }).click();
  await page.getByRole('option', { name: 'Make a quiz' }).click();
  await expect(price(dialog)).toContainText('3 answers free, 2 calls to pay');

  await call(dialog, 'test/quiz/1').getByRole('button', { name: /Look, edit/ }).click();
  const prompt = call(dialog, 'test/quiz/1').getByRole('textbox', { name: 'Prompt: What is asked' });
  await expect(prompt).toHaveValue(/note1/);
  const asked = await prompt.inputValue();
  await prompt.fill(`${asked}\nAsk about failures only.`);
  await expect(call(dialog, 'test/quiz/1')).toContainText('prompt edited');
  await expect(dialog.getByText('Prompts of yours are asked')).toBeVisible();
  await dialog.getByRole('button', { name: 'Run again', exact: true }).click();

  await expect(page).not.toHaveURL(new RegExp(id));
  const run = new RunPage(page);
  await run.ended('completed');
  await expect(run.panel.getByText('asked with a prompt of yours')).toBeVisible();
  await run.tab('Inputs').click();
  await expect(run.panel.getByText('a prompt in it was edited')).toBeVisible();
  await run.panel.getByRole('link', { name: /^Compare/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: '2 runs side by side' })).toBeVisible();
  await expect(page.getByText('The model was asked something else.')).toBeVisible();
});

test('with an edited answer: what does not fit is said at the call, the mark says whose it is', async ({ page, request }) => {
  const id = await apiRun(request, body());
  const dialog = await openDialog(page, id);
  const diagnosis = call(dialog, 'test/diagnose/1');
  await diagnosis.getByRole('button', { name: /Look, edit/ }).click();
  const answer = diagnosis.getByRole('textbox', { name: /^Answer/ });
  await expect(answer).toHaveValue(/starting_point/);
  await answer.fill('no JSON');
  await expect(diagnosis.getByRole('alert')).toContainText('must be JSON');
  await expect(price(dialog)).toContainText('Mend what is marked');
  await expect(dialog.getByRole('button', { name: 'Run again', exact: true })).toBeDisabled();
  await answer.fill(JSON.stringify({ starting_point: 'Knows how to prompt', gaps: ['Testing an agent'] }));
  await expect(price(dialog)).toContainText('maybe');
  await dialog.getByRole('button', { name: 'Run again', exact: true }).click();
  await expect(page).not.toHaveURL(new RegExp(id));
  const run = new RunPage(page);
  await run.ended('completed');
  await expect(run.panel.getByText('answer written by you, not by the model')).toBeVisible();
});

test('with another model and other inputs the price is in dollars and the request is refused at its field', async ({ browser }) => {
  const context = await colleague(browser);
  await withKeys(context.request, 'openai');
  const id = await apiRun(context.request, body({ provider: 'openai', budget: { cost_usd_micros: 900_000 } }));
  const page = await context.newPage();
  const dialog = await openDialog(page, id);
  await expect(price(dialog)).toContainText(/\$0\.\d+ to \$0\.\d+/);
  await expect(dialog.getByText('$0.90')).toBeVisible();
  await dialog.getByText('Provider and model').click();
  await dialog.getByRole('combobox', { name: 'Model', exact: true }).click();
  await page.getByRole('option', { name: /gpt-4o-mini/ }).click();
  await expect(dialog.getByText('Answers that are kept stay those of the earlier model')).toBeVisible();
  await dialog.getByText('Inputs', { exact: true }).click();
  const goal = dialog.getByRole('textbox', { name: 'Learning goal' });
  await goal.fill('short');
  await expect(goal).toHaveAccessibleDescription(/10/);
  await expect(dialog.getByRole('button', { name: 'Run again', exact: true })).toBeDisabled();
  await goal.fill('Know how prompt injection works against agents');
  await expect(dialog.getByText('The inputs differ')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Run again', exact: true })).toBeEnabled();
  await context.close();
});

test('Test beside Full: figures, steps, and the difference of one', async ({ page, request }) => {
  const id = await apiRun(request, body({ run_mode: 'full_run', inputs: { learning_goal: `${GOAL}, fully`, timebox_minutes: 15 } }));
  const run = new RunPage(page);
  await run.open(id);
  await run.tab('Test ↔ Full').click();
  await expect(run.panel.getByRole('row', { name: /^Output tokens/ })).toContainText('×');
  await run.panel.getByRole('button', { name: 'Show the difference in Make a quiz' }).click();
  await expect(run.panel.getByLabel('Difference in Make a quiz')).toContainText('question');
  await expect(run.panel.getByRole('heading', { name: 'Sources that Full added' })).toBeVisible();
});

test('evidence is verified on request and can be taken away; four runs stand side by side', async ({ page, request }) => {
  const ids = await Promise.all([1, 2, 3, 4].map((n) => apiRun(request, body({ inputs: { learning_goal: `${GOAL}, for comparison ${n}`, timebox_minutes: 15 } }))));
  const run = new RunPage(page);
  await run.open(ids[0] ?? '', 'inputs');
  await run.panel.getByRole('button', { name: 'Verify now' }).click();
  await expect(run.panel.getByRole('status').filter({ hasText: '✓ Valid' })).toBeVisible();
  const [download] = await Promise.all([page.waitForEvent('download'), run.panel.getByRole('link', { name: 'Download evidence.json' }).click()]);
  expect(download.suggestedFilename()).toBe('evidence.json');
  await page.goto('/runs?q=for%20comparison');
  for (const id of ids) await page.getByRole('table').locator(`[data-run="${id}"]`).getByRole('checkbox').click();
  await page.getByRole('link', { name: 'Compare', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: '4 runs side by side' })).toBeVisible();
  await expect(page.getByRole('row', { name: /^Learning goal/ })).toContainText('for comparison 4');
  await page.getByRole('button', { name: 'Show the difference in See where you stand' }).click();
  await expect(page.getByLabel('Difference in See where you stand').first()).toBeVisible();
});
