import type { RunEvent } from '#contracts/run-events';
import type { CompletionView, RunView, StageView, StepView, ToolView, WaitView } from '#contracts/run-reducer';
import { isTerminal } from '#contracts/runs';
import { formatDuration, humanize } from './format';
import { STAGE_WORDS, WAIT_WORDS } from './status';
import type { Stretch } from './time-fold';

/** The rows of the timeline: stage → check, step → call, tool, wait → attempt. Pure; times in ms since the epoch. */
export type SpanKind = 'queue' | 'stage' | 'check' | 'step' | 'call' | 'attempt' | 'tool' | 'wait';
export type SpanState = 'running' | 'done' | 'warning' | 'failed' | 'skipped' | 'waiting' | 'queued';
/** `queue` is time in which nobody worked on it, `pause` the time between two attempts, `first` until the first words. */
export interface SpanPart extends Stretch { kind: 'queue' | 'pause' | 'first' | 'work' | 'wait' }
export interface Span extends Stretch {
  /** stable over reloads; stands in the address: `test`, `test/outline`, `test/outline/1`, `test/outline/1#2`, `test/outline/tool:<id>` */
  id: string;
  parent: string | null;
  depth: number;
  kind: SpanKind;
  label: string;
  state: SpanState;
  running: boolean;
  parts: SpanPart[];
  /** where to look it up in the view */
  stage: StageView['stage'] | null;
  step: string | null;
  ordinal: number | null;
  attempt: number | null;
  key: string | null;
}
export interface EndedWait extends Omit<WaitView, 'budget' | 'nextTryAt'> { endedAt: string | null; outcome: string | null; closing: string | null; stage: StageView['stage'] | null; step: string | null }

const ms = (iso: string): number => Date.parse(iso);
const callKey = (event: RunEvent): string => `${event.stage}/${event.step}/${event.ordinal}`;

/** What only the log itself tells: when each attempt began, and waits that are over. */
export interface LogFacts { attempts: Map<string, Map<number, string>>; waits: EndedWait[] }
export function factsOf(events: readonly RunEvent[]): LogFacts {
  const attempts: LogFacts['attempts'] = new Map();
  const waits = new Map<string, EndedWait>();
  for (const event of events) {
    if (event.type === 'completion-start') {
      const key = callKey(event);
      const seen = attempts.get(key) ?? new Map<number, string>();
      attempts.set(key, seen.set(event.attempt ?? 1, event.at));
    } else if (event.type === 'wait-start') {
      const { wait_id: waitId, reason, detail, until } = event.data;
      waits.set(waitId, { waitId, reason, detail, until, startedAt: waits.get(waitId)?.startedAt ?? event.at, endedAt: null, outcome: null, closing: null, stage: event.stage ?? null, step: event.step ?? null });
    } else if (event.type === 'wait-end') {
      const open = waits.get(event.data.wait_id);
      if (open) waits.set(open.waitId, { ...open, endedAt: event.at, outcome: event.data.outcome, closing: event.data.detail });
    } else if (event.type === 'run-end' || event.type === 'stage-start') {
      for (const open of waits.values()) if (open.endedAt === null) waits.set(open.waitId, { ...open, endedAt: event.at });
    }
  }
  return { attempts, waits: [...waits.values()] };
}

/** What stands beside a row: how long it took, or that it was left out. */
export const spanTook = ({ kind, state, from, to }: Span): string => (state === 'skipped' && (kind === 'stage' || kind === 'step') ? 'skipped' : formatDuration(to - from));

const NOWHERE = { stage: null, step: null, ordinal: null, attempt: null, key: null } as const;

export function spansOf(view: RunView, facts: LogFacts, now: number): Span[] {
  const until = view.completedAt ? ms(view.completedAt) : isTerminal(view.status) ? ms(view.lastEventAt ?? new Date(now).toISOString()) : now;
  const spans: Span[] = [];
  if (view.queuedAt) {
    const from = ms(view.queuedAt);
    const to = view.startedAt ? ms(view.startedAt) : until;
    spans.push({ ...NOWHERE, id: 'queue', parent: null, depth: 1, kind: 'queue', label: 'In the queue', state: view.startedAt ? 'done' : isTerminal(view.status) ? 'skipped' : 'queued', running: !view.startedAt && !isTerminal(view.status), from, to, parts: [{ kind: 'queue', from, to }] });
  }
  const taken = new Set<string>();
  for (const wait of facts.waits) if (!wait.stage) spans.push(waitSpan(wait, null, until));
  for (const stage of view.stages) {
    const id = taken.has(stage.stage) ? `${stage.stage}~${taken.size}` : stage.stage;
    taken.add(stage.stage);
    spans.push(...stageSpans(stage, id, facts, until));
  }
  return spans;
}

