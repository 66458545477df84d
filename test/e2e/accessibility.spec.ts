import { expect, test } from '@playwright/test';
import { demoRun, seriousFaults, sidewaysOverflow, WORKFLOW } from './support/pages.ts';

let runId = '';
test.beforeAll(async ({ browser }) => {
  const context = await browser.newContext({ baseURL: process.env['E2E_WEB_URL'], storageState: process.env['E2E_STORAGE_STATE'] });
  runId = await demoRun(await context.newPage());
  await context.close();
});

const PAGES: { name: string; path: () => string; ready: string | RegExp }[] = [
  { name: 'catalog', path: () => '/', ready: 'What would you like to make?' },
  { name: 'form', path: () => `/workflows/${WORKFLOW}`, ready: 'Learn Agentic AI' },
  { name: 'mode ladder', path: () => `/workflows/${WORKFLOW}?tab=run_mode`, ready: 'Learn Agentic AI' },
  { name: 'story', path: () => `/runs/${runId}`, ready: 'Learn Agentic AI' },
  { name: 'artifacts', path: () => `/runs/${runId}?tab=artifacts`, ready: /Build a small agent/ },
  { name: 'inputs', path: () => `/runs/${runId}?tab=inputs`, ready: 'Learn Agentic AI' },
  { name: 'raw events', path: () => `/runs/${runId}?tab=events`, ready: 'Learn Agentic AI' },
  { name: 'history', path: () => '/runs', ready: 'Runs' },
  { name: 'history without a match', path: () => '/runs?q=nothing-has-these-words', ready: 'Runs' },
  { name: 'knowledge', path: () => '/knowledge', ready: 'Knowledge' },
  { name: 'knowledge, searched', path: () => '/knowledge?q=sample+ratio+mismatch', ready: 'Knowledge' },
  { name: 'a skill', path: () => '/knowledge/data/ab-testing', ready: 'A/B tests' },
  { name: 'providers', path: () => '/providers', ready: 'Providers' },
  { name: 'help', path: () => '/help', ready: 'Help' },
  { name: 'not found', path: () => '/nowhere', ready: 'There is nothing at this address' },
  { name: 'sign in', path: () => '/sign-in', ready: 'Please sign in' },
];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 360]) {
    test(`every page, ${colorScheme}, ${width} px: no serious fault, nothing sideways`, async ({ browser }) => {
      test.setTimeout(180_000);
      const context = await browser.newContext({ baseURL: process.env['E2E_WEB_URL'], storageState: process.env['E2E_STORAGE_STATE'], colorScheme, reducedMotion: 'reduce', viewport: { width, height: 800 } });
      const page = await context.newPage();
      for (const { name, path, ready } of PAGES) {
        await test.step(name, async () => {
          await page.goto(path());
          await expect(page.getByRole('heading', { level: 1, name: ready }).last()).toBeVisible();
          await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
          expect.soft(await seriousFaults(page), name).toEqual([]);
          expect.soft(await sidewaysOverflow(page), `${name} sideways`).toBeLessThanOrEqual(0);
          expect.soft(await page.title(), name).toMatch(/.+ · Agentic Workflow Platform$/);
        });
      }
      await context.close();
    });
  }
}

test('with errors and with a dialog open there is no serious fault either', async ({ page }) => {
  await page.goto(`/workflows/${WORKFLOW}`);
  await page.getByRole('button', { name: 'Start Test' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'needs a change' })).toBeFocused();
  expect(await seriousFaults(page)).toEqual([]);
  await page.goto('/providers');
  await page.locator('[data-provider="openai"]').getByRole('button', { name: 'Add key' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  expect(await seriousFaults(page)).toEqual([]);
});
