import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyTestSchema, ProviderSchema, SettingSchema } from '#contracts/api/providers.schema';
import { keepListedModels } from '#platform/repositories/listed-models';
import { GOAL } from '../support/engine.ts';
import { startPlatform, type PlatformUnderTest } from '../support/platform.ts';

const KEY = 'sk-test-0123456789abcdef';
/** As Ollama answers: it takes no key, and has only what was pulled. */
const ollama = createServer((request, response) => {
  const found = request.url === '/v1/models' && request.headers.authorization === undefined;
  response.writeHead(found ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(found ? { object: 'list', data: [{ id: 'qwen3:8b', object: 'model', created: 1, owned_by: 'library' }, { id: 'llama3.2:3b', object: 'model', created: 1, owned_by: 'library' }] } : { error: { message: 'no' } }));
});
const PULLED = [{ id: 'llama3.2:3b', known: false }, { id: 'qwen3:8b', known: false }];
let platform: PlatformUnderTest;
beforeAll(async () => {
  await new Promise<void>((resolve) => { ollama.listen(0, '127.0.0.1', resolve); });
  platform = await startPlatform({ OPENAI_API_KEY: '', COMPATIBLE_API_KEY: '', COMPATIBLE_BASE_URL: `http://127.0.0.1:${(ollama.address() as AddressInfo).port}/v1`, AWP_KEY_TEST_TIMEOUT_MS: '20000' });
});
afterAll(async () => { await platform.close(); ollama.closeAllConnections(); ollama.close(); });

const person = () => platform.api.person('student');
const call = (as: string, method: string, address: string, json?: unknown) => platform.api.call(method, `/api/v1/settings${address}`, { as, ...(json === undefined ? {} : { json }) });
const listed = async (as: string, provider: string) => ProviderSchema.array().parse((await call(as, 'GET', '/providers')).body).find((one) => one.provider === provider)?.listed_models;
const validate = (as: string, provider: string, model: string) => platform.run(as, { workflow_id: 'learn_agentic_ai', run_mode: 'validate_only', provider, model, inputs: { learning_goal: GOAL } });

describe('models that a provider lists', () => {
  it('are kept with the key that was tested, marked where nothing is known of them, told to its owner only, and gone with the key', async () => {
    const [alice, bob] = await Promise.all([person(), person()]);
    expect(await listed(alice.token, 'openai')).toEqual([]);
    const saved = await call(alice.token, 'POST', '/secrets', { provider: 'openai', api_key: KEY });
    expect(saved.body).toMatchObject({ test_status: 'success' });
    const found = (await listed(alice.token, 'openai')) ?? [];
    expect(found).toEqual(expect.arrayContaining([{ id: 'gpt-4o-mini', known: true }, { id: 'llama-3.3-70b-versatile', known: false }]));
    expect(found.map(({ id }) => id)).toEqual(found.map(({ id }) => id).sort());
    expect((await call(alice.token, 'GET', '/models/openai')).body).toEqual(expect.arrayContaining(['gpt-4o-mini', 'llama-3.3-70b-versatile']));
    await call(bob.token, 'POST', '/secrets', { provider: 'openai', api_key: KEY, test: false });
    expect([await listed(bob.token, 'openai'), (await call(bob.token, 'GET', '/models/openai')).body]).toEqual([[], ['gpt-5.2-2025-12-11', 'gpt-4o-mini']]);
    const { id } = SettingSchema.parse((await call(alice.token, 'GET', '/provider/openai')).body);
    await call(alice.token, 'PUT', `/${id}`, { api_key: `${KEY}2` });
    expect(await listed(alice.token, 'openai')).toEqual([]);
    expect((await call(alice.token, 'POST', `/${id}/test`)).body).toMatchObject({ success: true });
    expect(await listed(alice.token, 'openai')).toEqual(found);
    platform.simulator.addFaults({ fault: { kind: 'status', status: 500 }, times: 9, match: { health: true } });
    expect((await call(alice.token, 'POST', `/${id}/test`)).body).toMatchObject({ success: false });
    // A provider that is away has not lost its models.
    expect(await listed(alice.token, 'openai')).toEqual(found);
    platform.simulator.reset();
    await call(alice.token, 'DELETE', `/${id}`);
    expect(await listed(alice.token, 'openai')).toEqual([]);
  });

  it('of an address that needs no key are there for everybody once it was tested; an address that is changed voids them', async () => {
    const [alice, bob] = await Promise.all([person(), person()]);
    expect(await listed(bob.token, 'compatible')).toEqual([]);
    const tested = await call(alice.token, 'POST', '/providers/compatible/test', {});
    expect([tested.status, KeyTestSchema.parse(tested.body).success]).toEqual([200, true]);
    expect(await listed(bob.token, 'compatible')).toEqual(PULLED);
    const { config, db } = platform.api.deps;
    await keepListedModels(db, { providers: { ...config.providers, compatible: { baseUrl: 'http://elsewhere.example/v1' } } }, { userId: alice.id, provider: 'compatible', settingId: null }, ['elsewhere']);
    expect(await listed(bob.token, 'compatible')).toEqual([]);
    // The Validate stage asks as well.
    const run = await validate(alice.token, 'compatible', 'qwen3:8b');
    expect([run.status, JSON.stringify(run).includes('qwen3:8b is ready')]).toEqual(['completed', true]);
    expect(await listed(bob.token, 'compatible')).toEqual(PULLED);
    expect((await call(alice.token, 'POST', '/providers/openai/test', {})).body).toMatchObject({ success: false });
    expect(await listed(bob.token, 'openai')).toEqual([]);
  });

  it('are kept by the Validate stage as well, and a model that nobody listed can be run: its price and its listing are said to be unknown', async () => {
    const alice = await person();
    await call(alice.token, 'POST', '/secrets', { provider: 'openai', api_key: KEY, test: false });
    const known = await validate(alice.token, 'openai', 'llama-3.3-70b-versatile');
    expect(known.status).toBe('completed');
    expect(await listed(alice.token, 'openai')).toContainEqual({ id: 'llama-3.3-70b-versatile', known: false });
    const typed = await validate(alice.token, 'openai', 'my-own-model:7b');
    expect([typed.status, typed.model]).toEqual(['completed', 'my-own-model:7b']);
    expect(JSON.stringify(typed)).toContain('does not list the model my-own-model:7b');
    expect(JSON.stringify(typed)).toContain('no known price for this model');
  });

  it('are at most 200, each of at most 200 characters, without what is no name', async () => {
    const alice = await person();
    await call(alice.token, 'POST', '/secrets', { provider: 'openai', api_key: KEY, test: false });
    const { id } = SettingSchema.parse((await call(alice.token, 'GET', '/provider/openai')).body);
    const { config, db } = platform.api.deps;
    await keepListedModels(db, config, { userId: alice.id, provider: 'openai', settingId: id }, [...Array.from({ length: 500 }, (_, index) => `model-${index}`), 'two words', 'x'.repeat(201), '<img>']);
    const found = (await listed(alice.token, 'openai')) ?? [];
    expect([found.length, found.every((model) => /^model-\d+$/.test(model.id))]).toEqual([200, true]);
  });
});
