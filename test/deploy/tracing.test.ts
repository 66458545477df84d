import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { webFolder } from '#scripts/deploy/image-folders';
import { anyFreePort } from '#scripts/launch/ports';
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from '../support/deploy/otlp-receiver.ts';
import { openProcessStack, type ProcessStack } from '../support/deploy/process-stack.ts';
import type { ProcessUnderTest } from '../support/worker-process.ts';

/** Live traces over real processes: the pages' server, the API and a worker, and a receiver of OTLP/HTTP. */
const GOAL = 'Build a small agent that calls tools in pelican style';
let receiver: OtlpReceiver;
let stack: ProcessStack;
let api: ProcessUnderTest;
let worker: ProcessUnderTest;
let web: ChildProcess;
let origin: string;

beforeAll(async () => {
  receiver = await startOtlpReceiver();
  const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=awp' };
  stack = await openProcessStack(tracing);
  [api, worker] = await Promise.all([stack.start('api/main.ts'), stack.start('worker/main.ts')]);
  const port = await anyFreePort();
  origin = `http://127.0.0.1:${port}`;
  web = spawn(process.execPath, ['web/server.js'], { cwd: webFolder, env: { PATH: process.env['PATH'] ?? '', PORT: String(port), HOSTNAME: '127.0.0.1', NODE_ENV: 'production', API_ORIGIN: api.url as string, ...tracing }, stdio: 'ignore' });
  await vi.waitFor(async () => expect((await fetch(`${origin}/health`)).status).toBe(200), { timeout: 30_000, interval: 100 });
});
afterAll(async () => {
  if (web.exitCode === null) { const gone = once(web, 'exit'); web.kill('SIGKILL'); await gone; }
  await stack.close();
  await receiver.close();
});

const call = async (path: string, init: RequestInit = {}) => (await fetch(`${origin}${path}`, { ...init, headers: { authorization: `Bearer ${stack.token}`, 'content-type': 'application/json' } })).json() as Promise<Record<string, unknown>>;

it('one run is one trace over web, API, workflow, activities and provider, by the GenAI names, and holds no words of anybody', async () => {
  const { id } = await call('/api/v1/runs', { method: 'POST', body: JSON.stringify({ workflow_id: 'learn_agentic_ai', run_mode: 'test_run', inputs: { learning_goal: GOAL } }) });
  const run = await vi.waitFor(async () => {
    const now = await call(`/api/v1/runs/${String(id)}`);
    expect(now['status']).toBe('completed');
    return now;
  }, { timeout: 60_000, interval: 200 });
  const traceId = run['trace_id'] as string;
  expect(traceId).toMatch(/^[0-9a-f]{32}$/);
  const ofRun = () => receiver.spans.filter((span) => span.traceId === traceId);
  await vi.waitFor(() => expect(ofRun().some((span) => span.name.startsWith('RunWorkflow'))).toBe(true), { timeout: 10_000 });
  const spans = ofRun();
  const named = (start: string) => spans.filter((span) => span.name.startsWith(start));
  expect(new Set(spans.map((span) => span.service))).toEqual(new Set(['awp-web', 'awp-api', 'awp-worker']));
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const wayUp = (span: ReceivedSpan | undefined): string[] => (span ? [span.name.replace(/:.*| .*/, ''), ...wayUp(byId.get(span.parentSpanId ?? ''))] : []);
  const [chat] = named('chat ');
  expect(wayUp(chat)).toEqual(['chat', 'RunActivity', 'StartActivity', 'RunWorkflow', 'StartWorkflow', 'POST', 'forward', 'POST']);
  expect(chat).toMatchObject({
    kind: 3,
    attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'demo', 'gen_ai.conversation.id': id, 'gen_ai.request.model': expect.any(String) as string, 'gen_ai.usage.input_tokens': expect.any(Number) as number, 'gen_ai.usage.output_tokens': expect.any(Number) as number, 'gen_ai.response.finish_reasons': ['stop'], 'awp.run.id': id },
  });
  expect(named('chat ').length).toBe((run['metrics'] as { completions: number }).completions);
  expect(named('execute_tool ').length).toBe((run['metrics'] as { tool_calls: number }).tool_calls);
  expect(spans.filter((span) => span.parentSpanId && !byId.has(span.parentSpanId)).map((span) => span.name)).toEqual([]);
  expect(JSON.stringify(receiver.spans)).not.toContain('pelican');
  expect(JSON.stringify(receiver.spans)).not.toContain(stack.token);
  expect(receiver.headers()['x-tenant']).toBe('awp');
});

it('lines of the log carry the trace in which they were written; what watches the process makes none', async () => {
  const answer = await fetch(`${api.url}/api/v1/workflows`, { headers: { authorization: `Bearer ${stack.token}`, traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' } });
  await answer.text();
  await vi.waitFor(() => expect(api.output()).toContain('4bf92f3577b34da6a3ce929d0e0e4736'), { timeout: 5_000 });
  await vi.waitFor(() => expect(receiver.spans.some((span) => span.traceId === '4bf92f3577b34da6a3ce929d0e0e4736' && span.name === 'GET /api/v1/workflows' && span.parentSpanId === '00f067aa0ba902b7')).toBe(true), { timeout: 5_000 });
  expect(receiver.spans.filter((span) => /health|ready|metrics/.test(String(span.attributes['url.path'] ?? '')) && span.service === 'awp-api')).toEqual([]);
});

it('a receiver that is away costs nobody anything', async () => {
  await receiver.close();
  const { id } = await call('/api/v1/runs', { method: 'POST', body: JSON.stringify({ workflow_id: 'learn_agentic_ai', run_mode: 'validate_only', inputs: { learning_goal: GOAL } }) });
  await vi.waitFor(async () => expect((await call(`/api/v1/runs/${String(id)}`))['status']).toBe('completed'), { timeout: 60_000, interval: 200 });
  await api.kill('SIGTERM');
  await worker.kill('SIGTERM');
  expect([api.child.exitCode, worker.child.exitCode]).toEqual([0, 0]);
});
