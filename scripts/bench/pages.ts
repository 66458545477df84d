import { chromium, type Browser, type Page } from '@playwright/test';
import { findChromium } from '../launch/chromium.ts';
import type { Bench } from './bench.ts';
import { LongLog } from './long-log.ts';
import { mainThread } from './long-tasks.ts';

const EVENTS = 10_000;
/** issue 7: the main thread is never blocked for longer */
const BUDGET_MS = 200;
const LIVE_SECONDS = 5;
const LIVE_EVENTS_PER_SECOND = 40;
const TRACED = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'];

/** A run of 10,000 events on the run page: opened while it is live, looked at from every side, added to, and played when it has
 * ended. For each, how long the page's main thread was blocked at most, from Chromium's own trace. */
export async function measurePages(bench: Bench): Promise<void> {
  const { stack, simulator, tell } = bench;
  tell('the web pages');
  const web = await stack.startWeb(tell);
  // The run stays in its first call while its log is made long.
  await simulator.delay(600_000);
  const executablePath = findChromium(process.env);
  if (executablePath === null) throw new Error('no Chromium on PATH: "npm run doctor" tells how to get one');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
  try {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    await page.goto(web.signInUrl);
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
    await measureRun(bench, browser, page, web.url);
  } finally {
    await browser.close();
    await simulator.delay(0);
  }
}

async function measureRun({ stack, tell, record }: Bench, browser: Browser, page: Page, web: string): Promise<void> {
  const started = await page.request.post(`${web}/api/v1/runs`, { data: { workflow_id: 'learn_agentic_ai', run_mode: 'test_run', provider: 'demo', inputs: { learning_goal: 'Build a small agent that calls tools, and understand why it sometimes fails' } }, headers: { origin: web } });
  if (started.status() !== 201) throw new Error(`the run did not start: ${await started.text()}`);
  const { id } = (await started.json()) as { id: string };
  const address = `${web}/runs/${id}`;
  await page.goto(address);
  await page.getByText('Waiting for the first words').first().waitFor({ timeout: 60_000 });
  tell(`${EVENTS.toLocaleString('en')} events`);
  const log = new LongLog(stack.addresses.databaseUrl, id);
  const measure = async (key: string, label: string, work: () => Promise<void>): Promise<void> => {
    tell(label);
    await browser.startTracing(page, { categories: TRACED });
    const since = performance.now();
    await work();
    const seconds = (performance.now() - since) / 1000;
    const { tasks, longestMs, longestCpuMs } = mainThread((await browser.stopTracing()).toString('utf8'));
    // Of a page that had to wait for the processor its own work is judged; as it went by stands beside it.
    record({ key: `page.${key}.blocked`, label: `run page of 10,000 events, ${label}: longest block${longestCpuMs === null ? '' : ', processor time'}`, unit: 'ms', value: longestCpuMs ?? longestMs, detail: `as it went by ${Math.round(longestMs)} ms; ${tasks.filter((ms) => ms > 50).length} tasks above 50 ms in ${seconds.toFixed(1)} s`, budget: BUDGET_MS });
  };
  const count = async (): Promise<number> => Number((await page.getByRole('tab', { name: /^Raw events/ }).innerText()).replaceAll(/\D/g, ''));
  const until = async (least: number): Promise<void> => { while ((await count()) < least) await page.waitForTimeout(100); };
  try {
    await log.write(EVENTS);
    await page.goto('about:blank');
    await measure('open', 'opened while it runs', async () => { await page.goto(address); await until(EVENTS); });
    await measure('views', 'every view, scrolled, searched, zoomed', () => everyView(page));
    await measure('live', `${LIVE_EVENTS_PER_SECOND} new events a second`, async () => {
      await page.getByRole('tab', { name: 'Story' }).click();
      for (let second = 0; second < LIVE_SECONDS; second += 1) {
        const before = await count();
        await log.write(LIVE_EVENTS_PER_SECOND);
        await until(before + LIVE_EVENTS_PER_SECOND);
      }
    });
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByRole('button', { name: 'Replay' }).waitFor({ timeout: 60_000 });
    await measure('replay', 'replayed and scrubbed', () => replay(page));
  } finally {
    await log.close();
  }
}

async function everyView(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Timeline' }).click();
  const tree = page.getByRole('tree', { name: 'Timeline' });
  await tree.focus();
  for (let turn = 0; turn < 20; turn += 1) await tree.evaluate((element, share) => { element.scrollTop = element.scrollHeight * share; }, turn / 20);
  for (const key of ['Home', '.', '+', '+', 'ArrowDown', '0', 'End']) await page.keyboard.press(key);
  await page.getByRole('searchbox', { name: 'Find a row' }).fill('Attempt 2');
  await page.getByText(/rows of/).waitFor();
  for (const name of ['Graph', 'Logs', 'Raw events', 'Artifacts', 'Story'] as const) {
    await page.getByRole('tab', { name }).click();
    await page.getByRole('tabpanel').waitFor();
  }
  await page.getByRole('tab', { name: 'Logs' }).click();
  await page.getByRole('searchbox', { name: 'Search the log' }).fill('step 99');
}

async function replay(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Replay' }).click();
  const scrubber = page.getByRole('slider', { name: 'Moment of the run' });
  await scrubber.waitFor();
  await page.waitForTimeout(2000);
  await scrubber.focus();
  for (const key of ['End', 'PageUp', 'PageUp', 'ArrowLeft', 'Home', 'PageUp', 'PageUp']) await page.keyboard.press(key);
  await page.getByRole('tab', { name: 'Timeline' }).click();
  await page.waitForTimeout(1000);
}
