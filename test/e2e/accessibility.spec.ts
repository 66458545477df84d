import { expect, test, type Page } from '@playwright/test';
import { expectNothingSideways, GOAL, seriousFaults, WORKFLOW } from './support/pages.ts';
import { apiRun, cancelRun, deskRun } from './support/people.ts';

let [runId, otherId, fullId, askingId, gatedId] = ['', '', '', '', ''];
test.beforeAll(async ({ playwright }) => {
  test.setTimeout(400_000);
  const request = await playwright.request.newContext({ baseURL: process.env['E2E_WEB_URL'], storageState: process.env['E2E_STORAGE_STATE'] });
  const body = (change: object) => ({ workflow_id: WORKFLOW, run_mode: 'test_run', provider: 'demo', inputs: { learning_goal: GOAL, timebox_minutes: 15 }, ...change });
  [runId, otherId, fullId, askingId, gatedId] = await Promise.all([
    apiRun(request, body({})), apiRun(request, body({ inputs: { learning_goal: `${GOAL}, and how to test it`, timebox_minutes: 30 } })), apiRun(request, body({ run_mode: 'full_run' })), deskRun('asking'), deskRun('gated'),
  ]);
  await expect.poll(async () => ((await (await request.get('/api/v1/approvals')).json()) as { run_id: string }[]).map((gate) => gate.run_id), { timeout: 120_000 }).toEqual(expect.arrayContaining([askingId, gatedId]));
  await request.dispose();
});
test.afterAll(async ({ playwright }) => {
  for (const [state, id] of [['E2E_STORAGE_STATE', askingId], ['E2E_COLLEAGUE_STATE', gatedId]] as const) {
    const request = await playwright.request.newContext({ baseURL: process.env['E2E_WEB_URL'], storageState: process.env[state] });
    await cancelRun(request, id);
    await request.dispose();
  }
});

const PAGES: { name: string; path: () => string; ready: string | RegExp }[] = [
  { name: 'home', path: () => '/', ready: 'What would you like to make?' },
  { name: 'catalog', path: () => '/workflows', ready: 'Catalog' },
  { name: 'catalog without a match', path: () => '/workflows?q=nothing-has-these-words', ready: 'Catalog' },
  { name: 'vary a run', path: () => `/workflows/${WORKFLOW}/vary?from=${runId}`, ready: /^Vary/ },
  { name: 'my workflows', path: () => '/my-workflows', ready: 'My workflows' },
  { name: 'operations', path: () => '/operations', ready: 'Operations' },
  { name: 'usage by workflow', path: () => '/usage?by=workflow', ready: 'Usage and budgets' },
  { name: 'form', path: () => `/workflows/${WORKFLOW}`, ready: 'Learn Agentic AI' },
  { name: 'mode ladder', path: () => `/workflows/${WORKFLOW}?tab=run_mode`, ready: 'Learn Agentic AI' },
  { name: 'story', path: () => `/runs/${runId}`, ready: 'Learn Agentic AI' },
  { name: 'artifacts', path: () => `/runs/${runId}?tab=artifacts`, ready: /Build a small agent/ },
  { name: 'timeline with details', path: () => `/runs/${runId}?tab=timeline&span=test/syllabus/1`, ready: 'Learn Agentic AI' },
  { name: 'graph', path: () => `/runs/${runId}?tab=graph`, ready: 'Learn Agentic AI' },
  { name: 'logs', path: () => `/runs/${runId}?tab=logs`, ready: 'Learn Agentic AI' },
  { name: 'a moment of the replay', path: () => `/runs/${runId}?at=700`, ready: 'Learn Agentic AI' },
  { name: 'a run from a file', path: () => '/runs/bundle', ready: 'Open a run from a file' },
  { name: 'inputs', path: () => `/runs/${runId}?tab=inputs`, ready: 'Learn Agentic AI' },
  { name: 'test beside full', path: () => `/runs/${fullId}?tab=diff`, ready: 'Learn Agentic AI' },
  { name: 'a run that asks', path: () => `/runs/${askingId}`, ready: 'Learn Agentic AI' },
  { name: 'compare', path: () => `/compare?ids=${runId},${otherId}`, ready: '2 runs side by side' },
  { name: 'nothing to compare', path: () => '/compare', ready: /compare/i },
  { name: 'approvals', path: () => '/approvals', ready: 'Approvals' },
  { name: 'crash drill', path: () => '/drill', ready: 'Crash drill' },
  { name: 'raw events', path: () => `/runs/${runId}?tab=events`, ready: 'Learn Agentic AI' },
  { name: 'history', path: () => '/runs', ready: 'Runs' },
  { name: 'history without a match', path: () => '/runs?q=nothing-has-these-words', ready: 'Runs' },
  { name: 'knowledge', path: () => '/knowledge', ready: 'Knowledge' },
  { name: 'knowledge, searched', path: () => '/knowledge?q=sample+ratio+mismatch', ready: 'Knowledge' },
  { name: 'a skill', path: () => '/knowledge/data/ab-testing', ready: 'A/B tests' },
  { name: 'providers', path: () => '/providers', ready: 'Providers' },
  { name: 'account', path: () => '/account', ready: 'Account' },
  { name: 'webhooks', path: () => '/webhooks', ready: 'Webhooks' },
  { name: 'a command line that asks', path: () => '/device', ready: 'Let a command line in' },
  { name: 'usage', path: () => '/usage', ready: 'Usage and budgets' },
  { name: 'run policy', path: () => '/policy', ready: 'Run policy' },
  { name: 'audit log', path: () => '/audit', ready: 'Audit log' },
  { name: 'users', path: () => '/users', ready: 'Users' },
  { name: 'help', path: () => '/help', ready: 'Help' },
  { name: 'not found', path: () => '/nowhere', ready: 'There is nothing at this address' },
  { name: 'sign in', path: () => '/sign-in', ready: 'Please sign in' },
];

