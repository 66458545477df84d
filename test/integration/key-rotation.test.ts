import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RotatedKeysWire } from '#contracts/api/audit.schema';
import { envelopeKeeper } from '#platform/secrets/keeper';
import { createKeyRing } from '#platform/secrets/key-ring';
import { createSecretStore } from '#platform/secrets/secret-store';
import { startApi, type ApiUnderTest } from '../support/api.ts';

/** Control C23: the master key changes while keys are read. */
const [OLD, NEW] = [randomBytes(32), randomBytes(32)];
let api: ApiUnderTest;
beforeAll(async () => { api = await startApi({ AWP_MASTER_KEY: NEW.toString('base64'), AWP_PREVIOUS_MASTER_KEYS: OLD.toString('base64') }); });
afterAll(() => api.close());

it('all keys are rewrapped while they are read; afterwards the old master key is not needed', async () => {
  const { db, config } = api.deps;
  const { createSetting } = await import('#platform/repositories/settings');
  const { baseUrlHash } = await import('#platform/secrets/secret-store');
  const people = await Promise.all(Array.from({ length: 6 }, () => api.person('student')));
  for (const { id } of people) {
    for (const provider of ['openai', 'groq'] as const) await db.$transaction((tx) => createSetting(tx, envelopeKeeper(createKeyRing([OLD])), id, provider, { apiKey: `sk-${id}-${provider}`, baseUrlHash: baseUrlHash(config, provider) }, { isActive: true, isDefault: false }));
  }
  const ended = new AbortController();
  let reads = 0;
  const reader = (async () => {
    while (!ended.signal.aborted) {
      for (const { id } of people) { expect((await api.deps.secrets.resolve(id, 'openai'))?.apiKey).toBe(`sk-${id}-openai`); reads += 1; }
    }
  })();
  expect((await api.call('POST', '/api/v1/keys/rotate', { as: people[0]?.token ?? null })).status).toBe(403);
  const done = (await api.call('POST', '/api/v1/keys/rotate')).body as RotatedKeysWire;
  ended.abort();
  await reader;
  expect([done.rewrapped, done.already, done.unreadable, reads > 0]).toEqual([12, 0, 0, true]);
  const onlyNew = createSecretStore(db, createKeyRing([NEW]), config);
  for (const { id } of people) expect((await onlyNew.resolve(id, 'groq'))?.apiKey).toBe(`sk-${id}-groq`);
  expect((await api.call('POST', '/api/v1/keys/rotate')).body).toMatchObject({ rewrapped: 0, already: 12 });
  expect(await db.auditEvent.count({ where: { type: 'keys.rotated', outcome: 'success' } })).toBe(2);
});
