import type { RunEventWire } from '#contracts/api/runs.schema';
import type { RunEvent } from '#contracts/run-events';
import { runEventFromWire } from '#contracts/wire';

/** Text of a stream message → event; null for anything else (a comment, a heartbeat, a broken frame). */
export function parseEvent(text: string): RunEvent | null {
  try {
    const event = JSON.parse(text) as RunEventWire;
    return typeof event.sequence === 'number' && typeof event.type === 'string' ? runEventFromWire(event) : null;
  } catch {
    return null;
  }
}

const callOf = (event: RunEvent): string => `${event.stage}/${event.step}/${event.ordinal}`;

/** Drops streamed text that the log itself has dropped: once a call has ended, its final event holds the text. So the
 * list of a page that watched live equals the list of a page that was loaded afterwards. */
export function pruneDeltas(events: readonly RunEvent[]): RunEvent[] {
  const ended = new Set(events.filter((event) => event.type === 'completion-end').map(callOf));
  return ended.size === 0 ? [...events] : events.filter((event) => event.type !== 'text-delta' || !ended.has(callOf(event)));
}
