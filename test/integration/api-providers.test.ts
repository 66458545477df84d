import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyAccessSchema, ProviderSchema, SecretStatusSchema, SettingSchema, type SettingWire } from '#contracts/api/providers.schema';
import { uuidv7 } from '#platform/ids';
import { appendAuditEvent } from '#platform/repositories/audit';
import { createKeyRing } from '#platform/secrets/key-ring';
import { createSecretStore } from '#platform/secrets/secret-store';
import { GOAL, startApi, type ApiUnderTest } from '../support/api.ts';

const KEY = 'sk-canary-0123456789abcdefWXYZ';
let api: ApiUnderTest;
beforeAll(async () => { api = await startApi({ GROQ_API_KEY: 'gsk_workspace0123456789' }); });
afterAll(() => api.close());

const save = (as: string, provider: string, apiKey = KEY) => api.call('POST', '/api/v1/settings/secrets', { as, json: { provider, api_key: apiKey, test: false } });
const providers = async (as: string) => ProviderSchema.array().parse((await api.call('GET', '/api/v1/settings/providers', { as })).body);
const start = (as: string, change: Record<string, unknown> = {}) => api.call('POST', '/api/v1/runs', { as, json: { workflow_id: 'learn_agentic_ai', inputs: { learning_goal: GOAL }, ...change } });

