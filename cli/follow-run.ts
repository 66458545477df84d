import { setTimeout as pause } from 'node:timers/promises';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { RunEventWire } from '#contracts/api/runs.schema';
import type { ApiClient } from './api-client.ts';
import { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8000;

export interface FollowOptions {
  /** sequence of the last event that was seen */
  after?: number;
  signal: AbortSignal;
  /** the line to the server broke and is taken up again; the run does not notice */
  onBreak?: (detail: string, waitMs: number) => void;
}

/** The events of a run from `after` on, live until its last one, without gap or repetition: a broken connection is resumed by
 * Last-Event-ID. Ends when the server says that all was seen. @throws ApiError when the server refuses; the signal's reason */
export async function* followRun(client: ApiClient, runId: string, { after = 0, signal, onBreak }: FollowOptions): AsyncGenerator<RunEventWire> {
  let last = after;
  let ended = false;
  let waitMs = FIRST_PAUSE_MS;
  for (;;) {
    let broke = 'the server closed the stream';
    try {
      const response = await client.send('GET', `/api/v1/runs/${runId}/stream`, { signal, unbounded: true, headers: { Accept: 'text/event-stream', 'Last-Event-ID': String(last) } });
      if (response.status === 204 || !response.body) return;
      for await (const event of parseEvents(response.body)) {
        if (event.sequence <= last) continue;
        last = event.sequence;
        waitMs = FIRST_PAUSE_MS;
        yield event;
        ended ||= event.type === 'run-end';
      }
      if (ended) return;
    } catch (error) {
      signal.throwIfAborted();
      // A refusal is final, but for the moment in which a part of the platform is away.
      if (error instanceof CliError && error.exitCode !== EXIT.failed && error.exitCode !== EXIT.timeout) throw error;
      broke = error instanceof CliError ? error.message : 'the connection broke';
    }
    onBreak?.(broke, waitMs);
    await pause(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    waitMs = Math.min(waitMs * 2, LONGEST_PAUSE_MS);
  }
}

/** Server-sent events out of bytes, whatever pieces they come in. */
export async function* parseEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<RunEventWire> {
  const messages = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).pipeThrough(new EventSourceParserStream());
  for await (const message of messages) yield JSON.parse(message.data) as RunEventWire;
}
