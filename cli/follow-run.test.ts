import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunEventWire } from '#contracts/api/runs.schema';
import { ApiClient } from './api-client.ts';
import { followRun, parseEvents } from './follow-run.ts';

const event = (sequence: number, type: RunEventWire['type'] = 'log-write', text = 'x'): RunEventWire => ({ run_id: 'r', sequence, position: sequence, type, stage: null, step: null, ordinal: null, attempt: null, data: { level: 'info', message: text }, at: '2026-11-01T12:00:00.000Z' });
const frame = (wire: RunEventWire): string => `id: ${wire.sequence}\nevent: ${wire.type}\ndata: ${JSON.stringify(wire)}\n\n`;

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
}

describe('server-sent events', () => {
  it('are the same whatever pieces they arrive in, in the middle of a letter too', async () => {
    const wires = fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { minLength: 1, maxLength: 4 }).map((texts) => texts.map((text, index) => event(index + 1, 'log-write', text)));
    await fc.assert(fc.asyncProperty(wires, fc.array(fc.nat(400), { maxLength: 30 }), fc.constantFrom('\n', '\r\n'), async (events, cuts, lineEnd) => {
      const bytes = new TextEncoder().encode([': keep-alive\n\n', 'retry: 2000\n\n', ...events.map(frame)].join('').replaceAll('\n', lineEnd));
      const places = [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b);
      const pieces = [...places, bytes.length].map((end, index) => bytes.slice(index === 0 ? 0 : places[index - 1], end));
      expect(await collect(parseEvents(ReadableStream.from(pieces)))).toEqual(events);
    }), { numRuns: 200 });
  });

  it('every single cut of one stream', async () => {
    const events = [event(1, 'log-write', 'für dich 💡'), event(2)];
    const bytes = new TextEncoder().encode(events.map(frame).join(''));
    for (let cut = 0; cut <= bytes.length; cut += 1) expect(await collect(parseEvents(ReadableStream.from([bytes.slice(0, cut), bytes.slice(cut)])))).toEqual(events);
  });
});

let server: Server | undefined;
afterEach(() => { server?.closeAllConnections(); server?.close(); });

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<ApiClient> {
  server = createServer(answer);
  await new Promise<void>((resolve) => { server?.listen(0, '127.0.0.1', resolve); });
  return new ApiClient({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'token-of-the-test', source: 'option' });
}

describe('following a run', () => {
  it('resumes by Last-Event-ID when the line breaks: no gap, nothing twice', async () => {
    const asked: (string | undefined)[] = [];
    const breaks: string[] = [];
    const client = await serve((request, response) => {
      asked.push(request.headers['last-event-id'] as string | undefined);
      expect(request.headers.authorization).toBe('Bearer token-of-the-test');
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      if (asked.length === 1) { response.write(frame(event(1)) + frame(event(3))); setTimeout(() => response.destroy(), 20); return; }
      response.end(frame(event(3)) + frame(event(5)) + frame(event(6, 'run-end')) + frame(event(7)));
    });
    const seen = await collect(followRun(client, 'r', { signal: new AbortController().signal, onBreak: (detail) => breaks.push(detail) }));
    expect(seen.map((wire) => wire.sequence)).toEqual([1, 3, 5, 6, 7]);
    expect(asked).toEqual(['0', '3']);
    expect(breaks).toHaveLength(1);
  });

  it('ends at once when everything was seen, and throws what the server refuses', async () => {
    const client = await serve((request, response) => {
      if (request.url?.includes('seen')) { response.writeHead(204).end(); return; }
      response.writeHead(401, { 'Content-Type': 'application/problem+json' }).end(JSON.stringify({ type: '/problems/unauthenticated', title: 'Please sign in', status: 401, code: 'Unauthenticated' }));
    });
    const { signal } = new AbortController();
    expect(await collect(followRun(client, 'seen', { signal, after: 9 }))).toEqual([]);
    await expect(collect(followRun(client, 'r', { signal }))).rejects.toMatchObject({ exitCode: 4, remedy: expect.stringContaining('awp login') as string });
  });

  it('stops with the signal, also while it waits for a server that is away', async () => {
    const client = await serve((request) => { request.socket.destroy(); });
    const stop = new AbortController();
    const following = collect(followRun(client, 'r', { signal: stop.signal, onBreak: () => stop.abort() }));
    await expect(following).rejects.toMatchObject({ name: 'AbortError' });
  });
});
