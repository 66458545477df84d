import { expect, test } from '@playwright/test';
import { RunPage, seriousFaults } from './support/pages.ts';
import { deskLink } from './support/people.ts';

/** The first file by name: the administrator has made nothing yet, and Home offers the first run. */
const SECONDS = 90;
const CLICKS = 4;

test('from the sign-in link to a finished demo run: four clicks at most, nothing typed, and what it made, did and cost is there to see', async ({ browser }) => {
  const link = await deskLink();
  const context = await browser.newContext({ baseURL: process.env['E2E_WEB_URL'], storageState: { cookies: [], origins: [] }, viewport: { width: 1280, height: 800 } });
  // Counted by the page itself, whoever causes them.
  await context.addInitScript(() => {
    for (const [event, key] of [['click', 'clicks'], ['keydown', 'keys']] as const) {
      addEventListener(event, ({ isTrusted }) => { if (isTrusted) sessionStorage.setItem(key, String(Number(sessionStorage.getItem(key)) + 1)); }, { capture: true });
    }
  });
  const page = await context.newPage();
  const counted = (key: 'clicks' | 'keys'): Promise<number> => page.evaluate((name) => Number(sessionStorage.getItem(name)), key);
  let began = Date.now();
  await page.goto(link);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What would you like to make?');
  await expect(page.getByRole('list', { name: 'I am a' }).getByRole('link')).toHaveText(['Student', 'Researcher', 'ML engineer', 'Data scientist', 'AI architect', 'Executive']);
  // Nobody but a newcomer sees this page; looking at it takes none of their time.
  const looking = Date.now();
  expect(await seriousFaults(page)).toEqual([]);
  began += Date.now() - looking;
  await page.getByRole('button', { name: 'Run the demo' }).click();
  await page.waitForURL(/\/runs\//);
  const run = new RunPage(page);
  await run.ended('completed');
  const header = page.locator('[data-slot="run-header"]');
  await expect(header).toContainText('$0');
  await expect(header.getByText('Demo', { exact: true })).toBeVisible();
  await expect(run.panel.getByRole('heading', { level: 3 }).first()).toBeVisible();
  // Without scrolling: what is explained, how the result begins, what it would have cost, and the next step.
  await expect(page.getByRole('complementary', { name: 'Hint 1 of 3' })).toBeInViewport({ ratio: 1 });
  await expect(page.locator('[data-slot="excerpt"]')).toContainText('Where you stand');
  await expect(page.locator('[data-slot="excerpt"]')).toBeInViewport({ ratio: 1 });
  await expect(page.locator('[data-slot="demo-notes"]')).toContainText('would be ≈ $0.0');
  for (const next of ['Now run it fully', 'Kill the worker and watch']) await expect(page.getByRole('link', { name: next })).toBeInViewport({ ratio: 1 });
  expect(await page.evaluate<number>('window.scrollY')).toBe(0);
  await page.getByRole('button', { name: 'Read the result' }).click();
  await expect(run.panel.getByRole('article').getByRole('heading', { level: 1 })).toBeVisible();
  const took = (Date.now() - began) / 1000;
  console.log(`  from the link to the notes: ${took.toFixed(1)} s of ${SECONDS}, ${await counted('clicks')} clicks of ${CLICKS}`);
  expect(took).toBeLessThanOrEqual(SECONDS);
  expect(await counted('clicks')).toBeLessThanOrEqual(CLICKS);
  expect(await counted('keys')).toBe(0);
  await page.getByRole('button', { name: 'Next hint' }).click();
  await expect(page.getByRole('complementary', { name: 'Hint 2 of 3' })).toContainText('The story tells every step');
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Next hint' }).click();
  await page.getByRole('complementary', { name: 'Hint 3 of 3' }).getByRole('button', { name: 'Understood' }).click();
  await page.reload();
  await expect(page.getByRole('link', { name: 'Now run it fully' })).toBeVisible();
  await expect(page.locator('[data-slot="hint"]')).toHaveCount(0);
  await context.close();
});
