import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate as nextTick, setTimeout as wait } from 'node:timers/promises';
import { answer as answerFromEngine } from './engine/engine.ts';
import { countInput } from './engine/engine.ts';
import { countTokens, cutToTokens } from './engine/tokens.ts';
import type { Fault } from './faults.ts';
import type { SimulatedAnswer, SimulatedRequest } from './request.ts';
import { frame, reasonOfStatus, type ErrorShape, type Frame, type Wire } from './wire/wire.ts';

/** Writes one answer, or does the wrong that a test asked for. Ends early, without a word, when the client has gone. */
export interface Reply { response: ServerResponse; wire: Wire; request: SimulatedRequest; id: string; delayMsPerChunk: number; gone: AbortSignal }

export async function respond(reply: Reply, fault: Fault | null): Promise<void> {
  const { response, wire } = reply;
  switch (fault?.kind) {
    case 'status': return sendError(response, wire, fault);
    case 'quota': return sendError(response, wire, { status: 429, reason: 'quota' });
    case 'context-too-long': return sendError(response, wire, { status: 400, reason: 'context_too_long' });
    case 'html': return sendText(response, 200, 'text/html; charset=utf-8', '<!doctype html><title>Welcome</title><p>This is a sign-in page.</p>');
    case 'disconnect': response.destroy(); return undefined;
    case 'refusal': return refuse(reply, fault.by ?? 'model');
    case 'hang': return hang(reply, fault.afterFrames);
    case 'huge-body': return sendHuge(reply, fault.bytes);
    case 'malformed-json': return sendMalformed(reply);
    case 'truncated': return truncate(reply, fault.afterFrames ?? 3, fault.destroy ?? false);
    case 'error-event': return errorEvent(reply, fault);
    case 'latency': await wait(fault.ms, undefined, { signal: reply.gone }); return sendAnswer(reply, answerFromEngine(reply.request));
    case 'slow-drip': return drip(reply, fault.everyMs);
    case 'text': return sendAnswer(reply, fixedText(reply.request, fault.text, fault.finish ?? 'stop', fault.whole ?? false));
    case 'wrong-schema': return sendAnswer(reply, fixedText(reply.request, '{"unexpected":["shape"]}', 'stop'));
    case 'tool-call': return sendAnswer(reply, {
      text: '', finish: 'tool_calls', toolCalls: [{ id: 'call_1', name: fault.name, arguments: fault.arguments }],
      usage: { inputTokens: countInput(reply.request), outputTokens: countTokens(JSON.stringify(fault.arguments)) },
    });
    default: return sendAnswer(reply, answerFromEngine(reply.request));
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': bytes.length, ...headers }).end(bytes);
}

export function sendError(response: ServerResponse, wire: Wire, fault: { status: number; reason?: string; message?: string; headers?: Record<string, string>; body?: unknown }): void {
  const reason = fault.reason ?? reasonOfStatus(fault.status);
  const seconds = Number(fault.headers?.['retry-after']);
  const shape: ErrorShape = { status: fault.status, reason, message: fault.message ?? `simulated ${reason}`, ...(Number.isFinite(seconds) && { retryAfterSeconds: seconds }) };
  const rendered = fault.body ?? wire.renderError(shape);
  const status = wire.vendor === 'gemini' && !fault.body ? (rendered as { error: { code: number } }).error.code : fault.status;
  // Google says when to come back in the body alone.
  const headers = wire.vendor === 'gemini' ? Object.fromEntries(Object.entries(fault.headers ?? {}).filter(([name]) => name !== 'retry-after' || !shape.retryAfterSeconds)) : fault.headers;
  sendJson(response, status, rendered, headers);
}

function sendText(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': type }).end(text);
}

async function sendAnswer(reply: Reply, answer: SimulatedAnswer): Promise<void> {
  const { wire, request, response, id } = reply;
  if (!request.stream) { sendJson(response, 200, wire.renderFull(request, answer, id)); return; }
  await sendFrames(reply, wire.renderStream(request, answer, id));
  response.end();
}

function openStream({ response }: Reply): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache', connection: 'keep-alive' });
}

/** Sends frames at reading speed; gives other requests a turn even when there is no delay. */
async function sendFrames(reply: Reply, frames: Iterable<Frame>): Promise<void> {
  openStream(reply);
  let sent = 0;
  for (const { data, paced } of frames) {
    reply.gone.throwIfAborted();
    if (paced && reply.delayMsPerChunk > 0) await wait(reply.delayMsPerChunk, undefined, { signal: reply.gone });
    if (!reply.response.write(data)) await once(reply.response, 'drain', { signal: reply.gone });
    sent += 1;
    if (sent % 64 === 0) await nextTick();
  }
}

