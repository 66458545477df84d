import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type * as wire from '#contracts/api/mcp.schema';
import { MCP_TOOLS, wholeCharacters } from '#api/mcp/tools';
import { GOAL } from '../support/api.ts';
import { startPlatform, type PlatformUnderTest } from '../support/platform.ts';

/** The catalog as an MCP server, asked by the protocol's own client over HTTP, with a worker that runs what is started. */
let platform: PlatformUnderTest;
let someone: { id: string; token: string };
let client: Client;
beforeAll(async () => {
  platform = await startPlatform();
  someone = await platform.api.person('researcher');
  client = await connect(someone.token);
});
afterAll(async () => {
  await client.close();
  await platform.close();
});

async function connect(token: string): Promise<Client> {
  const made = new Client({ name: 'test', version: '1' });
  await made.connect(new StreamableHTTPClientTransport(new URL(`${platform.api.url}/api/v1/mcp`), { requestInit: { headers: { authorization: `Bearer ${token}` } } }));
  return made;
}
interface Told { isError: boolean; data: never }
async function ask(name: string, args: Record<string, unknown> = {}, as = client): Promise<Told> {
  const answer = await as.callTool({ name, arguments: args });
  const [text] = answer.content as { text: string }[];
  const data = JSON.parse(text?.text ?? '') as never;
  if (answer.isError !== true) expect(answer.structuredContent).toEqual(data);
  return { isError: answer.isError === true, data };
}
type Result<Schema extends z.ZodType> = z.output<Schema>;
const inputs = { learning_goal: GOAL, timebox_minutes: 15 };

describe('a host', () => {
  it('finds every tool with its schemas and what it may do', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(MCP_TOOLS.map(({ name }) => name));
    expect(tools.every(({ inputSchema, outputSchema, annotations }) => inputSchema.type === 'object' && outputSchema?.type === 'object' && annotations?.readOnlyHint !== undefined)).toBe(true);
    expect(tools.filter(({ annotations }) => annotations?.destructiveHint).map(({ name }) => name)).toEqual(['cancel_run']);
    expect(client.getInstructions()).toContain('get_run with wait_seconds');
    // What a host's model reads before it does anything.
    expect(JSON.stringify(tools).length).toBeLessThan(24_000);
  });

  it('goes the whole way: catalog, schema, Test, files', async () => {
    const found = (await ask('list_workflows', { search: 'agentic', limit: 5 })).data as Result<typeof wire.WorkflowList>;
    expect(found.workflows[0]).toMatchObject({ workflow_id: 'learn_agentic_ai' });
    const form = (await ask('get_schema', { workflow_id: 'learn_agentic_ai' })).data as Result<typeof wire.WorkflowForm>;
    expect(form.json_schema).toMatchObject({ type: 'object', properties: { learning_goal: {} } });
    const started = (await ask('start_run', { workflow_id: 'learn_agentic_ai', inputs })).data as Result<typeof wire.Started>;
    expect(started).toMatchObject({ run_mode: 'test_run', provider: 'demo', simulated: true, has_ended: false });
    const ended = (await ask('get_run', { run_id: started.run_id, wait_seconds: 50 })).data as Result<typeof wire.RunSummary>;
    expect(ended).toMatchObject({ status: 'completed', has_ended: true, error: null, page_url: expect.stringContaining(`/runs/${started.run_id}`) as string });
    const notes = ended.artifacts.find(({ file_name }) => file_name === 'notes.md');
    const parts: string[] = [];
    for (let offset: number | null = 0; offset !== null;) {
      const part = (await ask('read_artifact', { artifact_id: notes?.artifact_id, offset, limit: 500 })).data as Result<typeof wire.ArtifactText>;
      parts.push(part.content);
      offset = part.next_offset;
    }
    const whole = (await platform.api.call('GET', `/api/v1/artifacts/${notes?.artifact_id}/content`, { as: someone.token })).body as { content: string };
    expect(parts.join('')).toBe(whole.content);
    expect(((await ask('list_runs', { status: 'completed' })).data as Result<typeof wire.RunList>).runs[0]?.run_id).toBe(started.run_id);
  });

  it('the same key is the same run', async () => {
    const once = { workflow_id: 'learn_agentic_ai', inputs, run_mode: 'validate_only', idempotency_key: 'mcp-1' };
    const [first, again] = [(await ask('start_run', once)).data as Result<typeof wire.Started>, (await ask('start_run', once)).data as Result<typeof wire.Started>];
    expect(again.run_id).toBe(first.run_id);
    expect((await ask('start_run', { ...once, inputs: { ...inputs, timebox_minutes: 30 } }))).toMatchObject({ isError: true, data: { code: 'IdempotencyMismatch' } });
  });
});

