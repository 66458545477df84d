import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PROVIDER_DATA } from '#contracts/provider-data';
import { CONTROL_PATH, handleControl } from './control.ts';
import { CallLog, type Counters, type SeenRequest } from './counters.ts';
import { FaultScript, type FaultRule } from './faults.ts';
import { readBody } from './read-body.ts';
import { WireError } from './request.ts';
import { respond, sendError, sendJson } from './respond.ts';
import { anthropicWire } from './wire/anthropic.ts';
import { geminiWire } from './wire/gemini.ts';
import { openAiWire } from './wire/openai.ts';
import type { Wire } from './wire/wire.ts';

export type { Counters, SeenRequest } from './counters.ts';
export type { Fault, FaultRule } from './faults.ts';

export interface SimulatorOptions {
  /** 0 (default) = a free one */
  port?: number;
  /** 127.0.0.1 by default; containers listen to their network */
  host?: string;
  /** ms before each word of a stream; 15 reads well, tests use 0 */
  delayMsPerChunk?: number;
  /** opens /__control/ and keeps requests and counts by request id; never on in the demo process */
  control?: boolean;
  script?: FaultRule[];
}

export interface Simulator {
  /** `http://127.0.0.1:<port>`: base URL for Anthropic and Gemini; the OpenAI family takes `<url>/v1` */
  url: string;
  stop(): Promise<void>;
  addFaults: (...rules: FaultRule[]) => void;
  counters(): Counters;
  /** the last 500 requests, with `control` on */
  requests(): readonly SeenRequest[];
  reset(): void;
  until: (check: (counters: Counters) => boolean, timeoutMs?: number) => Promise<void>;
}

