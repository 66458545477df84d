import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type CDPSession, type Page } from '@playwright/test';
import { projectRoot } from '#scripts/launch/paths';
import { GOAL, WORKFLOW } from '../e2e/support/pages.ts';
import { apiRun, deskRun } from '../e2e/support/people.ts';

/** Every screen in both themes and widths, into docs/screens. Small on purpose: what stands above the fold, as WebP, which Chromium writes itself. */
const folder = join(projectRoot, 'docs/screens');
const QUALITY = 80;

/** Of what is in sight, as a person with this theme and width sees it. */
async function picture(cdp: CDPSession, name: string): Promise<void> {
  const { data } = await cdp.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  writeFileSync(join(folder, `${name}.webp`), Buffer.from(data, 'base64'));
}

/** Fonts are there, and what the page says has stayed the same for half a second. */
async function settled(page: Page): Promise<void> {
  await page.evaluate('document.fonts.ready');
  let before = '';
  await expect.poll(async () => { const last = before; before = await page.locator('main').innerText(); return before === last; }, { intervals: [500] }).toBe(true);
}

/** The colours of the other theme have arrived: no transition goes on, and two frames were drawn. */
async function painted(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    await Promise.allSettled(document.getAnimations().filter((animation) => animation instanceof CSSTransition).map((animation) => animation.finished));
    await new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); });
  })()`);
}

test('screens', async ({ browser, request }) => {
  test.setTimeout(900_000);
  mkdirSync(folder, { recursive: true });
  const body = (change: object) => ({ workflow_id: WORKFLOW, run_mode: 'test_run', provider: 'demo', inputs: { learning_goal: GOAL, timebox_minutes: 60 }, ...change });
  const test1 = await apiRun(request, body({}));
  const test2 = await apiRun(request, body({ inputs: { learning_goal: GOAL, timebox_minutes: 30 } }));
  const full = await apiRun(request, body({ run_mode: 'full_run' }));
  const [asking, gated] = await Promise.all([deskRun('asking'), deskRun('gated')]);
  await expect.poll(async () => ((await (await request.get('/api/v1/approvals')).json()) as unknown[]).length, { timeout: 120_000 }).toBeGreaterThanOrEqual(2);
  const screens: Record<string, string> = {
    'home': '/', 'catalog': '/workflows', 'form': `/workflows/${WORKFLOW}?preset=first_agent`, 'mode-ladder': `/workflows/${WORKFLOW}?tab=run_mode`, 'run-story': `/runs/${full}`, 'run-notes': `/runs/${full}?tab=artifacts`, 'run-timeline': `/runs/${full}?tab=timeline&span=test/syllabus/1`, 'run-graph': `/runs/${full}?tab=graph`, 'run-events': `/runs/${full}?tab=events`, 'run-inputs': `/runs/${full}?tab=inputs`, 'test-beside-full': `/runs/${full}?tab=diff`, 'run-waiting': `/runs/${asking}`, 'run-decide': `/runs/${gated}`,
    'history': '/runs', 'my-workflows': '/my-workflows', 'compare': `/compare?ids=${test1},${test2}`, 'vary': `/workflows/${WORKFLOW}/vary?from=${test1}`, 'approvals': '/approvals', 'usage': '/usage', 'providers': '/providers', 'account': '/account', 'users': '/users',
    'policy': '/policy', 'audit': '/audit', 'operations': '/operations', 'knowledge': '/knowledge?q=sample+ratio+mismatch', 'skill': '/knowledge/data/ab-testing', 'drill': '/drill', 'help': '/help', 'sign-in': '/sign-in', 'not-found': '/nowhere',
  };
  const context = await browser.newContext({ baseURL: process.env['E2E_WEB_URL'], storageState: process.env['E2E_STORAGE_STATE'], reducedMotion: 'reduce', viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  for (const [name, path] of Object.entries(screens)) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 }).last()).toBeVisible();
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    // A view comes with its own code: before that there is neither a busy mark nor a word.
    for (const view of await page.getByRole('tabpanel').all()) await expect(view).not.toBeEmpty();
    await settled(page);
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      // On a phone the views of a run begin below the fold: the picture of a view shows the view.
      const views = page.getByRole('tablist', { name: 'Views of this run' });
      if (width === 360 && path.includes('tab=') && (await views.count()) > 0) await views.evaluate((element) => element.scrollIntoView({ block: 'start', behavior: 'instant' }));
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await expect(page.locator(colorScheme === 'dark' ? 'html.dark' : 'html:not(.dark)')).toHaveCount(1);
        await painted(page);
        await picture(cdp, `${name}-${colorScheme}-${width}`);
      }
    }
  }
  await context.close();
});