describe('secrets', () => {
  it('a saved key is encrypted, replaced by a second POST, seen only by its owner, and in no answer, log line or table', async () => {
    const [alice, bob] = await Promise.all([api.person('student'), api.person('student')]);
    const first = await save(alice.token, 'openai');
    expect([first.status, SecretStatusSchema.parse(first.body)]).toEqual([200, expect.objectContaining({ provider: 'openai', connected: true, key_source: 'own', last4: 'WXYZ', test_status: null })]);
    expect((await save(alice.token, 'openai', 'sk-second-0123456789abcd')).status).toBe(200);
    const row = await api.deps.db.providerSetting.findFirstOrThrow({ where: { userId: alice.id } });
    expect(row.keyVersion).toBe(2);
    expect(await api.deps.secrets.resolve(alice.id, 'openai')).toMatchObject({ apiKey: 'sk-second-0123456789abcd', source: 'own' });
    expect(await api.deps.secrets.resolve(bob.id, 'openai')).toBeNull();
    expect((await providers(bob.token)).find((one) => one.provider === 'openai')?.connected).toBe(false);
    const access = await api.call('GET', `/api/v1/settings/${row.id}/access`, { as: alice.token });
    expect(KeyAccessSchema.array().parse(access.body)).toMatchObject([{ what: 'rotated', outcome: 'success', by: 'api_token', run_id: null }, { what: 'created' }]);
    const run = uuidv7();
    for (const source of ['own', 'workspace']) await api.deps.db.$transaction((tx) => appendAuditEvent(tx, { type: 'secret.read', subject: bob.id, actorKind: 'system', resource: `run/${run}`, outcome: 'success', data: { provider: 'groq', source, mode: 'test_run' } }));
    await save(bob.token, 'groq');
    const own = await api.deps.db.providerSetting.findFirstOrThrow({ where: { userId: bob.id } });
    expect((await api.call('GET', `/api/v1/settings/${own.id}/access`, { as: bob.token })).body).toMatchObject([{ what: 'created' }, { what: 'read', run_id: run, run_mode: 'test_run', by: 'system' }]);
    expect((await api.call('DELETE', '/api/v1/settings/secrets/groq', { as: bob.token })).status).toBe(204);
    expect((await api.call('GET', `/api/v1/settings/${row.id}/access`, { as: bob.token })).status).toBe(404);
    const answers = await Promise.all([`/api/v1/settings/${row.id}/access`, '/api/v1/settings', '/api/v1/settings/providers', '/api/v1/settings/secrets/status', `/api/v1/settings/${row.id}`, '/api/v1/settings/provider/openai'].map((address) => api.call('GET', address, { as: alice.token })));
    const everything = JSON.stringify([answers.map((answer) => answer.text), api.log, await api.deps.db.providerSetting.findMany(), (await api.deps.db.auditEvent.findMany()).map((event) => ({ ...event, sequence: 0 }))]);
    expect(everything).not.toContain('canary');
    expect(everything).not.toContain('sk-second');
    for (const method of ['GET', 'DELETE'] as const) expect((await api.call(method, `/api/v1/settings/${row.id}`, { as: bob.token })).status).toBe(404);
    expect((await api.call('DELETE', '/api/v1/settings/secrets/openai', { as: alice.token })).status).toBe(204);
    expect((await api.call('DELETE', '/api/v1/settings/secrets/openai', { as: alice.token })).status).toBe(404);
    expect((await api.deps.db.auditEvent.findMany({ where: { subject: alice.id }, orderBy: { sequence: 'asc' } })).map((event) => event.type)).toEqual(['secret.created', 'secret.rotated', 'secret.deleted']);
  });

  it('a row that was moved to another person, or read with another master key, does not open', async () => {
    const [alice, bob] = await Promise.all([api.person('student'), api.person('student')]);
    await save(alice.token, 'openai');
    await save(bob.token, 'openai', 'sk-of-bob-0123456789abcd');
    const stolen = await api.deps.db.providerSetting.findFirstOrThrow({ where: { userId: alice.id } });
    await api.deps.db.providerSetting.updateMany({ where: { userId: bob.id }, data: { secretEnvelope: stolen.secretEnvelope as object } });
    await expect(api.deps.secrets.resolve(bob.id, 'openai')).rejects.toThrow(/cannot be read/);
    const other = createSecretStore(api.deps.db, createKeyRing([randomBytes(32)]), api.deps.config);
    await expect(other.resolve(alice.id, 'openai')).rejects.toThrow(/not loaded/);
  });

  it('a key is void once its provider points to another address, and says so', async () => {
    const alice = await api.person('student');
    await save(alice.token, 'anthropic');
    const moved = { ...api.deps.config, providers: { ...api.deps.config.providers, anthropic: { baseUrl: 'https://elsewhere.example' } } };
    expect(await createSecretStore(api.deps.db, api.deps.keyRing, moved).resolve(alice.id, 'anthropic')).toBeNull();
    expect(await api.deps.secrets.resolve(alice.id, 'anthropic')).toMatchObject({ apiKey: KEY });
  });

  it('refuses a short key, the demo provider, a provider without address, and a base URL in the request', async () => {
    for (const [json, pointer] of [
      [{ provider: 'openai', api_key: 'short' }, '#/api_key'], [{ provider: 'demo', api_key: KEY }, '#/provider'], [{ provider: 'compatible', api_key: KEY }, '#/provider'],
      [{ provider: 'openai', api_key: KEY, base_url: 'https://evil.example' }, '#/base_url'], [{ provider: 'openai', api_key: 'sk-with\nline-break-0123' }, '#/api_key'],
    ] as const) {
      const reply = await api.call('POST', '/api/v1/settings/secrets', { json });
      expect([reply.status, reply.body]).toEqual([400, expect.objectContaining({ errors: [expect.objectContaining({ pointer })] })]);
    }
  });

  it('five changes an hour for each provider, six providers at once are fine', async () => {
    const limited = await startApi({ AWP_SECRET_WRITES_PER_HOUR: '2' });
    try {
      const post = (provider: string) => limited.call('POST', '/api/v1/settings/secrets', { json: { provider, api_key: KEY, test: false } });
      for (const provider of ['openai', 'anthropic', 'gemini', 'deepseek', 'groq', 'openrouter']) expect((await post(provider)).status).toBe(200);
      expect([(await post('openai')).status, (await post('openai')).status]).toEqual([200, 429]);
    } finally {
      await limited.close();
    }
  });

  it('is saved though its test cannot end: pending without a worker, untested without Temporal', async () => {
    const pending = await api.call('POST', '/api/v1/settings/secrets', { json: { provider: 'openai', api_key: KEY } });
    expect([pending.status, pending.body]).toEqual([202, expect.objectContaining({ connected: true, test_status: 'pending' })]);
    const alone = await startApi({ TEMPORAL_ADDRESS: '127.0.0.1:1' });
    try {
      const saved = await alone.call('POST', '/api/v1/settings/secrets', { json: { provider: 'openai', api_key: KEY } });
      expect([saved.status, saved.body]).toEqual([200, expect.objectContaining({ connected: true, test_status: null, test_message: expect.stringContaining('could not be tested') })]);
      const [setting] = (await alone.call('GET', '/api/v1/settings')).body as SettingWire[];
      expect((await alone.call('POST', `/api/v1/settings/${setting?.id}/test`)).status).toBe(503);
    } finally {
      await alone.close();
    }
  });
});