describe('rights and refusals', () => {
  it('a Full run is not started without the yes of a person, and is where approvers are asked', async () => {
    expect(await ask('start_run', { workflow_id: 'learn_agentic_ai', inputs, run_mode: 'full_run' })).toMatchObject({ isError: true, data: { code: 'PermissionDenied', remedy: expect.stringContaining('page') as string, errors: [{ pointer: '#/run_mode' }] } });
    expect(await platform.api.deps.db.run.count({ where: { userId: someone.id, runMode: 'full_run' } })).toBe(0);
    const { version } = (await platform.api.call('GET', '/api/v1/run-policy')).body as { version: number };
    const rules = [{ role: '*', workflow_id: 'learn_agentic_ai', mode: 'full_run', provider: '*', effect: 'allow', approvers: 1 }];
    expect((await platform.api.call('PUT', '/api/v1/run-policy', { json: { version, rules } })).status).toBe(200);
    const started = (await ask('start_run', { workflow_id: 'learn_agentic_ai', inputs, run_mode: 'full_run' })).data as Result<typeof wire.Started>;
    expect(started.run_mode).toBe('full_run');
    expect((await ask('cancel_run', { run_id: started.run_id })).isError).toBe(false);
    expect((await ask('get_run', { run_id: started.run_id, wait_seconds: 30 })).data).toMatchObject({ status: 'cancelled', has_ended: true });
  });

  it('what the API refuses is told to the model with field and remedy; nothing of anybody else is there', async () => {
    expect(await ask('start_run', { workflow_id: 'learn_agentic_ai', inputs: {} })).toMatchObject({ isError: true, data: { code: 'InvalidInput', errors: [{ pointer: '#/inputs/learning_goal' }] } });
    expect(await ask('get_schema', { workflow_id: 'no_such' })).toMatchObject({ isError: true, data: { code: 'NotFound' } });
    const stranger = await platform.api.person('researcher');
    const theirs = (await ask('start_run', { workflow_id: 'learn_agentic_ai', inputs, run_mode: 'validate_only' })).data as Result<typeof wire.Started>;
    const other = await connect(stranger.token);
    for (const [name, args] of [['get_run', { run_id: theirs.run_id }], ['cancel_run', { run_id: theirs.run_id }], ['get_run', { run_id: theirs.run_id, wait_seconds: 5 }]] as const) expect(await ask(name, args, other)).toMatchObject({ isError: true, data: { code: 'NotFound' } });
    await other.close();
    expect(await platform.api.deps.db.auditEvent.count({ where: { subject: stranger.id, type: 'access.denied', resource: `run/${theirs.run_id}` } })).toBe(3);
  });

  it('a token has only its scopes; without one there is no server', async () => {
    const made = await platform.api.person('researcher', ['workflow:read', 'run:read']);
    const reader = await connect(made.token);
    expect((await ask('list_workflows', {}, reader)).isError).toBe(false);
    expect(await ask('start_run', { workflow_id: 'learn_agentic_ai', inputs }, reader)).toMatchObject({ isError: true, data: { code: 'PermissionDenied' } });
    await reader.close();
    await expect(connect('awp_wrong_token')).rejects.toThrow(/401|not valid/);
    expect((await platform.api.call('POST', '/api/v1/mcp', { as: null, json: { jsonrpc: '2.0', id: 1, method: 'tools/list' } })).status).toBe(401);
  });

  it('waits hold up nobody: ten at once, and a cancel goes through', async () => {
    const started = (await ask('start_run', { workflow_id: 'learn_agentic_ai', inputs, provider: 'demo', run_mode: 'test_run' })).data as Result<typeof wire.Started>;
    const waits = Array.from({ length: 10 }, () => ask('get_run', { run_id: started.run_id, wait_seconds: 50 }));
    const cancelled = await ask('cancel_run', { run_id: started.run_id });
    expect(!cancelled.isError || (cancelled.data as { code: string }).code === 'Conflict').toBe(true);
    expect((await Promise.all(waits)).every(({ data }) => (data as { has_ended: boolean }).has_ended)).toBe(true);
  });
});

describe('the protocol', () => {
  const post = (json: unknown, headers: Record<string, string> = {}) => platform.api.call('POST', '/api/v1/mcp', { as: someone.token, json, headers: { accept: 'application/json, text/event-stream', ...headers } });

  it('speaks the revision of 2026 as well', async () => {
    const modern = (method: string, params: object = {}) => post({
      jsonrpc: '2.0', id: 1, method,
      params: { ...params, _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' }, 'io.modelcontextprotocol/clientCapabilities': {} } },
    }, { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method, ...('name' in params ? { 'mcp-name': String(params.name) } : {}) });
    expect((await modern('server/discover')).body).toMatchObject({ result: { supportedVersions: expect.arrayContaining(['2026-07-28']) as string[], capabilities: { tools: {} } } });
    expect((await modern('tools/list')).body).toMatchObject({ result: { tools: MCP_TOOLS.map(({ name }) => ({ name })) } });
    expect((await modern('tools/call', { name: 'list_runs', arguments: { limit: 1 } })).body).toMatchObject({ result: { structuredContent: { total: expect.any(Number) as number } } });
    expect((await modern('subscriptions/listen', { notifications: {} })).text).not.toContain('"result"');
  });

  it('answers what it does not know by JSON-RPC, what is none of it by a problem, and other methods by 405', async () => {
    expect((await post({ jsonrpc: '2.0', id: 1, method: 'no/such' })).text).toContain('-32601');
    expect((await post({ id: 1, method: 'tools/list' })).body).toMatchObject({ code: 'InvalidInput' });
    expect((await post([{ jsonrpc: '2.0', id: 1, method: 'tools/list' }])).status).toBe(400);
    expect((await platform.api.call('GET', '/api/v1/mcp', { as: someone.token })).status).toBe(405);
    expect((await post({ jsonrpc: '2.0', method: 'notifications/initialized' })).status).toBe(202);
  });
});

it('a part of a text never ends in the middle of a character', () => {
  const text = 'a😀b😀c';
  for (let limit = 1; limit < 8; limit += 1) {
    const parts: string[] = [];
    for (let offset = 0; offset < text.length;) {
      const part = wholeCharacters(text, offset, limit);
      expect(part.text.isWellFormed()).toBe(true);
      parts.push(part.text);
      offset = part.end;
    }
    expect(parts.join('')).toBe(text);
  }
});