/** Pages that are looked at side by side: loading one leaves time for another. */
const LANES = 3;
/** What another theme or width can break; everything else is the same document. `npm run test:full` looks for everything on all four. */
const COLOURS = ['color-contrast'];
const NARROW_AND_DARK = [...COLOURS, 'target-size'];
const EVERYTHING = process.env['FAULTS'] === 'full';

async function dark(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(page.locator('html')).toHaveClass(/dark/);
}

test('every page in both themes and widths: no fault, nothing sideways, nothing that its content security policy refuses', async ({ browser }) => {
  test.setTimeout(600_000);
  const context = await browser.newContext({ baseURL: process.env['E2E_WEB_URL'], storageState: process.env['E2E_STORAGE_STATE'], colorScheme: 'light', reducedMotion: 'reduce', viewport: { width: 1280, height: 800 } });
  const refused: string[] = [];
  context.on('console', (message) => { if (/Content Security Policy/i.test(message.text())) refused.push(`${new URL(message.page()?.url() ?? 'about:blank').pathname}: ${message.text()}`); });
  const left = [...PAGES];
  const look = async (page: Page, { name, path, ready }: (typeof PAGES)[number]): Promise<void> => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(path());
    await expect(page.getByRole('heading', { level: 1, name: ready }).last()).toBeVisible();
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    await expect.soft(page, name).toHaveTitle(/.+ · Agentic Workflow Platform$/);
    await expect(page.locator('html')).not.toHaveClass(/dark/);
    expect.soft(await seriousFaults(page), `${name}, light, 1280 px`).toEqual([]);
    await expectNothingSideways(page, `${name} sideways at 1280 px`);
    if (EVERYTHING) {
      await dark(page);
      expect.soft(await seriousFaults(page, COLOURS), `${name}, dark, 1280 px`).toEqual([]);
      await page.emulateMedia({ colorScheme: 'light' });
    }
    // 200 % on a window of 1280 px.
    await page.setViewportSize({ width: 640, height: 400 });
    await expectNothingSideways(page, `${name} sideways at 200 %`);
    await page.setViewportSize({ width: 360, height: 800 });
    await expectNothingSideways(page, `${name} sideways at 360 px`);
    if (EVERYTHING) expect.soft(await seriousFaults(page), `${name}, light, 360 px`).toEqual([]);
    await dark(page);
    expect.soft(await seriousFaults(page, NARROW_AND_DARK), `${name}, dark, 360 px`).toEqual([]);
  };
  await Promise.all(Array.from({ length: LANES }, async () => {
    const page = await context.newPage();
    for (let next = left.shift(); next; next = left.shift()) await look(page, next);
  }));
  expect.soft(refused).toEqual([]);
  await context.close();
});

/** The page below an open dialog is hidden from everybody and was looked at in the walk. */
const DIALOG = '[role="dialog"]';

test('with errors and with a dialog open there is no serious fault either', async ({ page }) => {
  await page.goto(`/workflows/${WORKFLOW}`);
  await page.getByRole('button', { name: 'Start Test' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'needs a change' })).toBeFocused();
  expect(await seriousFaults(page)).toEqual([]);
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog').getByRole('option').first()).toBeVisible();
  expect(await seriousFaults(page, undefined, DIALOG)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  expect(await seriousFaults(page, undefined, DIALOG)).toEqual([]);
  await page.goto('/providers');
  await page.locator('[data-provider="openai"]').getByRole('button', { name: 'Add key' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  expect(await seriousFaults(page, undefined, DIALOG)).toEqual([]);
  await page.goto(`/runs/${runId}`);
  await page.getByRole('button', { name: 'Run again' }).click();
  const dialog = page.getByRole('dialog', { name: 'Run it again' });
  await dialog.locator('[data-call="test/quiz/1"]').getByRole('button', { name: /Look, edit/ }).click();
  for (const fold of ['Inputs', 'Provider and model', 'Limits and stand-ins']) await dialog.getByText(fold, { exact: true }).click();
  await expect(dialog.getByRole('textbox', { name: 'Learning goal' })).toBeVisible();
  await expect(dialog.getByRole('textbox', { name: 'Prompt: What is asked' })).toBeVisible();
  expect(await seriousFaults(page, undefined, DIALOG)).toEqual([]);
});
