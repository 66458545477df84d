import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { projectRoot } from '#scripts/launch/paths';
import { GOAL, WORKFLOW } from '../e2e/support/pages.ts';
import { apiRun, deskRun } from '../e2e/support/people.ts';

/** Every screen in both themes and widths, into docs/screens. Small on purpose: what stands above the fold, as JPEG. */
const folder = join(projectRoot, 'docs/screens');
const QUALITY = 55;

test('screens', async ({ browser, request }) => {
  test.setTimeout(900_000);
  mkdirSync(folder, { recursive: true });
  const body = (change: object) => ({ workflow_id: WORKFLOW, run_mode: 'test_run', provider: 'demo', inputs: { learning_goal: GOAL, timebox_minutes: 60 }, ...change });
  const test1 = await apiRun(request, body({}));
  const test2 = await apiRun(request, body({ inputs: { learning_goal: GOAL, timebox_minutes: 30 } }));
  const full = await apiRun(request, body({ run_mode: 'full_run' }));
  const [asking] = await Promise.all([deskRun('asking'), deskRun('gated')]);
  await expect.poll(async () => ((await (await request.get('/api/v1/approvals')).json()) as unknown[]).length, { timeout: 120_000 }).toBeGreaterThanOrEqual(2);
  const screens: Record<string, string> = {
    'home': '/', 'catalog': '/workflows', 'form': `/workflows/${WORKFLOW}?preset=first_agent`, 'mode-ladder': `/workflows/${WORKFLOW}?tab=run_mode`, 'run-story': `/runs/${full}`, 'run-notes': `/runs/${full}?tab=artifacts`, 'run-waiting': `/runs/${asking}`,
    'history': '/runs', 'compare': `/compare?ids=${test1},${test2}`, 'vary': `/workflows/${WORKFLOW}/vary?from=${test1}`, 'approvals': '/approvals', 'usage': '/usage', 'providers': '/providers', 'account': '/account', 'users': '/users',
    'policy': '/policy', 'audit': '/audit', 'operations': '/operations', 'knowledge': '/knowledge', 'skill': '/knowledge/data/ab-testing', 'drill': '/drill', 'help': '/help', 'sign-in': '/sign-in', 'not-found': '/nowhere',
  };
  const context = await browser.newContext({ baseURL: process.env['E2E_WEB_URL'], storageState: process.env['E2E_STORAGE_STATE'], reducedMotion: 'reduce', viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  for (const [name, path] of Object.entries(screens)) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 }).last()).toBeVisible();
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    await page.evaluate('document.fonts.ready');
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await expect(page.locator(colorScheme === 'dark' ? 'html.dark' : 'html:not(.dark)')).toHaveCount(1);
        await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${width}.jpg`), type: 'jpeg', quality: QUALITY, animations: 'disabled' });
      }
    }
  }
  await context.close();
});
