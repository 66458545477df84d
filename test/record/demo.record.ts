import { expect, test } from '@playwright/test';
import { RunnerPage, RunPage } from '../e2e/support/pages.ts';

const SECONDS = 60;
const ACCOUNT = { name: 'Ada', email: 'ada@example.test', password: 'a long phrase for the film 7' };

/** Sign-in → provider → Learn Agentic AI → Test → notes with next steps, as a person does it, within a minute. */
test('the demo, from signing in to the notes', async ({ browser, request }) => {
  const reply = await request.post('/api/v1/account/credentials', { data: ACCOUNT, headers: { origin: process.env['E2E_WEB_URL'] ?? '' } });
  expect(reply.status(), await reply.text()).toBeLessThan(300);
  const context = await browser.newContext({ baseURL: process.env['E2E_WEB_URL'], storageState: { cookies: [], origins: [] }, viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const began = Date.now();

  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(ACCOUNT.email);
  await page.getByLabel('Password', { exact: true }).fill(ACCOUNT.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'What would you like to make?' })).toBeVisible();

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Providers' }).click();
  await expect(page.locator('[data-provider="demo"]')).toContainText('Ready, no key needed');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Catalog' }).click();
  await page.getByRole('tabpanel').getByRole('link', { name: 'Learn Agentic AI' }).click();

  const runner = new RunnerPage(page);
  await page.getByRole('button', { name: 'My first agent in an hour' }).click();
  await runner.launch();
  const run = new RunPage(page);
  await run.ended('completed');
  await page.getByRole('button', { name: 'Read the result' }).click();
  const next = run.panel.getByRole('article').getByRole('heading', { name: /next steps/i });
  await next.scrollIntoViewIfNeeded();
  await expect(next).toBeVisible();

  const took = (Date.now() - began) / 1000;
  console.log(`\n  From signing in to the notes: ${took.toFixed(1)} s (at most ${SECONDS}).`);
  expect(took).toBeLessThanOrEqual(SECONDS);
  await context.close();
});
