import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Payload } from '@temporalio/common';
import { MAX_TEXT_LENGTH } from '#contracts/limits';
import { uuidv7 } from '#platform/ids';
import { GOAL, startApi, type ApiUnderTest } from '../support/api.ts';

/** Temporal Web decodes with the rights of the person who looks. */
const UI = 'https://temporal.example';
let api: ApiUnderTest;
beforeAll(async () => { api = await startApi({ AWP_PAYLOAD_ENCRYPTION: 'required', TEMPORAL_UI_URL: `${UI}/` }); });
afterAll(() => api.close());

const start = async (as: string) => ((await api.call('POST', '/api/v1/runs', { as, json: { workflow_id: 'learn_agentic_ai', inputs: { learning_goal: GOAL }, provider: 'demo' } })).body as { id: string }).id;
const wire = ({ metadata, data }: Payload) => ({ metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')])), data: Buffer.from(data ?? []).toString('base64') });
async function encrypted(workflowId: string, text: string) {
  const [payload] = await api.deps.payloadEncryption.encode([{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(JSON.stringify(text)) }], { type: 'workflow', namespace: 'default', workflowId });
  return wire(payload as Payload);
}
const decode = (as: string | null, payloads: unknown[], headers: Record<string, string> = {}) => api.call('POST', '/api/v1/codec/decode', { as, json: { payloads }, headers: { 'X-Namespace': 'default', ...headers } });
const texts = (reply: { body: never }) => (reply.body as { payloads: { data: string }[] }).payloads.map(({ data }) => Buffer.from(data, 'base64').toString('utf8'));

describe('the codec endpoint', () => {
  it('gives a person the words of their runs, another person nothing, and writes both down', async () => {
    const [alice, bob, admin] = await Promise.all([api.person('researcher'), api.person('researcher'), api.person('admin')]);
    const [mine, theirs] = [await start(alice.token), await start(bob.token)];
    const long = 'w'.repeat(3 * MAX_TEXT_LENGTH);
    const payloads = [await encrypted(mine, 'hello'), await encrypted(theirs, 'secret of bob'), await encrypted(mine, long), wire({ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('"plain"') })];
    const seen = texts(await decode(alice.token, payloads));
    expect([seen[0], seen[2], seen[3]]).toEqual(['"hello"', JSON.stringify(long), '"plain"']);
    expect(seen[1]).not.toContain('bob');
    expect((await decode(alice.token, [payloads[1]])).status).toBe(404);
    expect((await decode(alice.token, [await encrypted(uuidv7(), 'x'), await encrypted('key-test/x/y', 'x')])).status).toBe(404);
    expect(texts(await decode(admin.token, payloads))[1]).toBe('"secret of bob"');
    expect((await decode(null, payloads)).status).toBe(401);
    const events = await api.deps.db.auditEvent.findMany({ where: { type: 'payload.decoded' }, orderBy: { sequence: 'asc' } });
    expect(events.map(({ subject, outcome }) => [subject, outcome])).toEqual([[alice.id, 'denied'], [alice.id, 'denied'], [alice.id, 'denied'], [admin.id, 'success']]);
  });

  it('refuses a payload that was given to another run, and has no encoder', async () => {
    const alice = await api.person('researcher');
    const [one, other] = [await start(alice.token), await start(alice.token)];
    const moved = await encrypted(one, 'hello');
    expect((await decode(alice.token, [{ ...moved, metadata: { ...moved.metadata, 'awp-workflow-id': Buffer.from(other).toString('base64') } }])).status).toBe(400);
    expect((await api.call('POST', '/api/v1/codec/encode', { as: alice.token, json: { payloads: [] } })).status).toBe(404);
  });

  it('opens to the origin of Temporal Web and no other, and only there', async () => {
    const ask = (origin: string, address = '/api/v1/codec/decode') => api.call('OPTIONS', address, { as: null, headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' } });
    const allowed = (await ask(UI)).headers;
    expect([allowed.get('access-control-allow-origin'), allowed.get('access-control-allow-credentials'), allowed.get('access-control-allow-headers')]).toEqual([UI, 'true', expect.stringContaining('X-Namespace')]);
    expect([(await ask('https://evil.example')).headers.get('access-control-allow-origin'), (await ask(UI, '/api/v1/runs')).headers.get('access-control-allow-origin')]).toEqual([null, null]);
  });

  it('takes the cookie from Temporal Web for this and for nothing else', async () => {
    const token = api.deps.config.AWP_SIGN_IN_TOKEN as string;
    const signIn = await fetch(`${api.url}/api/v1/session/sign-in-link`, { method: 'POST', headers: { 'Content-Type': 'application/json', Origin: api.deps.config.WEB_ORIGIN }, body: JSON.stringify({ token }) });
    const cookie = (signIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const send = (origin: string, address: string, json: unknown) => api.call('POST', address, { as: null, json, headers: { Cookie: cookie, Origin: origin } });
    const payloads = [await encrypted(uuidv7(), 'x')];
    expect([(await send(UI, '/api/v1/codec/decode', { payloads })).status, (await send('https://evil.example', '/api/v1/codec/decode', { payloads })).status, (await send(UI, '/api/v1/tokens', { name: 'stolen', scopes: [] })).status]).toEqual([200, 403, 403]);
  });
});
