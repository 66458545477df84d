import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealSecret } from '#platform/secrets/envelope';
import { uuidv7 } from '#platform/ids';
import { verifyAuditChain } from '#platform/repositories/audit';
import { GOAL, startApi, type ApiUnderTest } from '../support/api.ts';

let api: ApiUnderTest;
beforeAll(async () => { api = await startApi(); });
afterAll(() => api.close());

/** Somebody with a bit of everything. */
async function busyPerson() {
  const person = await api.person('researcher');
  const settingId = uuidv7();
  const envelope = sealSecret(api.deps.keyRing, 'sk-canary-privacy-0123456789', { ownerId: person.id, provider: 'openai', rowId: settingId });
  await api.deps.db.providerSetting.create({ data: { id: settingId, userId: person.id, provider: 'openai', secretEnvelope: envelope as never, last4: '6789' } });
  const hook = (await api.call('POST', '/api/v1/webhooks', { as: person.token, json: { url: 'https://hooks.example.org/', events: ['run.completed'] } })).body as { id: string };
  await api.call('POST', `/api/v1/webhooks/${hook.id}/test`, { as: person.token });
  const upload = await api.call('POST', '/api/v1/uploads?file_name=notes.md', { as: person.token, raw: '# private notes', headers: { 'Content-Type': 'application/octet-stream' } });
  const run = await api.call('POST', '/api/v1/runs', { as: person.token, json: { workflow_id: 'learn_agentic_ai', provider: 'demo', run_mode: 'validate_only', inputs: { learning_goal: GOAL } } });
  const written = await api.call('POST', '/api/v1/workflows', { as: person.token, json: { workflow_id: `draft_${person.id.slice(-12)}`, name: 'My draft', persona: 'student', definition: { steps: [{ type: 'prompt', key: 'one', prompt: 'A private thought' }] } } });
  const etag = (await api.call('GET', `/api/v1/workflows/draft_${person.id.slice(-12)}/working-copy`, { as: person.token })).headers.get('etag') ?? '';
  const copy = await api.call('PUT', `/api/v1/workflows/draft_${person.id.slice(-12)}/working-copy`, { as: person.token, json: { definition: { name: 'Half a thought' } }, headers: { 'If-Match': etag } });
  expect([upload.status, run.status, written.status, copy.status], upload.text + run.text + written.text + copy.text).toEqual([201, 201, 201, 200]);
  return { ...person, runId: (run.body as { id: string }).id, uploadId: (upload.body as { id: string }).id };
}

describe('the data of a person', () => {
  it('is exported whole, without a key, hash or token, and that is audited', async () => {
    const [person, other] = [await busyPerson(), await busyPerson()];
    const reply = await api.call('GET', '/api/v1/account/export', { as: person.token });
    const rows = reply.text.trim().split('\n').map((line) => JSON.parse(line) as { kind: string; row: { id?: string } });
    expect([...new Set(rows.map(({ kind }) => kind))]).toEqual(expect.arrayContaining(['account', 'api_token', 'provider_setting', 'webhook', 'webhook_delivery', 'upload', 'workflow', 'workflow_version', 'workflow_working_copy', 'run', 'audit_event']));
    expect(rows.map(({ row }) => row.id)).toEqual(expect.arrayContaining([person.id, person.runId, person.uploadId]));
    expect(reply.text).not.toMatch(/canary|secretHash|secretEnvelope|storageKey/);
    expect(reply.text).not.toContain(other.id);
    expect(await api.deps.db.auditEvent.count({ where: { type: 'user.data_exported', subject: person.id } })).toBe(1);
    const narrow = await api.person('researcher', ['run:read']);
    expect((await api.call('GET', '/api/v1/account/export', { as: narrow.token })).status).toBe(403);
  });

  it('is erased by an administrator: rows and files go, a live run refuses it, the audit chain stays whole', async () => {
    const { db } = api.deps;
    const [person, other] = [await busyPerson(), await busyPerson()];
    const erase = (id: string) => api.call('DELETE', `/api/v1/users/${id}`);
    expect(await erase(person.id)).toMatchObject({ status: 409, body: { code: 'Conflict' } });
    await db.run.update({ where: { id: person.runId }, data: { status: 'completed', completedAt: new Date() } });
    const { storageKey } = await db.upload.findUniqueOrThrow({ where: { id: person.uploadId } });
    expect((await erase(person.id)).status).toBe(204);
    const tables = await db.$queryRaw<{ name: string }[]>`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'audit_events'`;
    for (const { name } of tables) {
      const [row] = await db.$queryRawUnsafe<{ hits: bigint }[]>(`SELECT count(*) AS hits FROM "${name}" AS row WHERE to_jsonb(row)::text LIKE $1`, `%${person.id}%`);
      expect([name, Number(row?.hits)]).toEqual([name, 0]);
    }
    expect(await api.deps.storage.stat(storageKey)).toBeNull();
    expect((await api.call('GET', '/api/v1/runs', { as: person.token })).status).toBe(401);
    expect((await erase(person.id)).status).toBe(404);
    expect((await api.call('GET', `/api/v1/runs/${other.runId}`, { as: other.token })).status).toBe(200);
    expect((await verifyAuditChain(db)).brokenAt).toBeNull();
    expect(await db.auditEvent.count({ where: { type: 'user.erased', resource: `user/${person.id}` } })).toBe(1);
  });

  it('the last administrator is not erased', async () => {
    const { id } = await api.deps.db.user.findFirstOrThrow({ where: { role: 'admin' } });
    await api.deps.db.user.updateMany({ where: { role: 'admin', NOT: { id } }, data: { role: 'student' } });
    expect((await api.call('DELETE', `/api/v1/users/${id}`)).status).toBe(409);
  });
});
