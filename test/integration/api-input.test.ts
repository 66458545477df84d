import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProblemSchema, type Problem } from '#contracts/api/common.schema';
import { BOOTSTRAP_KEY, GOAL, startApi, type ApiUnderTest } from '../support/api.ts';

let api: ApiUnderTest;
beforeAll(async () => { api = await startApi(); });
afterAll(() => api.close());

const body = (change: Record<string, unknown> = {}) => ({ workflow_id: 'learn_agentic_ai', inputs: { learning_goal: GOAL }, ...change });
const post = (json: unknown) => api.call('POST', '/api/v1/runs', { json });
const raw = (content: string | Uint8Array, headers: Record<string, string> = { 'Content-Type': 'application/json' }) => api.call('POST', '/api/v1/runs', { raw: content, headers });

/** Every refusal is a whole problem, and nothing was stored. */
async function refused(reply: Awaited<ReturnType<typeof post>>, status: number, pointer?: string): Promise<Problem> {
  expect([reply.status, reply.text]).toEqual([status, expect.stringContaining('"code"')]);
  const problem = ProblemSchema.parse(reply.body);
  expect(problem.request_id).toBe(reply.headers.get('x-request-id'));
  if (pointer) expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
  expect(await api.deps.db.run.count()).toBe(0);
  return problem;
}