describe('settings', () => {
  it('create, read, change, activate, deactivate and delete', async () => {
    const { token, id: userId } = await api.person('student');
    const call = (method: string, address: string, json?: unknown) => api.call(method, `/api/v1/settings${address}`, { as: token, ...(json === undefined ? {} : { json }) });
    const created = await call('POST', '', { provider: 'gemini', api_key: KEY, is_default: true });
    const setting = SettingSchema.parse(created.body);
    expect([created.status, created.headers.get('location')]).toEqual([201, `/api/v1/settings/${setting.id}`]);
    expect((await call('POST', '', { provider: 'gemini', api_key: KEY })).status).toBe(409);
    expect((await call('GET', '/provider/gemini')).body).toMatchObject({ id: setting.id });
    expect([(await call('GET', '/provider/openai')).status, (await call('GET', '/provider/unknown')).status, (await call('GET', `/${userId}`)).status]).toEqual([404, 404, 404]);
    await api.deps.db.providerSetting.updateMany({ where: { userId }, data: { testStatus: 'success', lastTestedAt: new Date() } });
    expect((await call('PUT', `/${setting.id}`, { api_key: `${KEY}2` })).body).toMatchObject({ test_status: null, last_tested_at: null, key_version: 2 });
    expect((await call('PUT', `/${setting.id}`, {})).status).toBe(400);
    expect((await call('PUT', `/${setting.id}`, { provider: 'openai' })).status).toBe(400);
    expect((await call('POST', `/${setting.id}/deactivate`)).body).toMatchObject({ is_active: false });
    expect((await call('GET', '?active_only=true')).body).toEqual([]);
    expect((await start(token)).body).toMatchObject({ status: 400, errors: [{ pointer: '#/provider' }] });
    expect((await call('POST', `/${setting.id}/activate`)).body).toMatchObject({ is_active: true });
    expect((await start(token)).body).toMatchObject({ provider: 'gemini', provider_reason: expect.stringContaining('default provider') });
    expect((await call('DELETE', `/${setting.id}`)).status).toBe(204);
    expect((await call('GET', `/${setting.id}`)).status).toBe(404);
  });

  it('the audit log says what a change was: another default is no activation', async () => {
    const { token } = await api.person('student');
    const { id } = SettingSchema.parse((await api.call('POST', '/api/v1/settings', { as: token, json: { provider: 'gemini', api_key: KEY } })).body);
    for (const json of [{ is_default: true }, { is_active: false }, { is_active: false, weight: 2 }, { is_active: true }, { api_key: `${KEY}2` }]) expect((await api.call('PUT', `/api/v1/settings/${id}`, { as: token, json })).status).toBe(200);
    const types = (await api.deps.db.auditEvent.findMany({ where: { resource: `setting/${id}` }, orderBy: { sequence: 'asc' } })).map(({ type }) => type);
    expect(types).toEqual(['secret.created', 'secret.changed', 'secret.deactivated', 'secret.changed', 'secret.activated', 'secret.rotated']);
  });

  it('further keys: added, weighed and deleted by their owner only, never shown; a key that is replaced stays for its overlap', async () => {
    const [alice, bob] = await Promise.all([api.person('student'), api.person('student')]);
    const call = (method: string, address: string, json?: unknown, as = alice.token) => api.call(method, `/api/v1/settings${address}`, { as, ...(json === undefined ? {} : { json }) });
    const { id } = SettingSchema.parse((await call('POST', '', { provider: 'openai', api_key: KEY })).body);
    const added = await call('POST', `/${id}/keys`, { api_key: 'sk-further-0123456789-LAST', weight: 3 });
    const { id: keyId } = added.body as { id: string };
    expect([added.status, added.body]).toEqual([201, expect.objectContaining({ kind: 'further', weight: 3, last4: 'LAST', resting_until: null })]);
    for (const [method, address, json] of [['GET', `/${id}/keys`], ['POST', `/${id}/keys`, { api_key: KEY }], ['PUT', `/${id}/keys/${keyId}`, { weight: 2 }], ['DELETE', `/${id}/keys/${keyId}`]] as const) expect((await call(method, address, json, bob.token)).status).toBe(404);
    expect((await call('PUT', `/${id}/keys/${keyId}`, { weight: 7 })).body).toMatchObject({ weight: 7 });
    expect([(await call('PUT', `/${id}/keys/${keyId}`, { weight: 0 })).status, (await call('PUT', `/${id}`, { overlap_minutes: 5 })).status]).toEqual([400, 400]);
    expect((await call('PUT', `/${id}`, { api_key: `${KEY}2`, overlap_minutes: 5, weight: 2 })).body).toMatchObject({ key_version: 2, weight: 2, test_status: null });
    const listed = await call('GET', '/providers');
    expect((listed.body as { provider: string; keys: { kind: string }[] }[]).find((one) => one.provider === 'openai')?.keys.map((key) => key.kind)).toEqual(['main', 'further', 'replaced']);
    expect(listed.text).not.toMatch(/canary|sk-further/);
    expect((await call('DELETE', `/${id}/keys/${keyId}`)).status).toBe(204);
    for (let more = 0; more < 9; more += 1) expect((await call('POST', `/${id}/keys`, { api_key: KEY })).status).toBe(201);
    expect((await call('POST', `/${id}/keys`, { api_key: KEY })).status).toBe(409);
    expect((await call('POST', '/providers/unknown/test', { api_key: KEY })).status).toBe(404);
    expect((await call('POST', '/providers/openai/test', { api_key: KEY })).status).toBe(503);
    expect(JSON.stringify([await api.deps.db.providerKey.findMany(), api.log])).not.toMatch(/canary|sk-further/);
    await call('DELETE', `/${id}`);
    expect(await api.deps.db.providerKey.count({ where: { userId: alice.id } })).toBe(0);
  });

  it('only one setting is the default', async () => {
    const { token, id: userId } = await api.person('student');
    for (const provider of ['openai', 'gemini']) await api.call('POST', '/api/v1/settings', { as: token, json: { provider, api_key: KEY, is_default: true } });
    expect((await api.deps.db.providerSetting.findMany({ where: { userId, isDefault: true } })).map((row) => row.provider)).toEqual(['gemini']);
  });
});

