import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createProgram, runCli } from './program.ts';

/** The command line in this process against a server that answers from a table; the real stack is test/integration/cli.test.ts. */
let server: Server;
let url: string;
let answers: Record<string, { status?: number; body: unknown; type?: string; link?: string }>;
let asked: { method: string; path: string; body: unknown; auth: string | undefined; key: string | undefined }[];
let folder: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const path = request.url ?? '';
      asked.push({ method: request.method ?? '', path, body: body ? JSON.parse(body) : undefined, auth: request.headers.authorization, key: request.headers['idempotency-key'] as string | undefined });
      const answer = answers[`${request.method} ${path}`] ?? answers[`${request.method} ${path.replace(/\?.*/, '')}`] ?? { status: 404, body: { type: '/problems/not-found', title: 'There is nothing here', status: 404, code: 'NotFound', remedy: 'Check the id.', request_id: 'req-1' } };
      response.writeHead(answer.status ?? 200, { 'content-type': answer.type ?? 'application/json', deprecation: path.includes('old') ? '@1700000000' : '', ...(answer.link ? { link: answer.link } : {}) }).end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
    })();
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => { server.closeAllConnections(); server.close(); });
beforeEach(() => { answers = {}; asked = []; folder = mkdtempSync(join(tmpdir(), 'awp-program-')); });
afterEach(() => rmSync(folder, { recursive: true }));

async function awp(args: string[], { env = {}, stdin = '' }: { env?: NodeJS.ProcessEnv; stdin?: string } = {}): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runCli(args, {
    stdout: { write: (part) => { out += part; } }, stderr: { write: (part) => { err += part; } }, stdin: Readable.from([stdin]), env: { AWP_HOME: folder, XDG_CONFIG_HOME: folder, AWP_API_URL: url, AWP_API_TOKEN: 'token-0123456789abcdef', ...env },
  }, new AbortController().signal);
  return { code, out, err };
}

const RUN = {
  id: '01990000-0000-7000-8000-000000000001', workflow_id: 'learn', workflow_title: 'Learn', workflow_version: 1, run_mode: 'test_run', status: 'completed', wait_reason: null, provider: 'demo', model: 'm', simulated: true, error: null, inputs: { goal: 'x' }, headline: 'Done.',
  created_at: '2026-11-01T12:00:00.000Z', started_at: null, completed_at: '2026-11-01T12:00:02.000Z', totals: { input_tokens: 1, output_tokens: 2, cost_usd_micros: 0 }, metrics: { completions: 1, reused: 0, tool_calls: 0, retries: 0, possibly_billed: 0 }, artifacts: [], provider_reason: 'You chose it.',
};
const SCHEMA = { json_schema: { type: 'object' }, presets: [{ key: 'first', title: 'First', inputs: { goal: 'preset' } }], fields: [{ name: 'goal', type: 'string', title: null, description: null, tab: 'a', required: true, options: null }] };

