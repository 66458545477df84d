import { randomUUID } from 'node:crypto';
import { expect, test, type APIRequestContext, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { GOAL, RunnerPage, RunPage, WORKFLOW } from './support/pages.ts';
import { apiRun, cancelRun, colleague, deskRun } from './support/people.ts';

/** Issue 6, "Done when": what a role may not do is not offered, is refused by the API when forced with that browser's own session,
 * and stands in the audit log as the administrator reads it. The whole table of roles and operations is asked in
 * test/integration/permission-matrix.test.ts; here a dozen of each are tried as a person would. */
interface Attempt { method: string; path: string; body?: object; status: 403 | 404; /** what the audit log names; the address where it is left out */ resource?: string }

const ADMIN_PAGES = ['Users', 'Run policy', 'Operations', 'Audit log'];
const ADMIN_ADDRESSES: Record<string, string> = { Users: '/users', 'Run policy': '/policy', Operations: '/operations', 'Audit log': '/audit' };
const ORIGIN = { origin: process.env['E2E_WEB_URL'] ?? '' };

/** What only administrators do, asked in the shape that the API takes. */
const administration = (self: string): Attempt[] => [
  { method: 'GET', path: '/api/v1/users', status: 403 },
  { method: 'PUT', path: `/api/v1/users/${self}`, body: { role: 'admin' }, status: 403 },
  { method: 'POST', path: '/api/v1/invitations', body: { email: 'friend@example.test', role: 'admin' }, status: 403 },
  { method: 'PUT', path: '/api/v1/run-policy', body: { version: 0, rules: [] }, status: 403 },
  { method: 'PUT', path: '/api/v1/budgets', body: { scope: 'workspace', period: 'month', metric: 'cost', limit: 0 }, status: 403 },
  { method: 'PUT', path: '/api/v1/settings/fallback', body: { chain: [] }, status: 403 },
  { method: 'GET', path: '/api/v1/usage?everybody=true', status: 403, resource: 'route/api/v1/usage' },
  { method: 'GET', path: '/api/v1/operations', status: 403 },
  { method: 'PUT', path: '/api/v1/pause', body: { paused: true, reason: 'just because' }, status: 403 },
  { method: 'POST', path: '/api/v1/keys/rotate', status: 403 },
  { method: 'GET', path: '/api/v1/audit', status: 403 },
  { method: 'POST', path: '/api/v1/tokens', body: { name: 'wider', scopes: ['users:manage'] }, status: 403 },
];

/** Sends them from the page itself, as its own script could. */
async function force(page: Page, attempts: readonly Attempt[]): Promise<void> {
  const answers = await page.evaluate(async (list) => {
    const seen: { status: number; type: string | null; code: unknown }[] = [];
    for (const { method, path, body } of list) {
      const reply = await fetch(path, { method, ...(body ? { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) } : {}) });
      seen.push({ status: reply.status, type: reply.headers.get('content-type'), code: ((await reply.json()) as { code?: unknown }).code });
    }
    return seen;
  }, attempts.map(({ method, path, body }) => ({ method, path, ...(body ? { body } : {}) })));
  const wanted = attempts.map(({ method, path, status }) => `${method} ${path} ${status} ${status === 403 ? 'PermissionDenied' : 'NotFound'}`);
  expect(answers.map(({ status, code }, index) => `${attempts[index]?.method} ${attempts[index]?.path} ${status} ${String(code)}`)).toEqual(wanted);
  for (const { type } of answers) expect(type).toContain('application/problem+json');
}

/** Every one of them, by this person, on the page of the audit log. */
async function expectAudited(admin: Page, name: string, attempts: readonly Attempt[]): Promise<void> {
  await admin.goto('/audit?outcome=denied&type=access.denied');
  const rows = admin.locator('li[data-outcome="denied"]').filter({ hasText: name });
  await expect(rows.first()).toBeVisible();
  const texts = await rows.allInnerTexts();
  expect(attempts.map(({ resource, path }) => resource ?? `route${path}`).filter((resource) => !texts.some((text) => text.split(/\s+/).includes(resource)))).toEqual([]);
}