describe('which provider a run gets', () => {
  it('the only configured one, the workspace key included; with several and no default the demo provider, said so', async () => {
    const { token } = await api.person('student');
    expect((await start(token)).body).toMatchObject({ provider: 'groq', simulated: false, provider_reason: expect.stringContaining('only provider') });
    await save(token, 'openai');
    expect((await start(token)).body).toMatchObject({ provider: 'demo', simulated: true, provider_reason: expect.stringContaining('none is your default') });
    expect((await start(token, { provider: 'openai', model: 'gpt-4o-mini' })).body).toMatchObject({ provider: 'openai', model: 'gpt-4o-mini' });
  });

  it('models come from the data file, the default first; an unknown provider is 404', async () => {
    expect((await api.call('GET', '/api/v1/settings/models/openai')).body).toEqual(['gpt-5.2-2025-12-11', 'gpt-4o-mini']);
    expect((await api.call('GET', '/api/v1/settings/models/skynet')).status).toBe(404);
  });
});

describe('catalog', () => {
  it('filters narrow together, slug and UUID find the same, and unchanged answers are 304', async () => {
    const list = async (query: string) => ((await api.call('GET', `/api/v1/workflows${query}`)).body as { workflow_id: string }[]).map((workflow) => workflow.workflow_id);
    expect(await list('?persona=student&search=agent&difficulty=beginner')).toContain('learn_agentic_ai');
    expect(await list('?persona=student&search=agent&difficulty=advanced')).not.toContain('learn_agentic_ai');
    expect(await list('?persona=ml_engineer&search=learn')).not.toContain('learn_agentic_ai');
    const detail = await api.call('GET', '/api/v1/workflows/learn_agentic_ai');
    const { id, modes } = detail.body as { id: string; modes: { run_mode: string; caps: unknown; plan: unknown[] }[] };
    expect(modes.map((mode) => mode.run_mode)).toEqual(['validate_only', 'test_run', 'full_run']);
    expect(modes[1]).toMatchObject({ caps: { output_tokens: 1000, seconds: 60 }, is_default: true });
    expect((await api.call('GET', `/api/v1/workflows/${id}`)).text).toBe(detail.text);
    const schema = await api.call('GET', `/api/v1/workflows/${id}/schema`);
    expect((schema.body as { fields: { name: string }[] }).fields.map((field) => field.name)).toContain('learning_goal');
    for (const [address, reply] of [[`/api/v1/workflows/${id}`, detail], [`/api/v1/workflows/${id}/schema`, schema]] as const) {
      const again = await api.call('GET', address, { headers: { 'If-None-Match': reply.headers.get('etag') ?? '' } });
      expect([again.status, again.text]).toEqual([304, '']);
    }
    expect((await api.call('GET', '/api/v1/workflows/no_such_workflow')).status).toBe(404);
  });

  it('a workflow that left the catalog keeps its runs and takes no new ones', async () => {
    await api.deps.db.workflow.update({ where: { slug: 'learn_agentic_ai' }, data: { isActive: false } });
    try {
      expect((await start(BOOT())).status).toBe(409);
      expect((await api.call('GET', '/api/v1/workflows?active_only=true')).body).not.toContainEqual(expect.objectContaining({ workflow_id: 'learn_agentic_ai' }));
    } finally {
      await api.deps.db.workflow.update({ where: { slug: 'learn_agentic_ai' }, data: { isActive: true } });
    }
  });
});

const BOOT = () => api.deps.config.AWP_BOOTSTRAP_API_KEY as string;
