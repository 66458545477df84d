import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { masterKey } from '#platform/config';
import { restKey, deleteReplacedKeys } from '#platform/repositories/provider-keys';
import { createSetting, updateSetting } from '#platform/repositories/settings';
import { addKey } from '#platform/repositories/provider-keys';
import { uuidv7 } from '#platform/ids';
import { rotateSecrets } from '#platform/repositories/rotate-secrets';
import { sealed } from '#platform/repositories/settings';
import { createKeyRing } from '#platform/secrets/key-ring';
import { baseUrlHash, createSecretStore, type SecretStore } from '#platform/secrets/secret-store';
import { startEngine, type Engine } from '../support/engine.ts';

let engine: Engine;
let store: SecretStore;
beforeAll(async () => {
  engine = await startEngine();
  store = createSecretStore(engine.db, createKeyRing([masterKey(engine.config)]), engine.config);
});
afterEach(async () => { engine.simulator.reset(); await engine.db.providerSetting.deleteMany(); });
afterAll(() => engine.close());

const hash = () => baseUrlHash(engine.config, 'openai');
const main = () => engine.db.$transaction((tx) => createSetting(tx, store.keeper, engine.userId, 'openai', { apiKey: 'sk-main-0123456789', baseUrlHash: hash() }, { isActive: true, isDefault: false }));
async function further(setting: { id: string; provider: string }, apiKey: string, weight = 1) {
  const id = uuidv7();
  const secret = await sealed(store.keeper, { apiKey, baseUrlHash: hash() }, { ownerId: engine.userId, provider: 'openai', rowId: id });
  await engine.db.$transaction((tx) => addKey(tx, engine.userId, setting, { id, weight, ...secret }));
  return id;
}
const used = async (runId?: string) => (await store.resolve(engine.userId, 'openai', { runId }))?.apiKey;

describe('several keys of one provider', () => {
  it('share the calls by their weights, rest after a 429 while another is awake, and none is used of a setting that is switched off', async () => {
    const setting = await main();
    const second = await further(setting as never, 'sk-second-0123456789', 3);
    const drawn = await Promise.all(Array.from({ length: 200 }, () => used()));
    const share = drawn.filter((key) => key === 'sk-second-0123456789').length;
    expect([share > 110, share < 190]).toEqual([true, true]);
    expect(await restKey(engine.db, engine.userId, second, 60_000, hash())).toBe(true);
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => used())))).toEqual(new Set(['sk-main-0123456789']));
    // All rest: the one that wakes first.
    expect(await restKey(engine.db, engine.userId, setting?.id as string, 600_000, hash())).toBe(false);
    expect(await used()).toBe('sk-second-0123456789');
    await engine.db.$transaction((tx) => updateSetting(tx, store.keeper, engine.userId, setting?.id as string, { isActive: false }));
    // The workspace's, which the page says; none of the person's own.
    expect((await store.resolve(engine.userId, 'openai'))?.source).toBe('workspace');
  });

  it('a call that one key is throttled for is made with the other, without the wait that the vendor asked for', async () => {
    const setting = await main();
    await further(setting as never, 'sk-second-0123456789');
    engine.simulator.addFaults({ fault: { kind: 'status', status: 429, headers: { 'retry-after': '50' } }, match: { requestId: '*' } });
    const { runId } = await engine.start({ provider: 'openai' });
    const view = await engine.finished(runId);
    expect(view.status).toBe('completed');
    const [retry] = view.stages.flatMap((stage) => stage.steps).flatMap((step) => step.completions).flatMap((completion) => completion.retries);
    expect(retry).toMatchObject({ code: 'ProviderRateLimited', waitMs: 20 });
    const resting = [...(await engine.db.providerSetting.findMany()), ...(await engine.db.providerKey.findMany())].filter((row) => row.restedUntil !== null);
    expect(resting).toHaveLength(1);
  });

  it('a spending limit is no rest', async () => {
    const setting = await main();
    await further(setting as never, 'sk-second-0123456789');
    engine.simulator.addFaults({ fault: { kind: 'quota' }, match: { requestId: '*' }, times: 0 });
    const { runId } = await engine.start({ provider: 'openai' });
    expect((await engine.finished(runId)).error?.code).toBe('ProviderQuota');
    expect([await engine.db.providerSetting.count({ where: { restedUntil: { not: null } } }), await engine.db.providerKey.count({ where: { restedUntil: { not: null } } })]).toEqual([0, 0]);
  });

  it('a replaced key stays for runs from before until its time, then is gone; a new master key wraps every key', async () => {
    const setting = await main();
    const { runId } = await engine.start({ provider: 'openai' });
    await engine.finished(runId);
    await engine.db.$transaction((tx) => updateSetting(tx, store.keeper, engine.userId, setting?.id as string, { secret: { apiKey: 'sk-newer-0123456789', baseUrlHash: hash() }, overlapMinutes: 5 }));
    expect([await used(), await used(runId)]).toEqual(['sk-newer-0123456789', 'sk-main-0123456789']);
    const next = createKeyRing([Buffer.alloc(32, 7), masterKey(engine.config)]);
    expect(await rotateSecrets(engine.db, next)).toMatchObject({ rewrapped: 2, unreadable: 0 });
    expect((await createSecretStore(engine.db, createKeyRing([Buffer.alloc(32, 7)]), engine.config).resolve(engine.userId, 'openai', { runId }))?.apiKey).toBe('sk-main-0123456789');
    await engine.db.$executeRaw`UPDATE provider_keys SET valid_until = now() - interval '1 second'`;
    expect((await createSecretStore(engine.db, next, engine.config).resolve(engine.userId, 'openai', { runId }))?.apiKey).toBe('sk-newer-0123456789');
    expect(await engine.db.$transaction((tx) => deleteReplacedKeys(tx, 10))).toHaveLength(1);
    expect(await engine.db.providerKey.count()).toBe(0);
  });

  it('a key that is not saved is tested without being kept, and no history holds it', async () => {
    const { testUnsavedKey } = await import('#api/key-test');
    const deps = { temporal: Object.assign(engine.runner.deps.temporal, {}), config: { ...engine.config, WORKER_TASK_QUEUE: engine.config.WORKER_TASK_QUEUE, AWP_KEY_TEST_TIMEOUT_MS: 10_000 }, db: engine.db, logger: { warn: () => {} }, keyRing: createKeyRing([masterKey(engine.config)]) };
    const outcome = await testUnsavedKey(deps as never, engine.userId, 'openai', 'sk-canary-unsaved-0123456789');
    expect(outcome).toMatchObject({ kind: 'tested', result: { success: true } });
    expect(await testUnsavedKey(deps as never, engine.userId, 'openai', 'bad-key')).toMatchObject({ kind: 'tested', result: { success: false, code: 'ProviderAuthentication' } });
    expect(await engine.db.providerSetting.count()).toBe(0);
    for await (const execution of engine.runner.deps.temporal.workflow.list({ query: 'WorkflowType = "testProviderKey"' })) {
      expect(JSON.stringify(await engine.runner.deps.temporal.workflow.getHandle(execution.workflowId).fetchHistory(), (_key, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString() : value))).not.toContain('canary-unsaved');
    }
  });
});
