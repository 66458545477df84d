import { describe, expect, it } from 'vitest';
import type { ProviderWire, WorkflowDetailWire } from './queries';
import { ApiError, queryString, readProblem, unreachable } from './api-client';
import { clearDraft, clearDrafts, listDrafts, loadDraft, saveDraft } from './draft';
import { ceilingOf } from './estimate';
import { createKeyring, newIdempotencyKey } from './idempotency';
import { preferredProvider, remarkOn, whyNot } from './provider-choice';
import { providerState } from './provider-state';
import { safeNext } from './safe-next';

const provider = (more: Partial<ProviderWire>): ProviderWire => ({ provider: 'openai', name: 'openai', display_name: 'OpenAI', description: '', supported: true, connected: true, key_source: 'own', needs_key: true, key_url: null, key_hint: null, default_model: 'm', models: [], listed_models: [], capabilities: { streaming: true, structured_output: 'json_schema', tools: true, vision: false }, simulated: false, is_default: false, is_active: true, setting_id: null, last4: null, last_tested_at: null, test_status: null, test_message: null, keys: [], price_date: '2026-11-01', ...more });
const demo = provider({ provider: 'demo', simulated: true, needs_key: false, key_source: 'not_needed', is_active: null });

describe('choice of a provider', () => {
  const keyless = provider({ provider: 'groq', connected: false, key_source: null, is_active: null });
  it('says why one cannot be used', () => expect([whyNot(provider({})), whyNot(keyless), whyNot(provider({ is_active: false })), whyNot(provider({ supported: false })), whyNot(demo)]).toEqual([null, 'Add a key on the Providers page', 'Switched off on the Providers page', 'The administrator has to set its address first', null]));
  it('takes the wanted one, then the default, then one with a key, then the demo', () => {
    const own = provider({}), preferred = provider({ provider: 'anthropic', is_default: true });
    expect(preferredProvider([demo, own, preferred], 'openai')).toBe(own);
    expect(preferredProvider([demo, own, preferred], null)).toBe(preferred);
    expect(preferredProvider([demo, keyless, own], 'groq')).toBe(own);
    expect(preferredProvider([keyless, demo], null)).toBe(demo);
    expect(preferredProvider([keyless], null)).toBeUndefined();
  });
  it('a failed test is a remark, not a ban', () => expect([remarkOn(provider({ test_status: 'failed' })), remarkOn(demo), remarkOn(provider({}))]).toEqual(['The last key test failed', 'Needs no key; not a language model', null]));
  it('a card has a dot and words', () => expect([provider({ test_status: 'success' }), provider({ test_status: 'failed' }), provider({ key_source: 'workspace' }), keyless, demo, provider({ supported: false }), provider({ test_status: 'pending' }), provider({ is_active: false }), provider({ key_source: 'workspace', listed_models: [{ id: 'm', known: true }] }), provider({ key_source: 'not_needed' }), provider({ key_source: 'not_needed', listed_models: [{ id: 'm', known: false }] })].map((one) => providerState(one).words)).toEqual(['Key works', 'The last test failed', 'Key of the workspace, not tested yet', 'No key', 'Ready, no key needed', 'Needs an address from the administrator', 'Key saved, test not finished', 'Switched off', 'Key of the workspace works', 'No key needed, not tested yet', 'Answers, no key needed']));
});

describe('the most a mode may cost', () => {
  const mode = { plan: [{ step: 'a', title: 'A', kind: 'model', repeat: 2, input_tokens: 1000, max_output_tokens: 600 }, { step: 'b', title: 'B', kind: 'tool', repeat: 3, input_tokens: 0, max_output_tokens: 0 }], caps: { output_tokens: 1000, input_tokens: 8000, seconds: 60, iterations: 5, cost_usd_micros: null } } as unknown as WorkflowDetailWire['modes'][number];
  const model = { id: 'm', context_tokens: 1, max_output_tokens: 1, input_price: 1_000_000, output_price: 10_000_000 };
  it('is the plan, cut by the caps, at list price', () => expect(ceilingOf(mode, model)).toEqual({ calls: 2, inputTokens: 2000, outputTokens: 1000, costUsdMicros: 12_000 }));
  it('is unknown without a price, never 0', () => expect(ceilingOf(mode, { ...model, output_price: null }).costUsdMicros).toBeNull());
  it('is nothing where no model is asked', () => expect(ceilingOf({ ...mode, plan: [], caps: null }, model)).toEqual({ calls: 0, inputTokens: 0, outputTokens: 0, costUsdMicros: 0 }));
});