function stageSpans(stage: StageView, id: string, facts: LogFacts, until: number): Span[] {
  const from = ms(stage.startedAt);
  const to = stage.endedAt ? ms(stage.endedAt) : until;
  const waits = facts.waits.filter((wait) => wait.stage === stage.stage);
  const state: SpanState = stage.status === 'passed' ? 'done' : stage.status === 'capped' ? 'warning' : stage.status;
  const own: Span = { ...NOWHERE, id, parent: null, depth: 1, kind: 'stage', label: STAGE_WORDS[stage.stage], state, running: stage.endedAt === null, from, to, stage: stage.stage, parts: [{ kind: 'work', from, to }] };
  // Checks begin together and each tells how long it took.
  const checks = stage.checks.map((check): Span => {
    const end = Math.min(to, from + Math.max(0, check.durationMs));
    return { ...NOWHERE, id: `${id}/check:${check.check}`, parent: id, depth: 2, kind: 'check', label: check.title, state: check.outcome === 'passed' ? 'done' : check.outcome, running: false, from, to: end, stage: stage.stage, key: check.check, parts: [{ kind: 'work', from, to: end }] };
  });
  const waited = new Set(waits.flatMap(({ step }) => (step === null ? [] : [step])));
  const steps = stage.steps.flatMap((step) => endedSteps(stage, step, id, facts, waited.has(step.step) ? waits : [], until));
  const loose = waits.filter((wait) => !wait.step || !stage.steps.some(({ step }) => step === wait.step)).map((wait) => waitSpan(wait, id, until));
  return [own, ...checks, ...loose, ...steps];
}

/** The spans of a step that has ended, by the step itself: the reducer never changes one, so that a long run is not drawn up anew with each event. */
const ended = new WeakMap<StepView, { parent: string; begun: number; spans: Span[] }>();
function endedSteps(stage: StageView, step: StepView, parent: string, facts: LogFacts, waits: readonly EndedWait[], until: number): Span[] {
  const fresh = (): Span[] => stepSpans(stage, step, `${parent}/${step.step}`, parent, facts, waits, until);
  if (step.endedAt === null || waits.length > 0) return fresh();
  // The log may tell later when an attempt began; the number of those it has told stands for what it said.
  const begun = step.completions.reduce((sum, { ordinal }) => sum + (facts.attempts.get(`${stage.stage}/${step.step}/${ordinal}`)?.size ?? 0), 0);
  const known = ended.get(step);
  if (known && known.parent === parent && known.begun === begun) return known.spans;
  const spans = fresh();
  ended.set(step, { parent, begun, spans });
  return spans;
}

function stepSpans(stage: StageView, step: StepView, id: string, parent: string, facts: LogFacts, waits: readonly EndedWait[], until: number): Span[] {
  const from = ms(step.startedAt);
  const to = step.endedAt ? ms(step.endedAt) : until;
  const children = [
    ...step.tools.map((tool) => [toolSpan(stage, step, tool, id, to)]),
    ...step.completions.map((completion) => callSpans(stage, step, completion, id, facts, to)),
    ...waits.filter((wait) => wait.step === step.step).map((wait) => [waitSpan(wait, id, until)]),
  ].toSorted((a, b) => a[0]!.from - b[0]!.from);
  const first = children.reduce((least, [child]) => Math.min(least, child!.from), to);
  const state: SpanState = step.status;
  const parts: SpanPart[] = children.length > 0 && first - from > 50 ? [{ kind: 'queue', from, to: first }, { kind: 'work', from: first, to }] : [{ kind: 'work', from, to }];
  return [{ ...NOWHERE, id, parent, depth: 2, kind: 'step', label: step.title, state, running: step.endedAt === null, from, to, stage: stage.stage, step: step.step, parts }, ...children.flat()];
}

function toolSpan(stage: StageView, step: StepView, tool: ToolView, parent: string, until: number): Span {
  const from = ms(tool.startedAt);
  const to = tool.durationMs === null ? (tool.status === 'running' ? until : from) : from + tool.durationMs;
  const state: SpanState = tool.status === 'ok' ? 'done' : tool.status === 'empty' || tool.status === 'unavailable' ? 'warning' : tool.status;
  return { ...NOWHERE, id: `${parent}/tool:${tool.toolCallId}`, parent, depth: 3, kind: 'tool', label: humanize(tool.tool), state, running: tool.status === 'running', from, to, stage: stage.stage, step: step.step, key: tool.toolCallId, parts: [{ kind: 'work', from, to }] };
}