describe('bad input names its field and starts nothing', () => {
  it.each([
    ['unknown workflow', { workflow_id: 'no_such_workflow' }, 404, '#/workflow_id'],
    ['a path as workflow', { workflow_id: '../../etc/passwd' }, 400, '#/workflow_id'],
    ['unknown mode', { run_mode: 'yolo' }, 400, '#/run_mode'],
    ['both spellings of the mode', { run_mode: 'test_run', mode: 'test_run' }, 400, '#/mode'],
    ['both spellings of the inputs', { input_data: {} }, 400, '#/input_data'],
    ['wrong type', { inputs: { learning_goal: GOAL, timebox_minutes: 'sixty' } }, 400, '#/inputs/timebox_minutes'],
    ['a string for the inputs', { inputs: 'x' }, 400, '#/inputs'],
    ['extra input', { inputs: { learning_goal: GOAL, 'a/b~c': 1 } }, 400, '#/inputs/a~1b~0c'],
    ['extra key', { definition: { steps: [] } }, 400, '#/definition'],
    ['empty goal', { inputs: { learning_goal: '   ' } }, 400, '#/inputs/learning_goal'],
    ['no goal', { inputs: {} }, 400, '#/inputs/learning_goal'],
    ['timebox 0', { inputs: { learning_goal: GOAL, timebox_minutes: 0 } }, 400, '#/inputs/timebox_minutes'],
    ['unknown provider', { provider: 'skynet' }, 400, '#/provider'],
    ['a provider without a key', { provider: 'groq' }, 400, '#/provider'],
    ['a provider without an address', { provider: 'compatible' }, 400, '#/provider'],
    ['a model that is no id', { model: 'a model; drop table' }, 400, '#/model'],
    ['a persona of another workflow', { persona: 'ai_architect' }, 400, '#/persona'],
    ['more than 50 inputs', { inputs: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`f${index}`, 1])) }, 400, '#/inputs'],
    ['a text longer than 10,000 characters', { inputs: { learning_goal: 'x'.repeat(10_001) } }, 400, '#/inputs/learning_goal'],
    ['NUL in a text', { inputs: { learning_goal: `Learn agents\0 and tools` } }, 400, '#/inputs/learning_goal'],
    ['half a surrogate pair', { inputs: { learning_goal: 'Learn agents \ud800 now' } }, 400, '#/inputs/learning_goal'],
  ])('%s', async (_name, change, status, pointer) => {
    await refused(await post(body(change)), status, pointer);
  });

  it.each([
    ['__proto__', '{"workflow_id":"learn_agentic_ai","inputs":{"learning_goal":"Learn about agents","__proto__":{"x":1}}}', '#/inputs/__proto__'],
    ['__proto__ in escapes', '{"workflow_id":"learn_agentic_ai","inputs":{"a":[{"\\u005f_proto__":1}]}}', '#/inputs/a/0/__proto__'],
    ['constructor', '{"constructor":{"prototype":{"isAdmin":true}}}', '#/constructor'],
    ['prototype', '{"inputs":{"prototype":1}}', '#/inputs/prototype'],
    ['33 levels', `{"inputs":${'['.repeat(40)}${']'.repeat(40)}}`, undefined],
    ['50,000 levels', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, undefined],
    ['broken JSON', '{"workflow_id":', undefined],
    ['no JSON object', '"text"', undefined],
    ['an empty body', '', undefined],
  ])('%s', async (_name, content, pointer) => {
    await refused(await raw(content), 400, pointer);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('no body says who it is from, where a provider is, or which command to run', async () => {
    const wrong: [string, object, string][] = [
      ['/api/v1/tokens', { name: 'x', user_id: '0199aaaa-0000-7000-8000-000000000001' }, '#/user_id'], ['/api/v1/settings', { provider: 'openai', api_key: 'sk-0123456789abcdef', user_id: '0199aaaa-0000-7000-8000-000000000001' }, '#/user_id'],
      ['/api/v1/settings', { provider: 'openai', api_key: 'sk-0123456789abcdef', base_url: 'https://evil.example' }, '#/base_url'], ['/api/v1/runs', body({ user_id: 'me' }), '#/user_id'], ['/api/v1/runs', body({ base_url: 'https://evil.example' }), '#/base_url'],
      ['/api/v1/runs', body({ mcp_servers: { x: { command: 'sh' } } }), '#/mcp_servers'], ['/api/v1/workflows/import', { format: 'awp.workflow/v1', definition: {}, command: 'sh' }, '#/command'],
    ];
    for (const [path, json, pointer] of wrong) await refused(await api.call('POST', path, { json }), 400, pointer);
  });

  it('a body that says it is an object of a library is text like any other', async () => {
    const marked = { lc: 1, type: 'secret', id: ['OPENAI_API_KEY'] };
    await refused(await post(body({ inputs: { learning_goal: marked } })), 400, '#/inputs/learning_goal');
    await refused(await api.call('POST', '/api/v1/workflows', { json: { name: 'Marked', persona: 'student', definition: { steps: [{ type: 'prompt', prompt: marked }] } } }), 400, '#/definition/steps/0/prompt');
    await refused(await raw('{"workflow_id":"learn_agentic_ai","files":[{"filepath":"/etc/passwd"}]}', { 'Content-Type': 'multipart/form-data; boundary=x' }), 415);
  });

  it('control characters are dropped, line breaks and tabs stay', async () => {
    const reply = await api.call('PUT', '/api/v1/pause', { json: { paused: true, reason: 'a\u0007b\tc\nd\u001b[31m' } });
    expect(reply.body).toMatchObject({ reason: 'ab\tc\nd[31m' });
    expect((await api.call('PUT', '/api/v1/pause', { json: { paused: false } })).status).toBe(200);
  });

  it('bytes that are not UTF-8', async () => { await refused(await raw(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])), 400); });
  it('10 MB', async () => { await refused(await raw(JSON.stringify(body({ inputs: { learning_goal: 'x'.repeat(10_000_000) } }))).catch(() => raw('x'.repeat(300_000))), 413); });
  it('a little more than 256 KB', async () => { await refused(await raw('x'.repeat(262_145)), 413); });

  it.each([
    ['no content type', {}], ['text/plain', { 'Content-Type': 'text/plain' }], ['a form', { 'Content-Type': 'application/x-www-form-urlencoded' }], ['multipart', { 'Content-Type': 'multipart/form-data; boundary=x' }],
    ['utf-7', { 'Content-Type': 'application/json; charset=utf-7' }], ['latin-1', { 'Content-Type': 'application/json; charset=iso-8859-1' }],
  ])('%s is not accepted', async (_name, headers) => { await refused(await raw(new TextEncoder().encode(JSON.stringify(body())), headers), 415); });

  it('a compressed body is not accepted', async () => { await refused(await raw(gzipSync(JSON.stringify(body())), { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }), 415); });

  it.each([
    ['/api/v1/runs/not-a-uuid', '#/path/id'], ['/api/v1/runs/..%2f..%2fetc%2fpasswd', '#/path/id'], ['/api/v1/runs/%00', '#/path/id'], ['/api/v1/workflows/%2e%2e%2fx', '#/path/id'], ['/api/v1/artifacts/%2Fetc%2Fpasswd/download', '#/path/id'],
    ['/api/v1/runs?limit=0', '#/query/limit'], ['/api/v1/runs?limit=201', '#/query/limit'], ['/api/v1/runs?limit=abc', '#/query/limit'], ['/api/v1/runs?limit=1&limit=2', '#/query/limit'], ['/api/v1/runs?skip=-1', '#/query/skip'],
    ['/api/v1/runs?cursor=nonsense', '#/query/cursor'], ['/api/v1/runs?stauts=failed', '#/query/stauts'], ['/api/v1/runs?status=exploded', '#/query/status'], ['/api/v1/session?x=1', '#/query/x'],
    ['/api/v1/knowledge/search?q=a%00b', '#/query/q'], ['/api/v1/workflows?search=%00', '#/query/search'], ['/api/v1/runs?search=%00', '#/query/search'], ['/api/v1/runs?workflow_id=%00', '#/query/workflow_id'], ['/api/v1/audit?type=%00', '#/query/type'],
    ['/api/v1/audit/export?resource=%00', '#/query/resource'], ['/api/v1/artifacts?artifact_type=%00', '#/query/artifact_type'], ['/api/v1/settings/provider/%00', '#/path/name'], ['/api/v1/workflows?constructor=1', '#/query/constructor'],
  ])('GET %s', async (address, pointer) => { await refused(await api.call('GET', address), 400, pointer); });

  it('an address that cannot be decoded', async () => { await refused(await api.call('GET', '/api/v1/runs/%E0%A4%A'), 400); });

  it.each([['TRACE', 405], ['PROPFIND', 405]])('the method %s', async (method, status) => {
    const asked = request(`${api.url}/api/v1/runs`, { method, headers: { Authorization: `Bearer ${BOOTSTRAP_KEY}` } });
    asked.end();
    const [response] = await once(asked, 'response') as [IncomingMessage];
    expect(response.statusCode).toBe(status);
    expect(JSON.parse(await text(response))).toMatchObject({ code: 'MethodNotAllowed' });
  });

  it('two Host headers', async () => {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
    socket.end('GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('an Idempotency-Key of the wrong form', async () => {
    await refused(await api.call('POST', '/api/v1/runs', { json: body(), headers: { 'Idempotency-Key': 'a b' } }), 400, '#/header/Idempotency-Key');
  });

  it('a request logs one line, whatever is in its address', async () => {
    const before = api.log.length;
    await api.call('GET', '/health%0d%0aforged%20line%1b[31m');
    const lines = api.log.slice(before).filter((line) => line.includes('"msg":"request"'));
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('answers', () => {
  it('carry the security headers on success, error and download alike', async () => {
    for (const address of ['/health', '/api/v1/nothing', '/api/v1/workflows', '/api/v1/runs/not-a-uuid']) {
      const { headers } = await api.call('GET', address);
      expect(Object.fromEntries(['content-security-policy', 'x-frame-options', 'x-content-type-options', 'referrer-policy', 'permissions-policy', 'x-powered-by'].map((name) => [name, headers.get(name)]))).toEqual({
        'content-security-policy': "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none';object-src 'none';img-src 'self'", 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff',
        'referrer-policy': 'strict-origin-when-cross-origin', 'permissions-policy': 'camera=(), microphone=(), geolocation=()', 'x-powered-by': null,
      });
    }
  });
});
