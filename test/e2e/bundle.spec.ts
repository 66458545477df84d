import { gzipSync } from 'node:zlib';
import { expect, test, type Page } from '@playwright/test';
import { demoRun } from './support/pages.ts';

/** Budgets in KB as they go over the wire (gzip). What counts is what a browser fetched, not what a build report says. */
const FIRST_LOAD_KB = 250;
const RUN_PAGE_MORE_KB = 180;

/** Scripts that a cold browser fetches for a page, by address. */
async function scriptsOf(page: Page, path: string, ready: () => Promise<unknown>): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  const pending: Promise<void>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script' || response.status() !== 200) return;
    pending.push(response.body().then((body) => { sizes.set(new URL(response.url()).pathname, gzipSync(body).byteLength / 1024); }, () => undefined));
  });
  await page.goto(path);
  await ready();
  await page.waitForLoadState('networkidle');
  await Promise.all(pending);
  page.removeAllListeners('response');
  return sizes;
}
const sum = (sizes: Iterable<number>): number => Math.round([...sizes].reduce((total, size) => total + size, 0));

test('first load and run page stay within their budgets', async ({ page, browser }) => {
  const id = await demoRun(page);
  const cold = async () => (await browser.newContext({ baseURL: process.env['E2E_WEB_URL'], storageState: process.env['E2E_STORAGE_STATE'], viewport: { width: 1280, height: 800 } })).newPage();
  const home = await cold();
  const first = await scriptsOf(home, '/sign-in', () => expect(home.getByRole('heading', { level: 1 })).toBeVisible());
  const run = await cold();
  const live = await scriptsOf(run, `/runs/${id}`, async () => {
    // The text of the run is drawn, so its parser is among what was fetched.
    await expect(run.locator('[data-slot="completion"] .markdown').first()).toBeVisible();
    await expect(run.locator('[data-slot="markdown-source"]')).toHaveCount(0);
  });
  const more = sum([...live].filter(([address]) => !first.has(address)).map(([, size]) => size));
  console.log(`  first load ${sum(first.values())} KB of ${FIRST_LOAD_KB}, run page + ${more} KB of ${RUN_PAGE_MORE_KB}`);
  expect(sum(first.values())).toBeLessThanOrEqual(FIRST_LOAD_KB);
  expect(more).toBeLessThanOrEqual(RUN_PAGE_MORE_KB);
  await Promise.all([home.context().close(), run.context().close()]);
});
