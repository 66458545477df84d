import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type FullConfig } from '@playwright/test';
import { findChromium } from '#scripts/launch/chromium';
import { localKeys } from '#scripts/launch/keys';
import { runningStack, type StackUrls } from '#scripts/launch/lock';
import { projectRoot } from '#scripts/launch/paths';
import { anyFreePort } from '#scripts/launch/ports';
import { databaseUrl } from '#scripts/launch/postgres';
import { CHROMIUM_ARGUMENTS } from './chromium.ts';
import { KEPT_ENVIRONMENT } from './folders.ts';
import { startProcess, type ProcessUnderTest } from './worker-process.ts';

const START_TIMEOUT_MS = 180_000;

/** One running installation: the product as a person starts it, in a home of its own on free ports. */
export interface Installation {
  home: string; web: string; api: string; apiKey: string;
  /** speaks for the demo provider, OpenAI and Anthropic */
  simulator: string;
  /** the administrator's session, as a browser keeps it */
  adminState: string;
  /** a second person's, a researcher's, and the runs only tests can start (test/support/desk) */
  colleagueState: string; desk: string;
  stop(): Promise<void>;
}

/** One installation for each of Playwright's workers: what a test breaks on purpose (providers, rules, settings) reaches no test beside it.
 * `E2E_INSTALLATIONS` holds their addresses; each worker takes its own (playwright.config.ts) as E2E_WEB_URL, E2E_API_URL, E2E_API_KEY,
 * E2E_HOME, E2E_SIMULATOR_URL, E2E_STORAGE_STATE, E2E_COLLEAGUE_STATE and E2E_DESK_URL. */
export default async function startStack({ workers }: FullConfig): Promise<() => Promise<void>> {
  const started = await Promise.allSettled(Array.from({ length: workers }, startInstallation));
  const stacks = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const stop = async () => { await Promise.all(stacks.map((stack) => stack.stop())); };
  const failed = started.find((one) => one.status === 'rejected');
  if (failed) { await stop(); throw failed.reason; }
  process.env['E2E_INSTALLATIONS'] = JSON.stringify(stacks.map((stack) => ({ E2E_WEB_URL: stack.web, E2E_API_URL: stack.api, E2E_API_KEY: stack.apiKey, E2E_HOME: stack.home, E2E_SIMULATOR_URL: stack.simulator, E2E_STORAGE_STATE: stack.adminState, E2E_COLLEAGUE_STATE: stack.colleagueState, E2E_DESK_URL: stack.desk })));
  return stop;
}

/** Starts the whole product (`scripts/start.mjs --no-open`), signs in once with the one-time link, and makes the second person. */
export async function startInstallation(): Promise<Installation> {
  const home = mkdtempSync(join(tmpdir(), 'awp-e2e-'));
  const apiKey = randomBytes(32).toString('base64url');
  const signInToken = randomBytes(32).toString('base64url');
  const ports = { demo: await anyFreePort(), postgres: await anyFreePort(), temporal: await anyFreePort() };
  const simulator = `http://127.0.0.1:${ports.demo}`;
  const vendors = { OPENAI_BASE_URL: `${simulator}/v1`, ANTHROPIC_BASE_URL: simulator, AWP_RETRY_BASE_MS: '100', AWP_BREAKER_OPEN_MS: '1000' };
  const launcher = spawn(process.execPath, [join(projectRoot, 'scripts/start.mjs'), '--no-open'], {
    cwd: projectRoot,
    env: {
      ...process.env,
      ...KEPT_ENVIRONMENT,
      ...vendors,
      AWP_HOME: home,
      AWP_BOOTSTRAP_API_KEY: apiKey,
      AWP_SIGN_IN_TOKEN: signInToken,
      AWP_RUN_STARTS_PER_MINUTE: '0',
      TRUST_PROXY_HOPS: '1', // the pages' server
      SIMULATOR_CONTROL: '1', // fault injection and call counters of the demo provider
      // A person reads 15 ms a word; a test that needs a slow answer asks for one by a rule.
      SIMULATOR_DELAY_MS: '1',
      ...Object.fromEntries(['API_PORT', 'WEB_PORT', 'TEMPORAL_UI_PORT'].map((name) => [name, '0'])),
      DEMO_PORT: String(ports.demo), POSTGRES_PORT: String(ports.postgres), TEMPORAL_PORT: String(ports.temporal),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [launcher.stdout, launcher.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const exited = new Promise<void>((resolve) => launcher.once('close', () => resolve()));
  let desk: ProcessUnderTest | null = null;
  const stop = async () => {
    await desk?.kill('SIGTERM');
    launcher.kill('SIGTERM');
    await exited;
    rmSync(home, { recursive: true, force: true });
  };
  try {
    const urls = await waitForUrls(home, () => launcher.exitCode !== null);
    const adminState = await signIn(`${urls.web}/sign-in?token=${signInToken}`, home);
    const keys = localKeys(home);
    desk = await startProcess('test/support/desk/main.ts', {
      ...vendors, AWP_HOME: home, AWP_MASTER_KEY: keys.masterKey, DATABASE_URL: databaseUrl({ port: ports.postgres, password: keys.postgresPassword }), TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}`,
      DEMO_BASE_URL: `${simulator}/v1`, ARTIFACTS_URL: `file:${join(home, 'artifacts')}`, WORKER_TASK_QUEUE: 'e2e-desk', AWP_PAYLOAD_ENCRYPTION: 'off', LOG_LEVEL: 'warn',
    });
    return { home, web: urls.web, api: urls.api, apiKey, simulator, adminState, colleagueState: await colleagueState(desk.url ?? '', urls.web, home), desk: desk.url ?? '', stop };
  } catch (error) {
    await stop();
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n--- the launcher said:\n${output}`, { cause: error });
  }
}

async function waitForUrls(home: string, isOver: () => boolean): Promise<StackUrls> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && !isOver()) {
    const urls = runningStack(home)?.urls;
    if (urls != null) return urls;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(isOver() ? 'the stack did not start' : `the stack was not ready after ${START_TIMEOUT_MS / 1000} s`);
}

/** Follows the one-time link in a real browser; the session is kept for all tests. */
async function signIn(link: string, home: string): Promise<string> {
  const browser = await chromium.launch({ executablePath: findChromium(process.env) ?? undefined, args: CHROMIUM_ARGUMENTS });
  try {
    const page = await browser.newPage();
    await page.goto(link);
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'), { timeout: 60_000 });
    const path = join(home, 'session.json');
    await page.context().storageState({ path });
    return path;
  } finally {
    await browser.close();
  }
}

/** The second person's session, as a browser keeps it. */
async function colleagueState(deskUrl: string, web: string, home: string): Promise<string> {
  const { token } = (await (await fetch(`${deskUrl}/session`, { method: 'POST' })).json()) as { token: string };
  const path = join(home, 'colleague.json');
  writeFileSync(path, JSON.stringify({ cookies: [{ name: 'awp_session', value: token, domain: new URL(web).hostname, path: '/', expires: -1, httpOnly: true, secure: false, sameSite: 'Lax' }], origins: [] }));
  return path;
}
