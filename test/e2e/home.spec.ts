import { expect, test } from '@playwright/test';
import { demoRun, GOAL, RunnerPage, RunPage, WORKFLOW } from './support/pages.ts';

test('home leads back to a draft, and a draft thrown away can be had back', async ({ page }) => {
  const runner = new RunnerPage(page);
  await runner.open();
  await runner.goal.fill('A goal to go on with tomorrow');
  await expect(page.getByText('Draft saved')).toBeVisible();
  await page.goto('/');
  const drafts = page.getByRole('region', { name: 'Go on with a draft' });
  await expect(drafts).toContainText('A goal to go on with tomorrow');
  await drafts.getByRole('button', { name: /^Throw away/ }).click();
  await expect(drafts).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await drafts.getByRole('link', { name: 'Learn Agentic AI' }).click();
  await expect(runner.goal).toHaveValue('A goal to go on with tomorrow');
});

test('a favourite stands first and is found by its filter', async ({ page }) => {
  await page.goto('/workflows');
  await page.getByRole('button', { name: 'Favourite: Ask my data' }).click();
  await expect(page.getByRole('tabpanel').getByRole('listitem').first()).toContainText('Ask my data');
  await page.getByRole('checkbox', { name: 'Favourites' }).click();
  await expect(page).toHaveURL(/fav=true/);
  await expect(page.getByRole('tabpanel').getByRole('status')).toHaveText('1 workflow');
});

test('a link and JSON fill the form', async ({ page }) => {
  const runner = new RunnerPage(page);
  await runner.open('?input.learning_goal=Learn+by+link&input.timebox_minutes=45');
  await expect(runner.goal).toHaveValue('Learn by link');
  await expect(page.getByRole('textbox', { name: 'Time you have' })).toHaveValue('45');
  await page.getByRole('button', { name: 'JSON' }).click();
  const dialog = page.getByRole('dialog', { name: 'Inputs as JSON' });
  await expect(dialog.getByRole('textbox', { name: 'JSON' })).toHaveValue(/"Learn by link"/);
  await dialog.getByRole('textbox', { name: 'JSON' }).fill('no json');
  await dialog.getByRole('button', { name: 'Put into the form' }).click();
  await expect(dialog.getByRole('alert')).toContainText('no JSON object');
  await dialog.getByRole('textbox', { name: 'JSON' }).fill('{"inputs":{"learning_goal":"Learn by JSON, slowly"}}');
  await dialog.getByRole('button', { name: 'Put into the form' }).click();
  await expect(runner.goal).toHaveValue('Learn by JSON, slowly');
});

test('a result is rated, found by its rating, and varied with a price', async ({ page }) => {
  const id = await demoRun(page);
  const bar = page.locator('[data-slot="result-bar"]');
  await bar.getByRole('button', { name: 'Good' }).click();
  await expect(bar.getByRole('button', { name: 'Good' })).toHaveAttribute('aria-pressed', 'true');
  await page.goto('/runs?rating=good');
  await expect(page.getByRole('table').locator(`[data-run="${id}"]`)).toBeVisible();
  await expect(page.getByText('1 at work')).toBeVisible();

  await new RunPage(page).open(id);
  await bar.getByRole('link', { name: /Vary it/ }).click();
  await page.getByRole('combobox', { name: 'Value 1' }).click();
  await page.getByRole('option').nth(1).click();
  await expect(page.locator('[data-slot="vary-price"]')).toContainText('nothing to pay with the demo provider');
  await page.getByRole('button', { name: 'Start the run' }).click();
  await expect(page).toHaveURL(/compare=/);
  await expect(page.getByText('2 runs chosen')).toBeVisible();
});

test('a page that is older than the platform says so', async ({ page, request }) => {
  const health = (await (await request.get('/health')).json()) as object;
  await page.clock.install();
  await page.goto('/help');
  await expect(page.getByText(/^Version \d/)).toBeVisible();
  await page.route('**/health', (route) => route.fulfill({ json: { ...health, version: '99.0.0' } }));
  await page.clock.fastForward('05:01');
  await expect(page.getByRole('status').filter({ hasText: 'Version 99.0.0 is running' })).toBeVisible();
});

test('operations say who works and what waits', async ({ page }) => {
  await page.goto('/operations');
  await expect(page.getByText('works: answers in').first()).toBeVisible();
  await expect(page.getByRole('table')).toContainText('workflow');
});

test('an administrator pauses all model calls: a run waits with the reason, and goes on when it is taken back', async ({ page, request }) => {
  const origin = process.env['E2E_WEB_URL'] ?? '';
  try {
    await page.goto('/operations');
    await page.getByRole('textbox', { name: 'Reason' }).fill('a key may have leaked');
    await page.getByRole('button', { name: 'Pause all model calls' }).click();
    await expect(page.getByText('All model calls are paused')).toBeVisible();
    const reply = await request.post('/api/v1/runs', { data: { workflow_id: WORKFLOW, run_mode: 'test_run', provider: 'demo', inputs: { learning_goal: GOAL, timebox_minutes: 15 } }, headers: { origin } });
    const { id } = (await reply.json()) as { id: string };
    await page.goto(`/runs/${id}`);
    await expect(page.getByText('a key may have leaked').first()).toBeVisible();
    await page.goto('/operations');
    await page.getByRole('button', { name: 'Let model calls go on' }).click();
    await expect(page.getByRole('button', { name: 'Pause all model calls' })).toBeVisible();
    await page.goto(`/runs/${id}`);
    await new RunPage(page).ended('completed');
  } finally {
    await request.put('/api/v1/pause', { data: { paused: false }, headers: { origin } });
  }
});
