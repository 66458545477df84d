import { expect, type APIRequestContext, type Browser, type BrowserContext, type BrowserContextOptions } from '@playwright/test';

/** The second person of the tests (test/support/desk): a researcher with keys of her own, taken by the simulator. */
export const KEY = 'sk-e2e-colleague-0123456789';

export async function colleague(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  return browser.newContext({ baseURL: process.env['E2E_WEB_URL'], storageState: process.env['E2E_COLLEAGUE_STATE'], ...options });
}

/** Saves keys for these providers, as the Providers page does. */
export async function withKeys(request: APIRequestContext, ...providers: string[]): Promise<void> {
  for (const provider of providers) {
    const reply = await request.post('/api/v1/settings/secrets', { data: { provider, api_key: KEY, test: false }, headers: { origin: process.env['E2E_WEB_URL'] ?? '' } });
    expect(reply.status(), await reply.text()).toBeLessThan(300);
  }
}

/** Starts what only the tests can: `gated` a Full run of the colleague that needs an approval, `asking` a run of the administrator that asks. @returns its id */
export async function deskRun(kind: 'gated' | 'asking'): Promise<string> {
  const reply = await fetch(`${process.env['E2E_DESK_URL']}/${kind}`, { method: 'POST' });
  const said = await reply.text();
  expect(reply.status, said).toBe(200);
  return (JSON.parse(said) as { id: string }).id;
}

/** A fresh one-time sign-in link, as a start of the platform prints it. */
export async function deskLink(): Promise<string> {
  const reply = await fetch(`${process.env['E2E_DESK_URL']}/link`, { method: 'POST' });
  expect(reply.status).toBe(200);
  return `/sign-in?token=${((await reply.json()) as { token: string }).token}`;
}

/** Ends a live run, so that it asks nobody any more. */
export async function cancelRun(request: APIRequestContext, id: string): Promise<void> {
  const reply = await request.post(`/api/v1/runs/${id}/cancel`, { headers: { origin: process.env['E2E_WEB_URL'] ?? '' } });
  expect(reply.status(), await reply.text()).toBe(202);
}

/** Remote control of the simulator. */
export async function simulator(path: 'rules' | 'reset', body: object = {}): Promise<void> {
  const reply = await fetch(`${process.env['E2E_SIMULATOR_URL']}/__control/${path}`, { method: 'POST', body: JSON.stringify(body) });
  expect(reply.status).toBe(200);
}

/** A run over the API, to its end. @returns its id */
export async function apiRun(request: APIRequestContext, body: object, status = 'completed'): Promise<string> {
  const reply = await request.post('/api/v1/runs', { data: body, headers: { origin: process.env['E2E_WEB_URL'] ?? '' } });
  expect(reply.status(), await reply.text()).toBe(201);
  const { id } = (await reply.json()) as { id: string };
  await expect.poll(async () => ((await (await request.get(`/api/v1/runs/${id}`)).json()) as { status: string }).status, { timeout: 120_000 }).toBe(status);
  return id;
}