function normalFrames({ wire, request, id }: Reply): Frame[] {
  return [...wire.renderStream(request, answerFromEngine(request), id)];
}

/** At most `count` frames, and never the last ones, which say that the answer is whole. */
function openingFrames(reply: Reply, count: number): Frame[] {
  const all = normalFrames(reply);
  return all.slice(0, Math.max(0, Math.min(count, all.length - 3)));
}

async function hang(reply: Reply, afterFrames: number | undefined): Promise<void> {
  if (afterFrames !== undefined) await sendFrames(reply, openingFrames(reply, afterFrames));
  await once(reply.gone, 'abort');
}

async function truncate(reply: Reply, afterFrames: number, destroy: boolean): Promise<void> {
  if (!reply.request.stream) { sendText(reply.response, 200, 'application/json', JSON.stringify(reply.wire.renderFull(reply.request, answerFromEngine(reply.request), reply.id)).slice(0, 40)); return; }
  await sendFrames(reply, openingFrames(reply, afterFrames));
  if (!destroy) { reply.response.end(); return; }
  await nextTick();
  reply.response.destroy();
}

async function errorEvent(reply: Reply, fault: { afterFrames?: number; reason?: string; status?: number }): Promise<void> {
  await sendFrames(reply, openingFrames(reply, fault.afterFrames ?? 3));
  const status = fault.status ?? 529;
  const body = reply.wire.renderError({ status, reason: fault.reason ?? reasonOfStatus(status), message: 'simulated error in the stream' });
  reply.response.write(frame(body, reply.wire.vendor === 'anthropic' ? { event: 'error' } : {}).data);
  reply.response.end();
}

async function sendMalformed(reply: Reply): Promise<void> {
  if (!reply.request.stream) { sendText(reply.response, 200, 'application/json', '{"id": "x", "choices": ['); return; }
  await sendFrames(reply, openingFrames(reply, 2));
  reply.response.end(frame('{"candidates": [{"content": ', reply.wire.vendor === 'anthropic' ? { event: 'content_block_delta' } : {}).data);
}

async function sendHuge(reply: Reply, bytes: number): Promise<void> {
  openStream(reply);
  const block = `: ${'x'.repeat(65_534)}\n`;
  for (let sent = 0; sent < bytes; sent += block.length) {
    reply.gone.throwIfAborted();
    if (!reply.response.write(block)) await once(reply.response, 'drain', { signal: reply.gone });
  }
  reply.response.end();
}

async function drip(reply: Reply, everyMs: number): Promise<void> {
  openStream(reply);
  for (const byte of Buffer.from(normalFrames(reply).map(({ data }) => data).join(''))) {
    await wait(everyMs, undefined, { signal: reply.gone });
    reply.response.write(Buffer.of(byte));
  }
  reply.response.end();
}

async function refuse(reply: Reply, by: 'model' | 'prompt' | 'filter'): Promise<void> {
  const { wire, request, response, id } = reply;
  const words = 'I cannot help with that.';
  const usage = { inputTokens: countInput(request), outputTokens: countTokens(words) };
  if (by === 'prompt' && wire.vendor !== 'gemini') { sendError(response, wire, { status: 400, reason: 'content_filter' }); return; }
  if (wire.vendor === 'gemini' && by !== 'filter') {
    const blocked = { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: usage.inputTokens, totalTokenCount: usage.inputTokens }, modelVersion: request.model };
    if (request.stream) { await sendFrames(reply, [frame(blocked)]); response.end(); } else sendJson(response, 200, blocked);
    return;
  }
  if (wire.vendor === 'openai' && by === 'filter') {
    const frames = [...wire.renderStream(request, { text: words, toolCalls: [], finish: 'stop', usage }, id)];
    await sendFrames(reply, frames.map(({ data, paced }) => ({ data: data.replace('"finish_reason":"stop"', '"finish_reason":"content_filter"'), paced })));
    response.end();
    return;
  }
  await sendAnswer(reply, { text: words, toolCalls: [], finish: 'refusal', usage });
}

function fixedText(request: SimulatedRequest, text: string, finish: 'stop' | 'length', whole = false): SimulatedAnswer {
  const { text: kept, cut } = whole ? { text, cut: false } : cutToTokens(text, request.maxOutputTokens);
  return { text: kept, toolCalls: [], finish: cut ? 'length' : finish, usage: { inputTokens: countInput(request), outputTokens: countTokens(kept) } };
}
