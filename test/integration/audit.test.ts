import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEventWire, AuditVerdictWire } from '#contracts/api/audit.schema';
import { appendAuditEvent } from '#platform/repositories/audit';
import { GOAL } from '../support/api.ts';
import { startPlatform, type PlatformUnderTest } from '../support/platform.ts';
import { asOwner } from '../support/servers.ts';

/** Control C26 and row I6: append-only, chained, read by those who may. */
let platform: PlatformUnderTest;
let someone: { id: string; token: string };
beforeAll(async () => {
  platform = await startPlatform();
  someone = await platform.api.person('researcher');
});
afterAll(() => platform.close());

const get = (query: string) => platform.api.call('GET', `/api/v1/audit${query}`);
const verify = async (body: object = {}) => (await platform.api.call('POST', '/api/v1/audit/verify', { json: body })).body as AuditVerdictWire;
const ofRun = async (runId: string) => (await platform.api.deps.db.auditEvent.findMany({ where: { resource: `run/${runId}` }, orderBy: { sequence: 'asc' } })).map(({ type, subject, outcome }) => ({ type, subject, outcome }));

describe('what is written', () => {
  it('a run leaves one row when it starts, reads a key and ends, with who', async () => {
    const run = await platform.run(someone.token, { workflow_id: 'learn_agentic_ai', run_mode: 'test_run', provider: 'openai', inputs: { learning_goal: GOAL } });
    expect(run.status).toBe('completed');
    expect(await ofRun(run.id)).toEqual(['run.queued', 'secret.read', 'run.completed'].map((type) => ({ type, subject: someone.id, outcome: 'success' })));
  });

  it('each key that a run reads leaves a row, also that of a stand-in', async () => {
    const run = await platform.run(someone.token, { workflow_id: 'learn_agentic_ai', run_mode: 'validate_only', provider: 'openai', fallback: [{ provider: 'anthropic' }], inputs: { learning_goal: GOAL } });
    const rows = await platform.api.deps.db.auditEvent.findMany({ where: { resource: `run/${run.id}`, type: 'secret.read' }, orderBy: { sequence: 'asc' } });
    expect(rows.map(({ data }) => (data as { provider: string }).provider)).toEqual(['openai', 'anthropic']);
  });

  it('a failed validation and a provider that says no leave theirs', async () => {
    const start = () => platform.run(someone.token, { workflow_id: 'learn_agentic_ai', run_mode: 'test_run', provider: 'openai', inputs: { learning_goal: GOAL } });
    platform.simulator.addFaults({ match: { health: true }, fault: { kind: 'status', status: 401 }, times: 0 });
    const invalid = await start();
    platform.simulator.reset();
    platform.simulator.addFaults({ fault: { kind: 'status', status: 401 }, times: 0 });
    const refused = await start();
    platform.simulator.reset();
    expect((await ofRun(invalid.id)).map(({ type }) => type).toSorted()).toEqual(['run.failed', 'run.queued', 'run.validation_failed', 'secret.read']);
    expect((await ofRun(refused.id)).map(({ type }) => type).toSorted()).toEqual(['provider.failed', 'run.failed', 'run.queued', 'secret.read']);
  });
});