function callSpans(stage: StageView, step: StepView, completion: CompletionView, parent: string, facts: LogFacts, until: number): Span[] {
  const id = `${parent}/${completion.ordinal}`;
  const from = ms(completion.startedAt);
  const to = completion.endedAt ? ms(completion.endedAt) : until;
  const site = { stage: stage.stage, step: step.step, ordinal: completion.ordinal, key: null };
  const begun = facts.attempts.get(`${stage.stage}/${step.step}/${completion.ordinal}`);
  const numbers = [...new Set([...completion.retries.map(({ attempt }) => attempt), completion.attempt])].toSorted((a, b) => a - b);
  const attempts = numbers.map((attempt, index): Span => {
    const retry = completion.retries.find((candidate) => candidate.attempt === attempt);
    const before = completion.retries.findLast((candidate) => candidate.attempt < attempt);
    const planned = before ? ms(before.at) + before.waitMs : from;
    const start = Math.min(to, begun?.has(attempt) ? ms(begun.get(attempt)!) : planned);
    const end = retry ? ms(retry.at) : to;
    const last = index === numbers.length - 1;
    const state: SpanState = retry ? 'failed' : completion.status === 'done' ? 'done' : completion.status === 'failed' ? 'failed' : 'running';
    return { ...site, id: `${id}#${attempt}`, parent: id, depth: 4, kind: 'attempt', label: `Attempt ${attempt}`, state, running: last && completion.endedAt === null && !retry, from: start, to: Math.max(start, end), attempt, parts: attemptParts(start, Math.max(start, end), retry ? null : completion) };
  });
  const pauses = attempts.slice(1).map((next, index): SpanPart => ({ kind: 'pause', from: attempts[index]!.to, to: next.from })).filter((pause) => pause.to > pause.from);
  const trailing = completion.status === 'retrying' && attempts.length > 0 ? [{ kind: 'pause' as const, from: attempts.at(-1)!.to, to }] : [];
  const state: SpanState = completion.status === 'done' ? 'done' : completion.status === 'failed' ? 'failed' : completion.status === 'retrying' ? 'waiting' : 'running';
  const parts = [...attempts.flatMap((attempt) => attempt.parts), ...pauses, ...trailing].toSorted((a, b) => a.from - b.from);
  const label = completion.ordinal > 1 || step.completions.length > 1 ? `Model call ${completion.ordinal}` : 'Model call';
  const own: Span = { ...site, id, parent, depth: 3, kind: 'call', label, state, running: completion.endedAt === null, from, to, attempt: null, parts };
  return attempts.length > 1 ? [own, ...attempts] : [own];
}

/** An attempt that answered tells how long the vendor took: what lies before that was time in the line. */
function attemptParts(from: number, to: number, completion: CompletionView | null): SpanPart[] {
  const end = completion?.end;
  if (!end || end.reused) return [{ kind: 'work', from, to }];
  const asked = Math.max(from, to - end.duration_ms);
  const first = end.first_token_ms === null ? asked : Math.min(to, asked + end.first_token_ms);
  const parts: SpanPart[] = [{ kind: 'queue', from, to: asked }, { kind: 'first', from: asked, to: first }, { kind: 'work', from: first, to }];
  return parts.filter((part) => part.kind === 'work' || part.to - part.from > 20);
}

function waitSpan(wait: EndedWait, parent: string | null, until: number): Span {
  const from = ms(wait.startedAt);
  const to = wait.endedAt ? ms(wait.endedAt) : until;
  return { ...NOWHERE, id: `wait:${wait.waitId}`, parent, depth: parent === null ? 1 : parent.includes('/') ? 3 : 2, kind: 'wait', label: WAIT_WORDS[wait.reason], state: wait.endedAt ? (wait.outcome === 'expired' ? 'failed' : 'done') : 'waiting', running: wait.endedAt === null, from, to, stage: wait.stage, step: wait.step, key: wait.waitId, parts: [{ kind: 'wait', from, to }] };
}

/** When somebody worked: of the innermost spans, what is neither queue nor pause nor waiting. */
export function busyOf(spans: readonly Span[]): Stretch[] {
  const parents = new Set(spans.map(({ parent }) => parent));
  return spans.filter((span) => span.kind !== 'queue' && span.kind !== 'wait' && (!parents.has(span.id) || span.kind === 'call'))
    .flatMap((span) => span.parts.filter((part) => part.kind === 'work' || part.kind === 'first'));
}

/** The rows that are open, in order. @param closed ids whose children are hidden */
export function visibleSpans(spans: readonly Span[], closed: ReadonlySet<string>): Span[] {
  const hidden = new Set<string>();
  return spans.filter((span) => {
    if (span.parent !== null && (hidden.has(span.parent) || closed.has(span.parent))) { hidden.add(span.id); return false; }
    return true;
  });
}

/** What a search or "errors only" leaves: the spans that fit and all above them. */
export function keptSpans(spans: readonly Span[], fits: (span: Span) => boolean): Span[] {
  const byId = new Map(spans.map((span) => [span.id, span]));
  const kept = new Set<string>();
  for (const span of spans) {
    if (!fits(span)) continue;
    for (let at: Span | undefined = span; at && !kept.has(at.id); at = at.parent === null ? undefined : byId.get(at.parent)) kept.add(at.id);
  }
  return spans.filter(({ id }) => kept.has(id));
}
