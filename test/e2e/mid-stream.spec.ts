import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { GOAL, RunPage, WORKFLOW } from './support/pages.ts';
import { simulator } from './support/people.ts';

test.afterEach(() => simulator('reset'));

const apiPid = (): number => (JSON.parse(readFileSync(join(process.env['E2E_HOME'] ?? '', 'run/api.pid'), 'utf8')) as { pid: number }).pid;

test('loaded anew, and with the API killed, in the middle of a stream: the page says so, goes on by itself, and tells the whole run', async ({ page, request }) => {
  // The first call comes a byte at a time, for about as long as the API needs to come back.
  await simulator('rules', { fault: { kind: 'slow-drip', everyMs: 4 }, nth: 1 });
  const started = await request.post('/api/v1/runs', { data: { workflow_id: WORKFLOW, run_mode: 'test_run', provider: 'demo', inputs: { learning_goal: GOAL, timebox_minutes: 15 } }, headers: { origin: process.env['E2E_WEB_URL'] ?? '' } });
  expect(started.status(), await started.text()).toBe(201);
  const run = new RunPage(page);
  await run.open(((await started.json()) as { id: string }).id);
  const writing = page.locator('[data-slot="completion"][data-status="running"]').getByRole('group', { name: /text of the model/ });
  await expect(writing).toContainText(/\S{3}/);
  const firstWords = (await writing.innerText()).trim().slice(0, 12);
  await page.reload();
  // Whoever comes late reads it from its first words.
  await expect(writing).toContainText(firstWords);

  const killed = apiPid();
  process.kill(killed, 'SIGKILL');
  await expect(page.locator('[data-slot="link-bar"]')).toContainText(/the run is unaffected/i);
  await expect.poll(apiPid, { timeout: 60_000 }).not.toBe(killed);
  await run.ended('completed');
  await expect(page.locator('[data-slot="link-bar"]')).toHaveCount(0);
  const live = await run.story();
  await page.reload();
  await expect.poll(() => run.story()).toBe(live);
});