describe('help and wrong use', () => {
  it('every command has examples before its options and ends with 0', async () => {
    const program = createProgram({ terminal: { stdout: process.stdout, stderr: process.stderr, stdin: process.stdin, env: {} }, interrupted: new AbortController().signal, finish: () => undefined });
    const leaves = program.commands.flatMap((command) => (command.commands.length > 0 ? command.commands.map((sub) => [command.name(), sub.name()]) : [[command.name()]]));
    expect(leaves.length).toBeGreaterThan(20);
    for (const path of leaves) {
      const { code, out } = await awp([...path, '--help']);
      expect([path, code, out.indexOf('Examples:')]).toEqual([path, 0, 0]);
      expect(out).toContain('--json');
    }
  });

  it('unknown words are met with the nearest known one, on stderr, with 2', async () => {
    expect(await awp(['runs', 'lst'])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Did you mean list?') as string });
    expect(await awp(['runs', 'list', '--jsn'])).toMatchObject({ code: 2, err: expect.stringContaining('--json') as string });
    expect((await awp([])).code).toBe(2);
    expect((await awp(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(await awp(['runs', 'list'], { env: { AWP_API_URL: '' } })).toMatchObject({ code: 2, err: expect.stringContaining('npm start') as string });
  });

  it('completion knows every command', async () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { code, out } = await awp(['completion', shell]);
      expect([shell, code]).toEqual([shell, 0]);
      for (const word of ['runs', 'rerun', 'drill', 'verify']) expect(out).toContain(word);
    }
    expect((await awp(['completion', 'tcsh'])).code).toBe(2);
  });
});

describe('commands', () => {
  it('run sends what was said, with the token in its header and the key in its own, and prints the id alone', async () => {
    answers = { 'POST /api/v1/runs': { status: 201, body: RUN }, 'GET /api/v1/workflows/learn/schema': { body: SCHEMA } };
    expect(await awp(['run', 'learn', '--mode', 'validate', '--preset', 'first', '--set', 'goal=other', '--provider', 'demo', '--idempotency-key', 'k-1'])).toMatchObject({ code: 0, out: `${RUN.id}\n` });
    expect(asked.at(-1)).toEqual({ method: 'POST', path: '/api/v1/runs', body: { workflow_id: 'learn', run_mode: 'validate_only', inputs: { goal: 'other' }, provider: 'demo' }, auth: 'Bearer token-0123456789abcdef', key: 'k-1' });
    await awp(['run', 'learn', '-i', '-', '--json'], { stdin: '{"goal":"from stdin"}' });
    expect(asked.at(-1)).toMatchObject({ body: { run_mode: 'test_run', inputs: { goal: 'from stdin' } } });
    expect((await awp(['run', 'learn', '--preset', 'second'])).code).toBe(2);
    expect((await awp(['run', 'learn', '--mode', 'all'])).code).toBe(2);
  });

  it('run --watch ends with the outcome of the run', async () => {
    answers = { 'POST /api/v1/runs': { status: 201, body: RUN }, [`GET /api/v1/runs/${RUN.id}/stream`]: { status: 204, body: '' }, [`GET /api/v1/runs/${RUN.id}`]: { body: { ...RUN, status: 'timed_out' } } };
    const { code, out, err } = await awp(['run', 'learn', '-i', '-', '--watch', '--json'], { stdin: '{}' });
    expect([code, JSON.parse(out)]).toEqual([7, expect.objectContaining({ status: 'timed_out' })]);
    expect(err).toContain(RUN.id);
  });

  it('lists, one run, its events, a cancel', async () => {
    answers = {
      'GET /api/v1/runs': { body: [RUN] }, [`GET /api/v1/runs/${RUN.id}`]: { body: RUN }, [`GET /api/v1/runs/${RUN.id}/events`]: { body: [] }, [`POST /api/v1/runs/${RUN.id}/cancel`]: { status: 202, body: { run_id: RUN.id } },
      'GET /api/v1/workflows': { body: [] }, 'GET /api/v1/workflows/learn/schema': { body: SCHEMA }, 'GET /api/v1/settings/providers': { body: [] }, [`GET /api/v1/runs/${RUN.id}/artifacts`]: { body: [] },
    };
    expect((await awp(['runs', 'list', '--plain', '--status', 'completed', '-m', 'test'])).out).toContain(`${RUN.id}\tlearn\ttest\tcompleted\tdemo DEMO\t$0\t2.0 s`);
    expect(asked.at(-1)?.path).toBe('/api/v1/runs?limit=20&status=completed&run_mode=test_run');
    expect((await awp(['runs', 'get', RUN.id])).out).toContain(`${RUN.id}  completed`);
    expect(JSON.parse((await awp(['runs', 'get', RUN.id, '--json'])).out)).toEqual(RUN);
    for (const args of [['runs', 'events', RUN.id], ['runs', 'cancel', RUN.id], ['workflows', 'list'], ['workflows', 'schema', 'learn'], ['providers', 'list'], ['artifacts', 'list', RUN.id]]) expect([args, (await awp(args)).code]).toEqual([args, 0]);
    expect((await awp(['runs', 'compare', RUN.id])).code).toBe(2);
  });

  it('a refusal becomes words, the request id and the code of its class; --quiet keeps it', async () => {
    expect(await awp(['runs', 'get', 'nothing', '-q'])).toEqual({ code: 3, out: '', err: '✗ There is nothing here\n  → Check the id.\n  request id req-1\n' });
    answers = { 'GET /api/v1/runs': { status: 502, body: '<html>', type: 'text/html' } };
    expect(await awp(['runs', 'list'])).toMatchObject({ code: 1, err: expect.stringContaining('502') as string });
    expect(await awp(['runs', 'list'], { env: { AWP_API_URL: 'http://127.0.0.1:1' } })).toMatchObject({ code: 1, err: expect.stringContaining('Nobody answers') as string });
  });

  it('a deprecated address is told on stderr', async () => {
    answers = { 'POST /api/v1/workflows/learn/deactivate': { body: { workflow_id: 'learn', is_active: false } } };
    expect(await awp(['workflows', 'off', 'learn'])).toMatchObject({ code: 0, err: expect.stringContaining('learn is switched off.') as string });
    answers = { 'GET /api/v1/workflows/old': { body: { title: 'Old', workflow_id: 'old', version: 1, outcome: '', description: '', modes: [], artifacts: [], presets: [] } } };
    expect((await awp(['workflows', 'show', 'old'])).err).toContain('deprecated since 2023-11-14');
  });

  it('artifacts pull checks each hash, keeps what is there, and refuses other content', async () => {
    const file = { id: 'a-1', file_name: '../test/notes.md', sha256: createHash('sha256').update('# N').digest('hex'), file_size_bytes: 3, mime_type: 'text/markdown' };
    answers = { [`GET /api/v1/runs/${RUN.id}/artifacts`]: { body: [file] }, 'GET /api/v1/artifacts/a-1/download': { body: '# N', type: 'text/markdown' } };
    const target = join(folder, 'files');
    expect(await awp(['artifacts', 'pull', RUN.id, '-o', target])).toMatchObject({ code: 0, out: `${join(target, 'test/notes.md')}\n` });
    expect(readFileSync(join(target, 'test/notes.md'), 'utf8')).toBe('# N');
    expect((await awp(['artifacts', 'pull', RUN.id, '-o', target])).code).toBe(0);
    writeFileSync(join(target, 'test/notes.md'), 'mine');
    expect((await awp(['artifacts', 'pull', RUN.id, '-o', target])).code).toBe(2);
    answers['GET /api/v1/artifacts/a-1/download'] = { body: 'changed' };
    expect(await awp(['artifacts', 'pull', RUN.id, '-o', target, '--force'])).toMatchObject({ code: 1, err: expect.stringContaining('another hash') as string });
    expect((await awp(['artifacts', 'pull', RUN.id, '--name', 'other'])).code).toBe(2);
  });

  it('login reads the token from stdin, proves it, keeps it; doctor tells; logout forgets it', async () => {
    answers = { 'GET /api/v1/session': { body: { user: { name: 'Ada', role: 'admin' }, kind: 'api_token', permissions: [], expires_at: null, environment: 'local' } }, 'GET /health': { body: { version: '1', environment: 'local' } }, 'GET /ready': { body: { checks: { database: { ok: true, latency_ms: 1, detail: null } } } }, 'GET /api/v1/settings/providers': { body: [{ provider: 'demo', connected: true }] } };
    const env = { AWP_API_TOKEN: '' };
    expect((await awp(['login'], { env, stdin: 'kept-token-0123456789\n' })).code).toBe(0);
    expect(asked.at(-1)?.auth).toBe('Bearer kept-token-0123456789');
    const { code, out } = await awp(['doctor', '--json'], { env: { AWP_API_TOKEN: '', AWP_API_URL: '' } });
    expect([code, (JSON.parse(out) as { check: string; ok: boolean }[]).map((finding) => [finding.check, finding.ok])]).toEqual([0, [['login file', true], ['platform', true], ['API', true], ['database', true], ['sign-in', true], ['providers', true]]]);
    expect(await awp(['doctor', '--production'], { env: { API_PORT: 'eighty' } })).toMatchObject({ code: 1, err: expect.stringContaining('API_PORT') as string });
    expect((await awp(['logout'], { env })).err).toContain('revoke');
    expect((await awp(['login'], { env, stdin: 'short' })).code).toBe(2);
    delete answers['GET /api/v1/session'];
    expect((await awp(['login'], { env, stdin: 'kept-token-0123456789' })).code).toBe(3);
  });

  it('login by a code shows it, waits, keeps the token; logout revokes it', async () => {
    const started = { device_code: 'for-the-program', user_code: 'BCDF-GHJK', verification_uri: 'https://awp.example/device', verification_uri_complete: 'https://awp.example/device?code=BCDF-GHJK', expires_in: 600, interval: 0.01 };
    answers = {
      'POST /api/v1/session/device': { status: 201, body: started }, 'POST /api/v1/session/device/token': { body: { state: 'granted', access_token: 'awp_by-a-code-0123456789', expires_at: null, scopes: [] } },
      'GET /api/v1/session': { body: { user: { name: 'Ada', role: 'student' }, kind: 'api_token', permissions: [], expires_at: null, environment: 'local' } }, 'POST /api/v1/tokens/revoke': { status: 204, body: undefined },
    };
    const env = { AWP_API_TOKEN: '' };
    const shown = await awp(['login', '--device'], { env });
    expect([shown.code, shown.err]).toEqual([0, expect.stringMatching(/device\?code=BCDF-GHJK[\s\S]*Signed in/) as string]);
    expect(shown.out + shown.err).not.toMatch(/for-the-program|awp_by-a-code/);
    expect(asked.at(-1)?.auth).toBe('Bearer awp_by-a-code-0123456789');
    expect((await awp(['logout'], { env })).err).toContain('opens nothing any more');
    answers['POST /api/v1/session/device/token'] = { body: { state: 'access_denied', access_token: null, expires_at: null, scopes: [] } };
    expect((await awp(['login', '--device'], { env })).code).toBe(4);
  });

  it('data: exported to a file of one\'s own, never over another; erased only by saying it twice', async () => {
    answers = { 'GET /api/v1/account/export': { body: '{"kind":"account"}\n', type: 'application/x-ndjson' }, 'GET /api/v1/users?limit=200': { body: [{ id: 'u-0', name: 'Zoe', email: 'zoe@example.org' }], link: '</api/v1/users?limit=200&cursor=abc>; rel="next"' }, 'GET /api/v1/users?limit=200&cursor=abc': { body: [{ id: 'u-1', name: 'Ann', email: 'ann@example.org' }] }, 'DELETE /api/v1/users/u-1': { status: 204, body: '' } };
    const file = join(folder, 'me.ndjson');
    expect(await awp(['data', 'export', '-o', file])).toMatchObject({ code: 0, out: `${file}\n` });
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['{"kind":"account"}\n', 0o600]);
    expect((await awp(['data', 'export', '-o', file])).code).toBe(2);
    expect((await awp(['data', 'erase', 'ann@example.org'])).code).toBe(2);
    expect(asked.map((call) => call.method)).not.toContain('DELETE');
    expect((await awp(['data', 'erase', 'ann@example.org', '--confirm', 'ann@example.org'])).code).toBe(0);
    expect(asked.at(-1)?.method).toBe('DELETE');
    expect((await awp(['data', 'erase', 'bob@example.org', '--confirm', 'bob@example.org'])).code).toBe(1);
  });

  it('evidence: 0 when true, 3 when not; rerun shows its price before it starts', async () => {
    answers = {
      'POST /api/v1/evidence/verify': { body: { valid: false, reason: 'changed', detail: 'The record was changed.', fresh: null, fresh_until: null } }, [`POST /api/v1/runs/${RUN.id}/rerun`]: { status: 201, body: RUN },
      [`POST /api/v1/runs/${RUN.id}/rerun/preview`]: { body: { calls: [], counts: { reused: 3, maybe: 0, to_pay: 1 }, cost_usd_micros: { low: 1, expected: 1200, worst: 5000 }, notes: ['A note.'] } },
    };
    expect(await awp(['evidence', 'verify', '-'], { stdin: '{}' })).toMatchObject({ code: 3, out: 'not valid (changed)\n' });
    expect((await awp(['runs', 'rerun', RUN.id, '--dry-run'])).err).toContain('3 calls reused, 0 perhaps, 1 to pay: about $0.0012, at most $0.0050');
    expect(asked.map((call) => call.path)).not.toContain(`/api/v1/runs/${RUN.id}/rerun`);
    expect(await awp(['runs', 'rerun', RUN.id, '--from', 'test/note', '--model', 'm2'])).toMatchObject({ code: 0, out: `${RUN.id}\n` });
    expect(asked.at(-1)?.body).toEqual({ kind: 'from_step', from: { stage: 'test', step: 'note' }, model: 'm2' });
    expect((await awp(['runs', 'rerun', RUN.id, '--from', 'note'])).code).toBe(2);
    expect((await awp(['runs', 'rerun', RUN.id, '--from', 'test/a', '--failed'])).code).toBe(2);
  });
});

it('audit export keeps the log as a file of its person alone, never over another one', async () => {
  answers['GET /api/v1/audit/export'] = { body: '{"sequence":1}\n', type: 'application/x-ndjson' };
  const file = join(folder, 'audit.ndjson');
  expect(await awp(['audit', 'export', '--outcome', 'denied', '-o', file])).toMatchObject({ code: 0, out: `${file}\n` });
  expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777, asked[0]?.path]).toEqual(['{"sequence":1}\n', 0o600, '/api/v1/audit/export?format=json&outcome=denied']);
  expect(await awp(['audit', 'export', '-o', file])).toMatchObject({ code: 2, err: expect.stringContaining('--force') as string });
  expect(asked).toHaveLength(1);
});