async function expectNoAdministration(page: Page, name: string): Promise<void> {
  await page.goto('/usage');
  await expect(page.getByRole('heading', { name: 'What is left to you' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Budgets and quotas of this installation' })).toHaveCount(0);
  await page.getByRole('button', { name: `Account: ${name}` }).click();
  await expect(page.getByRole('menuitem', { name: 'Account', exact: true })).toBeVisible();
  for (const label of ADMIN_PAGES) await expect(page.getByRole('menuitem', { name: label })).toHaveCount(0);
  await page.keyboard.press('Escape');
  for (const label of ADMIN_PAGES) {
    await page.goto(ADMIN_ADDRESSES[label] ?? '');
    await expect(page.getByRole('heading', { name: 'This page is not for your role' })).toBeVisible();
    await expect(page.getByRole('main').getByRole('button')).toHaveCount(0);
  }
}

/** A student with a browser of their own, who came by an invitation. */
async function invited(browser: Browser, admin: APIRequestContext, name: string): Promise<{ context: BrowserContext; id: string }> {
  const link = (await (await admin.post('/api/v1/invitations', { headers: ORIGIN, data: { email: `${randomUUID()}@example.test`, role: 'student' } })).json()) as { url: string };
  const context = await browser.newContext({ baseURL: process.env['E2E_WEB_URL'], storageState: { cookies: [], origins: [] } });
  const made = await context.request.post('/api/v1/session/invitation', { headers: ORIGIN, data: { token: new URL(link.url).hash.slice(1), name, password: 'kettle ship armchair' } });
  expect(made.status(), await made.text()).toBe(201);
  return { context, id: ((await made.json()) as { user: { id: string } }).user.id };
}

/** What a researcher has: a run with its file, an upload, a draft of a workflow. */
async function belongings(owner: APIRequestContext): Promise<Attempt[]> {
  const run = await apiRun(owner, { workflow_id: WORKFLOW, run_mode: 'validate_only', provider: 'demo', inputs: { learning_goal: GOAL, timebox_minutes: 15 } });
  const [artifact] = (await (await owner.get(`/api/v1/runs/${run}/artifacts`)).json()) as { id: string }[];
  const upload = (await (await owner.post(`/api/v1/uploads?file_name=mine-${randomUUID()}.md`, { headers: ORIGIN, data: Buffer.from(`# Only hers ${randomUUID()}\n`) })).json()) as { id: string };
  const slug = `hers_${randomUUID().slice(0, 8)}`;
  const draft = (await (await owner.post('/api/v1/workflows', { headers: ORIGIN, data: { workflow_id: slug, name: 'Only hers', persona: 'student', definition: { steps: [{ type: 'prompt', prompt: 'A draft' }] } } })).json()) as { id: string };
  return [
    { method: 'GET', path: `/api/v1/runs/${run}`, status: 404, resource: `run/${run}` },
    { method: 'POST', path: `/api/v1/runs/${run}/cancel`, status: 404, resource: `run/${run}` },
    { method: 'GET', path: `/api/v1/artifacts/${artifact?.id}/content`, status: 404, resource: `artifact/${artifact?.id}` },
    { method: 'GET', path: `/api/v1/uploads/${upload.id}`, status: 404, resource: `upload/${upload.id}` },
    { method: 'GET', path: `/api/v1/workflows/${slug}/definition`, status: 404, resource: `workflow/${draft.id}` },
    { method: 'POST', path: '/api/v1/runs', body: { workflow_id: slug, run_mode: 'test_run', provider: 'demo', inputs: {} }, status: 404, resource: `workflow/${draft.id}` },
  ];
}

test('what a student, a researcher and an administrator may not do is not offered, is refused when forced, and is in the audit log', async ({ page, browser }) => {
  const hers = await colleague(browser);
  const researcher = await hers.newPage();
  const name = `Ned Student ${randomUUID().slice(0, 8)}`;
  const { context, id } = await invited(browser, page.request, name);
  const student = await context.newPage();
  const [gated, foreign] = [await deskRun('gated'), await belongings(hers.request)];
  const [{ path: herRun } = { path: '' }] = foreign;

  await test.step('a student', async () => {
    await expectNoAdministration(student, name);
    await new RunnerPage(student).open('?mode=full_run');
    await expect(student.getByRole('main').getByRole('status').filter({ hasText: 'Your role does not include Full.' })).toBeVisible();
    await expect(new RunnerPage(student).start).toBeDisabled();
    await new RunnerPage(student).tab('Run mode').click();
    await expect(student.getByRole('radio', { name: /^Full/ })).toBeDisabled();
    await student.goto(herRun.replace('/api/v1', ''));
    await expect(student.getByText('There is nothing here')).toBeVisible();
    await student.goto('/my-workflows');
    await expect(student.getByRole('heading', { level: 1 })).toHaveText('My workflows');
    await expect(student.getByText('Only hers')).toHaveCount(0);
    // Of a workflow of their own: to the channel test, not to everybody.
    const slug = `mine_${randomUUID().slice(0, 8)}`;
    const made = await context.request.post('/api/v1/workflows', { headers: ORIGIN, data: { workflow_id: slug, name: 'A first try', persona: 'student', definition: { steps: [{ type: 'prompt', prompt: 'A draft' }] } } });
    expect(made.status(), await made.text()).toBe(201);
    await student.goto(`/my-workflows?workflow=${slug}`);
    await expect(student.getByRole('button', { name: /^To test/ })).toBeVisible();
    await expect(student.getByRole('button', { name: /^Make live/ })).toHaveCount(0);
    const attempts: Attempt[] = [
      ...administration(id), ...foreign,
      { method: 'PUT', path: `/api/v1/workflows/${slug}/channels/live`, body: { version: 1 }, status: 403 },
      { method: 'POST', path: '/api/v1/runs', body: { workflow_id: WORKFLOW, run_mode: 'full_run', provider: 'demo', inputs: { learning_goal: GOAL } }, status: 403, resource: `workflow/${WORKFLOW}` },
    ];
    await force(student, attempts);
    await expectAudited(page, name, attempts);
  });

  await test.step('a researcher: Full is offered, administration and the approval of a run of her own are not', async () => {
    const me = ((await (await hers.request.get('/api/v1/session')).json()) as { user: { id: string } }).user.id;
    await expectNoAdministration(researcher, 'Bea Colleague');
    await new RunnerPage(researcher).open('?mode=full_run');
    await expect(new RunnerPage(researcher).start).toBeEnabled();
    await new RunPage(researcher).open(gated);
    await expect(researcher.getByRole('region', { name: 'Waiting for approval' })).toContainText('Any administrator but you can decide', { timeout: 60_000 });
    await expect(researcher.getByRole('button', { name: 'Approve' })).toHaveCount(0);
    await researcher.goto('/approvals');
    await expect(researcher.getByRole('heading', { level: 1 })).toHaveText('Approvals');
    await expect(researcher.locator(`[data-run="${gated}"]`)).toHaveCount(0);
    const [gate] = ((await (await page.request.get('/api/v1/approvals')).json()) as { run_id: string; gate_id: string; shown_hash: string }[]).filter(({ run_id: run }) => run === gated);
    const attempts: Attempt[] = [...administration(me), { method: 'POST', path: `/api/v1/runs/${gated}/gates/${gate?.gate_id}/decision`, body: { decision: 'approve', shown_hash: gate?.shown_hash }, status: 403 }];
    await force(researcher, attempts);
    await expectAudited(page, 'Bea Colleague', attempts);
  });

  await test.step('an administrator manages, and yet does not read what is another person\'s', async () => {
    await page.goto('/');
    await page.getByRole('button', { name: /^Account: / }).click();
    for (const label of ADMIN_PAGES) await expect(page.getByRole('menuitem', { name: label })).toBeVisible();
    await page.keyboard.press('Escape');
    await page.goto(herRun.replace('/api/v1', ''));
    await expect(page.getByText('There is nothing here')).toBeVisible();
    await force(page, foreign);
    await expectAudited(page, 'Administrator', foreign);
  });

  await cancelRun(hers.request, gated);
  await Promise.all([context.close(), hers.close()]);
});