/** Starts the demo provider, which with `control` is the tests' simulator: one HTTP server, three vendors' wire formats. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, host = '127.0.0.1', delayMsPerChunk = 15, control = false } = options;
  const script = new FaultScript();
  script.add(...(options.script ?? []));
  const log = new CallLog(control);
  const server = createServer((incoming, response) => {
    handle(incoming, response, { script, log, control, delayMsPerChunk }).catch((error: unknown) => {
      if (response.destroyed) return;
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: { message: error instanceof Error ? error.message : 'unknown', type: 'server_error', code: null } });
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(port, host);
  await new Promise<void>((resolve, reject) => { server.once('listening', resolve).once('error', reject); });
  return {
    url: `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((resolve) => { server.close(() => { resolve(); }); server.closeAllConnections(); }),
    addFaults: (...rules) => { script.add(...rules); },
    counters: () => structuredClone({ ...log.counters, byRequestId: { ...log.counters.byRequestId } }),
    requests: () => log.seen,
    reset: () => { script.clear(); log.reset(); },
    until: (check, timeoutMs) => log.until(check, timeoutMs),
  };
}

interface Parts { script: FaultScript; log: CallLog; control: boolean; delayMsPerChunk: number }

async function handle(incoming: IncomingMessage, response: ServerResponse, parts: Parts): Promise<void> {
  const url = new URL(incoming.url ?? '/', 'http://simulator');
  if (parts.control && url.pathname.startsWith(CONTROL_PATH)) return handleControl(incoming, response, url.pathname, parts);
  const route = findRoute(incoming, url);
  if (!route) { incoming.resume(); sendJson(response, 404, { error: { message: `Unknown request URL: ${incoming.method} ${url.pathname}`, type: 'invalid_request_error', param: null, code: 'unknown_url' } }); return undefined; }
  try {
    return await (route.health ? listModels(incoming, response, route.wire, url, parts) : callModel(incoming, response, route.wire, url, parts));
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    sendError(response, route.wire, { status: error.status, reason: error.reason, message: error.message });
    return undefined;
  }
}

function findRoute(incoming: IncomingMessage, url: URL): { wire: Wire; health: boolean } | null {
  const { method } = incoming;
  const { pathname } = url;
  if (method === 'GET' && pathname === '/v1/models') return { wire: incoming.headers['anthropic-version'] ? anthropicWire : openAiWire, health: true };
  if (method === 'GET' && pathname === '/v1beta/models') return { wire: geminiWire, health: true };
  if (method !== 'POST') return null;
  if (pathname === '/v1/chat/completions') return { wire: openAiWire, health: false };
  if (pathname === '/v1/messages') return { wire: anthropicWire, health: false };
  if (/^\/v1beta\/models\/[^/:]+:(?:generateContent|streamGenerateContent)$/.test(pathname)) return { wire: geminiWire, health: false };
  return null;
}

async function listModels(incoming: IncomingMessage, response: ServerResponse, wire: Wire, url: URL, { script, log, delayMsPerChunk }: Parts): Promise<void> {
  incoming.resume();
  log.countHealthCheck(seen(incoming, wire, url, undefined));
  const requestId = header(incoming, 'x-client-request-id');
  const fault = script.next({ requestId, model: '', vendor: wire.vendor, health: true });
  wire.readKey(incoming.headers, url);
  if (!fault) { sendJson(response, 200, wire.renderModels(modelsOf(wire))); return; }
  const request = { vendor: wire.vendor, model: '', system: '', turns: [], tools: [], toolChoice: 'auto' as const, json: null, maxOutputTokens: 1, stream: false, includeUsage: false };
  await untilGone(response, (gone) => respond({ response, wire, request, id: requestId, delayMsPerChunk, gone }, fault));
}

async function callModel(incoming: IncomingMessage, response: ServerResponse, wire: Wire, url: URL, { script, log, delayMsPerChunk }: Parts): Promise<void> {
  const requestId = header(incoming, 'x-client-request-id');
  const body = parseJson(await readBody(incoming));
  const end = log.begin(requestId, seen(incoming, wire, url, body));
  response.once('close', () => { end(response.writableFinished ? 'completed' : 'aborted'); });
  wire.readKey(incoming.headers, url);
  const request = wire.parse(body, incoming.headers, url);
  if (request.model.startsWith('unknown-')) throw new WireError(404, 'not_found', `The model ${request.model} does not exist.`);
  const fault = script.next({ requestId, model: request.model, vendor: wire.vendor, health: false });
  if (fault?.kind === 'disconnect' || (fault?.kind === 'truncated' && fault.destroy)) response.once('close', () => { end('failed'); });
  const id = String(log.counters.total).padStart(8, '0');
  await untilGone(response, (gone) => respond({ response, wire, request, id, delayMsPerChunk, gone }, fault));
}

/** Runs `work` with a signal that fires when the client closes the connection before the end; that is no error here. */
async function untilGone(response: ServerResponse, work: (gone: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  response.once('close', () => { if (!response.writableFinished) controller.abort(); });
  if (response.closed) controller.abort();
  try { await work(controller.signal); } catch (error) { if (!controller.signal.aborted) throw error; }
}

function modelsOf(wire: Wire): string[] {
  const ids = wire.vendor === 'anthropic' ? (['anthropic'] as const) : wire.vendor === 'gemini' ? (['gemini'] as const) : (['demo', 'openai', 'deepseek', 'groq', 'openrouter', 'compatible'] as const);
  return ids.flatMap((id) => PROVIDER_DATA[id].models.map((model) => model.id));
}

function seen(incoming: IncomingMessage, wire: Wire, url: URL, body: unknown): SeenRequest {
  return { vendor: wire.vendor, path: url.pathname + url.search, headers: { ...incoming.headers }, body };
}

function header(incoming: IncomingMessage, name: string): string {
  const value = incoming.headers[name];
  return typeof value === 'string' ? value : '';
}

function parseJson(text: string): unknown {
  try { return JSON.parse(text) as unknown; } catch { throw new WireError(400, 'invalid_request', 'The body is not valid JSON.'); }
}
