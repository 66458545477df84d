import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextPage } from '#contracts/next-page';
import { uuidv7 } from '#platform/ids';
import { appendAuditEvent, listAudit } from '#platform/repositories/audit';
import { numberedPageFrom } from '#platform/repositories/paging';
import { createUser } from '#platform/repositories/users';
import { startApi, type ApiUnderTest } from '../support/api.ts';

/** Every list of accounts and settings by pages: each row once, the count of all on each page, nothing beyond the limit. */
let api: ApiUnderTest;
let admin: { id: string; token: string };
const FIVE = [1, 2, 3, 4, 5];
const DAY_MS = 86_400_000;

beforeAll(async () => {
  api = await startApi();
  admin = await api.person('admin');
  const { db } = api.deps;
  // The same moment for several: the id decides between them.
  const at = (n: number) => new Date(Date.UTC(2026, 9, 1 + Math.floor(n / 2)));
  for (const n of FIVE) {
    const { id } = await createUser(db, { name: `n${n}`, email: `n${n}@example.test`, role: 'student' });
    await db.user.update({ where: { id }, data: { createdAt: at(n) } });
    await db.session.create({ data: { id: uuidv7(), userId: admin.id, token: `t${n}`, expiresAt: new Date(Date.now() + DAY_MS), createdAt: at(n) } });
    await db.apiToken.create({ data: { id: uuidv7(), userId: admin.id, name: `n${n}`, publicId: `p${n}`, secretHash: 'h', createdAt: at(n) } });
    await db.accountLink.create({ data: { id: uuidv7(), kind: 'invitation', tokenHash: `h${n}`, email: `i${n}@example.test`, expiresAt: at(n), createdAt: at(n) } });
    await db.budget.create({ data: { id: uuidv7(), scope: 'user', scopeKey: id, period: 'day', metric: 'runs', limitValue: 1n, createdBy: admin.id, createdAt: at(n) } });
  }
  for (const n of FIVE) await db.$transaction((tx) => appendAuditEvent(tx, { type: 'audit.verified', subject: admin.id, actorKind: 'system', resource: `n/${n}`, outcome: 'success' }));
  const workflow = await db.workflow.create({ data: { id: uuidv7(), slug: 'noted', kind: 'own', name: 'Noted', description: '', difficulty: 'beginner', estimatedSeconds: 60, currentVersion: 5, ownerId: admin.id } });
  // Saved by transactions that began the other way round: the number orders them, not the clock.
  for (const n of FIVE) await db.workflowVersion.create({ data: { id: uuidv7(), workflowId: workflow.id, version: n, contentHash: `h${n}`, definition: {}, createdAt: at(9 - n) } });
});
afterAll(() => api.close());

async function walk(address: string): Promise<{ rows: Record<string, unknown>[]; totals: Set<string | null>; pages: number }> {
  const seen = { rows: [] as Record<string, unknown>[], totals: new Set<string | null>(), pages: 0 };
  for (let next: string | null = address; next !== null; seen.pages += 1) {
    const page = await api.call('GET', next, { as: admin.token });
    expect([next, page.status]).toEqual([next, 200]);
    expect((page.body as unknown[]).length).toBeLessThanOrEqual(2);
    seen.rows.push(...page.body as Record<string, unknown>[]);
    seen.totals.add(page.headers.get('x-total-count'));
    next = nextPage(page.headers.get('link'));
  }
  return seen;
}

describe('a list by pages', () => {
  it.each(['/sessions', '/tokens', '/users', '/invitations', '/budgets', '/workflows/noted/versions', '/audit'])('%s', async (path) => {
    const address = `/api/v1${path}`;
    const { rows, totals, pages } = await walk(`${address}?limit=2`);
    expect(rows.length).toBeGreaterThanOrEqual(5);
    expect([[...totals], pages]).toEqual([[String(rows.length)], Math.ceil(rows.length / 2)]);
    const keys = rows.map((row) => row['id'] ?? row['version']);
    expect(new Set(keys).size).toBe(keys.length);
    expect((await api.call('GET', address, { as: admin.token })).body as unknown[]).toEqual(rows);
    expect((await api.call('GET', `${address}?limit=2&skip=3`, { as: admin.token })).body as unknown[]).toEqual(rows.slice(3, 5));
    for (const wrong of ['limit=0', 'limit=201', 'cursor=nothing', 'cursor=999999999999999999&skip=1', 'page=2']) expect([wrong, (await api.call('GET', `${address}?${wrong}`, { as: admin.token })).status]).toEqual([wrong, 400]);
  });

  it('of a log that is longer than what is counted, no count is told', async () => {
    const totalOf = async (atMost: number) => (await listAudit(api.deps.db, { resource: 'n/' }, numberedPageFrom({ limit: 2 }), atMost)).total;
    expect([await totalOf(5), await totalOf(4)]).toEqual([5, null]);
  });

  it('versions go by their number, and a cursor beyond all of them is the first page', async () => {
    const all = (await api.call('GET', '/api/v1/workflows/noted/versions?cursor=999999999999999999', { as: admin.token })).body as { version: number }[];
    expect(all.map(({ version }) => version)).toEqual([5, 4, 3, 2, 1]);
  });

  it('of somebody else\'s workflow only the live version is counted', async () => {
    await api.deps.db.workflow.update({ where: { slug: 'noted' }, data: { liveVersion: 3 } });
    const reply = await api.call('GET', '/api/v1/workflows/noted/versions', { as: (await api.person('student')).token });
    expect([(reply.body as { version: number }[]).map(({ version }) => version), reply.headers.get('x-total-count')]).toEqual([[3], '1']);
  });
});
