import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_OWN_VERSIONS, MAX_OWN_WORKFLOWS, MAX_TOKENS, MAX_UPLOADS } from '#contracts/limits';
import { uuidv7 } from '#platform/ids';
import { startApi, type ApiUnderTest } from '../support/api.ts';

/** What one person may have and do at once, so that nobody fills the tables or keeps the others waiting. */
let api: ApiUnderTest;
beforeAll(async () => { api = await startApi(); });
afterAll(() => api.close());

const definition = (seed: string) => ({ steps: [{ type: 'prompt', key: 'one', prompt: `Say ${seed}` }] });
const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));

describe('one person', () => {
  it('has so many tokens; what was revoked or has expired does not count', async () => {
    const { id: userId, token } = await api.person('student');
    const row = (index: number) => ({ id: uuidv7(), userId, name: `t${index}`, publicId: randomUUID().replaceAll('-', '').slice(0, 12), secretHash: 'x', scopes: [] });
    await api.deps.db.apiToken.createMany({ data: [...many(MAX_TOKENS - 2, row), ...many(20, (index) => ({ ...row(index), revokedAt: new Date() })), ...many(20, (index) => ({ ...row(index), expiresAt: new Date(0) }))] });
    const asked = await Promise.all(many(12, (index) => api.call('POST', '/api/v1/tokens', { as: token, json: { name: `n${index}`, expires_in_days: 1 } })));
    expect(asked.map(({ status }) => status).toSorted()).toEqual([201, ...many(11, () => 409)]);
  });

  it('keeps so many uploads, however small', async () => {
    const { id: userId, token } = await api.person('student');
    await api.deps.db.upload.createMany({ data: many(MAX_UPLOADS, (index) => ({ id: uuidv7(), userId, fileName: 'a.txt', kind: 'text', fileSizeBytes: 1n, sha256: String(index), storageKey: `upload-${index}` })) });
    const answer = await api.call('POST', '/api/v1/uploads?file_name=one.txt', { as: token, raw: 'one more', headers: { 'Content-Type': 'application/octet-stream' } });
    expect(answer.status).toBe(413);
    expect(answer.text).toContain(`You keep ${MAX_UPLOADS} uploads`);
  });

  it('has so many written workflows, and one of them so many versions', async () => {
    const { id: ownerId, token } = await api.person('student');
    const made = await api.call('POST', '/api/v1/workflows', { as: token, json: { workflow_id: 'of_many_versions', name: 'V', persona: 'student', definition: definition('a') } });
    expect(made.status).toBe(201);
    const workflowId = (made.body as { id: string }).id;
    const { definition: first } = await api.deps.db.workflowVersion.findFirstOrThrow({ where: { workflowId } });
    await api.deps.db.workflowVersion.create({ data: { id: uuidv7(), workflowId, version: MAX_OWN_VERSIONS, contentHash: 'x', definition: first as object } });
    await api.deps.db.workflow.update({ where: { slug: 'of_many_versions' }, data: { currentVersion: MAX_OWN_VERSIONS } });
    expect((await api.call('PUT', '/api/v1/workflows/of_many_versions', { as: token, json: { definition: definition('b') } })).text).toContain(`This workflow has ${MAX_OWN_VERSIONS} versions`);
    await api.deps.db.workflow.createMany({ data: many(MAX_OWN_WORKFLOWS - 1, (index) => ({ id: uuidv7(), slug: `w_${index}`, kind: 'own', name: 'W', description: '', personas: [], tags: [], difficulty: 'beginner', estimatedSeconds: 60, currentVersion: 1, ownerId })) });
    const further = await api.call('POST', '/api/v1/workflows', { as: token, json: { workflow_id: 'one_too_many', name: 'V', persona: 'student', definition: definition('a') } });
    expect(further.status).toBe(409);
    expect(further.text).toContain(`You have written ${MAX_OWN_WORKFLOWS} workflows`);
  });

  it('writes at any speed without a 503 for somebody else', async () => {
    const [eve, rob] = await Promise.all([api.person('student'), api.person('student')]);
    const flood = many(100, (index) => api.call('DELETE', `/api/v1/tokens/${uuidv7()}`, { as: eve.token, headers: { 'X-Request-Id': `flood-${index}-of-eve` } }));
    const beside = await api.call('POST', '/api/v1/tokens', { as: rob.token, json: { name: 'mine', expires_in_days: 1 } });
    expect(beside.status).toBe(201);
    const statuses = new Set((await Promise.all(flood)).map(({ status }) => status));
    statuses.delete(429);
    expect([...statuses]).toEqual([404]);
  });
});

it('changes of a person are so many a minute, also those that only read and are audited', async () => {
  const few = await startApi({ AWP_CHANGES_PER_MINUTE: '3' });
  try {
    const [eve, rob] = await Promise.all([few.person('student'), few.person('student')]);
    const asked = await Promise.all(many(5, () => few.call('GET', '/api/v1/account/export', { as: eve.token })));
    expect(asked.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 429, 429]);
    expect(asked.find(({ status }) => status === 429)?.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await few.call('GET', '/api/v1/account/export', { as: rob.token })).status).toBe(200);
    expect(await few.deps.db.auditEvent.count({ where: { type: 'user.data_exported', subject: eve.id } })).toBe(3);
  } finally {
    await few.close();
  }
});

it('from one network no more sign-ins are looked at, of whichever accounts, because they come at the same moment', async () => {
  const signIn = (index: number) => api.call('POST', '/api/v1/session/sign-in', { as: null, json: { email: `nobody-${index}@example.test`, password: 'wrong wrong wrong' }, headers: { Origin: 'http://localhost:3000' } });
  const statuses = (await Promise.all(many(90, signIn))).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([401, 429]));
  // Twenty, and the few that were under way when the twentieth was refused.
  expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(23);
  await api.deps.db.rateLimit.deleteMany();
});
