import type { RunEventWire } from '#contracts/api/runs.schema';
import type { RunEvent } from '#contracts/run-events';

/** The envelope is snake_case on the wire; `data` keeps its keys (contracts/run-events.ts). */
export function fromWire(event: RunEventWire): RunEvent {
  const { run_id: runId, ...rest } = event;
  return { ...rest, runId } as unknown as RunEvent;
}

/** Text of a stream message → event; null for anything else (a comment, a heartbeat, a broken frame). */
export function parseEvent(text: string): RunEvent | null {
  try {
    const event = JSON.parse(text) as RunEventWire;
    return typeof event.sequence === 'number' && typeof event.type === 'string' ? fromWire(event) : null;
  } catch {
    return null;
  }
}