describe('reading', () => {
  it('is for administrators; filters combine; pages follow each other without a gap', async () => {
    expect((await platform.api.call('GET', '/api/v1/audit', { as: someone.token })).status).toBe(403);
    for (let count = 0; count < 5; count += 1) await platform.api.call('POST', '/api/v1/tokens', { as: someone.token, json: { name: `t${count}` } });
    const all = (await get(`?subject=${someone.id}&type=token.`)).body as AuditEventWire[];
    expect(all.map((event) => [event.type, event.subject_name])).toEqual(Array.from({ length: 5 }, () => ['token.created', 'researcher']));
    const first = await get(`?subject=${someone.id}&type=token.&limit=2`);
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = (await platform.api.call('GET', next)).body as AuditEventWire[];
    expect([...(first.body as AuditEventWire[]), ...second].map(({ sequence }) => sequence)).toEqual(all.slice(0, 4).map(({ sequence }) => sequence));
    expect(((await get('?outcome=denied')).body as AuditEventWire[]).every(({ outcome }) => outcome === 'denied')).toBe(true);
    for (const wrong of ['?cursor=x', '?outcome=maybe', '?subject=me', '?from=yesterday', '?limit=0']) expect([wrong, (await get(wrong)).status]).toEqual([wrong, 400]);
  });

  it('exports everything that fits as CSV and JSON lines, harmless to a spreadsheet, and audits that', async () => {
    await platform.api.deps.db.$transaction((tx) => appendAuditEvent(tx, { type: 'access.denied', subject: null, actorKind: 'anonymous', resource: '=HYPERLINK("https://evil.example")', outcome: 'denied', userAgent: '@SUM(1)' }));
    const json = await platform.api.call('GET', '/api/v1/audit/export?type=access.denied');
    expect(json.headers.get('content-type')).toContain('application/x-ndjson');
    expect(json.text.trim().split('\n').map((line) => (JSON.parse(line) as AuditEventWire).resource)).toContain('=HYPERLINK("https://evil.example")');
    const csv = await platform.api.call('GET', '/api/v1/audit/export?type=access.denied&format=csv');
    expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="audit-.*\.csv"$/);
    expect(csv.text).toContain(`"'=HYPERLINK(""https://evil.example"")"`);
    expect(await platform.api.deps.db.auditEvent.count({ where: { type: 'audit.exported' } })).toBe(2);
  });
});

describe('the chain', () => {
  it('the product itself can neither change nor remove a row, nor switch the guard off', async () => {
    const { pool, db } = platform.api.deps;
    expect((await pool.query<{ current_user: string }>('SELECT current_user')).rows[0]?.current_user).toBe('awp_app');
    for (const sql of ["UPDATE audit_events SET type = 'forged'", 'DELETE FROM audit_events', 'TRUNCATE audit_events', 'ALTER TABLE audit_events DISABLE TRIGGER ALL', 'DROP TABLE audit_events', 'CREATE TABLE mine (id int)']) {
      await expect(pool.query(sql), sql).rejects.toThrow(/permission denied|must be owner/);
    }
    expect(await db.auditEvent.count()).toBeGreaterThan(0);
    expect(await verify()).toMatchObject({ whole: true, broken_at: null });
  });

  it('names the row that was changed, moved or taken out, and with a kept head rows that are missing at the end', async () => {
    const url = platform.api.deps.config.DATABASE_URL ?? '';
    const tampered = async (sql: string): Promise<AuditVerdictWire> => asOwner(url, async (client) => {
      await client.query('CREATE TABLE kept_audit AS SELECT * FROM audit_events');
      await client.query('ALTER TABLE audit_events DISABLE TRIGGER audit_events_append_only');
      await client.query(sql);
      const verdict = await verify({ head });
      await client.query('DELETE FROM audit_events');
      await client.query('INSERT INTO audit_events SELECT * FROM kept_audit');
      await client.query('ALTER TABLE audit_events ENABLE TRIGGER audit_events_append_only');
      await client.query('DROP TABLE kept_audit');
      return verdict;
    });
    const head = (await verify()).head ?? undefined;
    const [first = 0, second = 0, third = 0] = (await platform.api.deps.db.auditEvent.findMany({ orderBy: { sequence: 'asc' }, take: 3, select: { sequence: true } })).map(({ sequence }) => Number(sequence));
    expect(await tampered(`UPDATE audit_events SET subject = NULL, outcome = 'denied' WHERE sequence = ${second}`)).toMatchObject({ whole: false, broken_at: second, reason: expect.stringContaining('changed') as string });
    expect(await tampered(`DELETE FROM audit_events WHERE sequence = ${second}`)).toMatchObject({ whole: false, broken_at: third });
    expect(await tampered(`UPDATE audit_events SET sequence = -sequence WHERE sequence IN (${first}, ${second})`)).toMatchObject({ whole: false });
    expect(await tampered(`DELETE FROM audit_events WHERE sequence >= ${head?.sequence ?? 0}`)).toMatchObject({ whole: false, broken_at: head?.sequence, reason: expect.stringContaining('at the end') as string });
    expect(await verify({ head })).toMatchObject({ whole: true });
  });
});