describe('requests', () => {
  it('a problem document is kept whole', async () => expect(await readProblem(new Response(JSON.stringify({ type: '/problems/conflict', title: 'No', status: 409, code: 'Conflict', request_id: 'r1' }), { status: 409 }))).toMatchObject({ code: 'Conflict', request_id: 'r1', status: 409 }));
  it('an answer from something in between gets honest words', async () => expect(await readProblem(new Response('Internal Server Error', { status: 500, headers: { 'x-request-id': 'r2' } }))).toMatchObject({ code: 'ServiceUnavailable', request_id: 'r2', detail: 'The API could not be reached (HTTP 500).' }));
  it('every error has a remedy', () => expect(new ApiError(unreachable(0)).remedy).toContain('Wait a few seconds'));
  it('empty parameters stay out of the address', () => expect([queryString({ a: 1, b: null, c: '', d: 'x y' }), queryString({})]).toEqual(['?a=1&d=x+y', '']));
  it('the same form sent twice is the same request, a changed one is not', () => {
    let made = 0;
    const keyFor = createKeyring(() => `key-${(made += 1)}`);
    expect([keyFor({ a: 1 }), keyFor({ a: 1 }), keyFor({ a: 2 })]).toEqual(['key-1', 'key-1', 'key-2']);
    expect(newIdempotencyKey()).toMatch(/^[0-9a-f]{32}$/);
  });
  it.each([['/runs?status=failed', '/runs?status=failed'], ['https://evil.example/x', '/'], ['//evil.example/x', '/'], ['/\\evil.example', '/'], ['/sign-in?token=x', '/'], [null, '/']])('after signing in, %s leads to %s', (next, goal) => expect(safeNext(next)).toBe(goal));
});

describe('drafts', () => {
  const memory = (): Storage => { const items = new Map<string, string>(); return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => { items.set(key, value); }, removeItem: (key) => { items.delete(key); }, clear: () => { items.clear(); }, key: (index) => [...items.keys()][index] ?? null, get length() { return items.size; } }; };
  const draft = { version: 1, inputs: { a: 1 }, mode: 'test_run', savedAt: '2026-11-23T12:00:00Z' } as const;
  it('belong to a person and a workflow', () => {
    const storage = memory();
    saveDraft('ann', 'w', draft, storage);
    expect([loadDraft('ann', 'w', storage), loadDraft('bob', 'w', storage), loadDraft('ann', 'other', storage)]).toEqual([draft, null, null]);
    clearDraft('ann', 'w', storage);
    expect(loadDraft('ann', 'w', storage)).toBeNull();
  });
  it('all of one person are listed, newest first', () => {
    const storage = memory();
    saveDraft('ann', 'old', { ...draft, savedAt: '2026-11-01T00:00:00Z' }, storage);
    saveDraft('ann', 'new', { ...draft, savedAt: '2026-11-02T00:00:00Z' }, storage);
    saveDraft('bob', 'other', draft, storage);
    expect(listDrafts('ann', storage).map(({ slug }) => slug)).toEqual(['new', 'old']);
  });
  it('go from the browser with their person, whole or broken; those of others stay', () => {
    const storage = memory();
    saveDraft('ann', 'w', draft, storage);
    storage.setItem('awp:draft:ann:broken', '{');
    saveDraft('bob', 'other', draft, storage);
    clearDrafts('ann', storage);
    expect([storage.length, loadDraft('bob', 'other', storage)]).toEqual([1, draft]);
  });
  it('a broken one, or a browser that refuses storage, is no error', () => {
    const storage = memory();
    storage.setItem('awp:draft:ann:w', '{');
    expect(loadDraft('ann', 'w', storage)).toBeNull();
    const refusing: Storage = { length: 0, clear: () => {}, key: () => null, removeItem: () => {}, setItem: () => { throw new DOMException('full'); }, getItem: () => { throw new DOMException('denied'); } };
    expect([saveDraft('ann', 'w', draft, refusing), loadDraft('ann', 'w', refusing)]).toEqual([false, null]);
  });
});
