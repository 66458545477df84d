import type { CompletionEndData, RunEvent } from '#contracts/run-events';
import { EMPTY_RUN_VIEW, reduceRun, reduceRunEvents, type CompletionView, type RunView } from '#contracts/run-reducer';
import { busyOf, factsOf, spansOf, type Span } from './run-spans';
import { timeAxis, type TimeAxis } from './time-fold';

/** A run played from its event log by the reducer that shows it live. Nothing is asked of anybody: the same events in the
 * same order give the same pictures. Positions are units of the axis: ms of work, quiet stretches drawn short. */
export interface Playback {
  axis: TimeAxis; stops: Stop[]; frameAt(position: number): Frame;
  /** Walks on through the log, so that a jump is short wherever it goes. @param forMs at most about this long @returns true once all is walked */
  walk(forMs: number): boolean;
}
export interface Frame { view: RunView; events: readonly RunEvent[]; now: number }
/** A moment worth jumping to. */
export interface Stop { at: number; label: string; bad: boolean }

export const SPEEDS = [1, 2, 5, 10, 25, 50] as const;
export type Speed = (typeof SPEEDS)[number];

const CHECKPOINT = 250;

/** @param end the view after the last event, where it is known already */
export function createPlayback(events: readonly RunEvent[], end: RunView = reduceRunEvents(events)): Playback {
  const times = timesOf(events);
  const whole = { from: times[0] ?? 0, to: times.at(-1) ?? 1 };
  const frames = createFrames(events, end);
  const spans = spansOf(end, factsOf(events), whole.to);
  const axis = timeAxis(whole, busyOf(spans));
  const ends = endsOf(events);
  return {
    axis,
    stops: stopsOf(spans, axis),
    walk: frames.walk,
    frameAt: (position) => {
      // At the very end rounding must not lose the last event.
      const now = position >= axis.length ? whole.to : axis.ms(Math.max(0, position));
      // The first event is the run's beginning: there is nothing to show before it.
      const count = Math.max(1, countUntil(times, now));
      return { view: withText(frames.after(count), ends, now), events: events.slice(0, count), now };
    },
  };
}

/** When each event counts as having happened: never before the one before it. */
function timesOf(events: readonly RunEvent[]): number[] {
  let latest = 0;
  return events.map(({ at }) => (latest = Math.max(latest, Date.parse(at))));
}

function countUntil(times: readonly number[], now: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= now) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `after`: the view after the first n events. Remembers one in 250, so that going back costs no more than going on. */
function createFrames(events: readonly RunEvent[], end: RunView): { after(count: number): RunView; walk(forMs: number): boolean } {
  const kept: RunView[] = [EMPTY_RUN_VIEW];
  let last = { count: 0, view: EMPTY_RUN_VIEW };
  const after = (count: number): RunView => {
    if (count >= events.length) return end;
    const from = Math.floor(count / CHECKPOINT);
    const near = Math.min(from, kept.length - 1);
    let { count: at, view } = last.count <= count && last.count >= near * CHECKPOINT ? last : { count: near * CHECKPOINT, view: kept[near]! };
    while (at < count) {
      view = reduceRun(view, events[at]!);
      at += 1;
      if (at % CHECKPOINT === 0 && kept.length === at / CHECKPOINT) kept.push(view);
    }
    last = { count, view };
    return view;
  };
  const walk = (forMs: number): boolean => {
    const until = performance.now() + forMs;
    while (kept.length * CHECKPOINT < events.length) {
      if (performance.now() >= until) return false;
      const from = (kept.length - 1) * CHECKPOINT;
      kept.push(reduceRunEvents(events.slice(from, from + CHECKPOINT), kept.at(-1)));
    }
    return true;
  };
  return { after, walk };
}

type End = { at: number; data: CompletionEndData };
const placeOf = (event: RunEvent): string => `${event.stage}/${event.step}/${event.ordinal}`;

function endsOf(events: readonly RunEvent[]): Map<string, End> {
  return new Map(events.flatMap((event) => (event.type === 'completion-end' ? [[placeOf(event), { at: Date.parse(event.at), data: event.data }]] : [])));
}

/** The log keeps a call's final text, not its keystrokes: between its first words and its end the text is shown growing evenly. */
function withText(view: RunView, ends: ReadonlyMap<string, End>, now: number): RunView {
  const partly = (place: string, completion: CompletionView): CompletionView => {
    const end = ends.get(`${place}/${completion.ordinal}`);
    if (!end || completion.status !== 'running' || completion.text !== '' || end.data.reused) return completion;
    const from = end.at - end.data.duration_ms + (end.data.first_token_ms ?? end.data.duration_ms);
    const share = (now - from) / Math.max(1, end.at - from);
    return share <= 0 ? completion : { ...completion, text: end.data.text.slice(0, Math.floor(end.data.text.length * Math.min(1, share))) };
  };
  return {
    ...view,
    stages: view.stages.map((stage) => (stage.endedAt ? stage : {
      ...stage, steps: stage.steps.map((step) => (step.endedAt ? step : { ...step, completions: step.completions.map((completion) => partly(`${stage.stage}/${step.step}`, completion)) })),
    })),
  };
}

const STOPPING = new Set<Span['kind']>(['stage', 'step', 'wait']);

function stopsOf(spans: readonly Span[], axis: TimeAxis): Stop[] {
  const stops = spans.flatMap((span): Stop[] => {
    const bad = span.state === 'failed';
    if (bad && (span.kind === 'attempt' || span.kind === 'tool' || span.kind === 'check')) return [{ at: axis.at(span.to), label: `${span.label}: failed`, bad }];
    return STOPPING.has(span.kind) ? [{ at: axis.at(span.from), label: span.label, bad: false }] : [];
  });
  return [{ at: 0, label: 'Begin', bad: false }, ...stops, { at: axis.length, label: 'End', bad: false }].toSorted((a, b) => a.at - b.at);
}

/** What is going on at a position: the last stop before it. */
export function stopAt(stops: readonly Stop[], position: number): Stop | null {
  return stops.findLast((stop) => stop.at <= position + 0.5) ?? null;
}

/** The next stop forwards (1) or backwards (-1), at least a little away. */
export function stopBeside(stops: readonly Stop[], position: number, direction: 1 | -1): number {
  const near = 1;
  const found = direction === 1 ? stops.find((stop) => stop.at > position + near) : stops.findLast((stop) => stop.at < position - near);
  return found?.at ?? (direction === 1 ? (stops.at(-1)?.at ?? 0) : 0);
}

/** @param elapsedMs since the last look, of the reader's clock
 * @returns the new position, and whether it goes on */
export function advance(position: number, elapsedMs: number, speed: number, length: number): { position: number; playing: boolean } {
  const next = position + Math.max(0, elapsedMs) * speed;
  return next >= length ? { position: length, playing: false } : { position: next, playing: true };
}
