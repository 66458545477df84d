import { MODE_WORDS, stagesOf, type RunStatus } from '#contracts/runs';
import type { RunEvent } from '#contracts/run-events';
import type { GateView, RunView, StageView, StepView } from '#contracts/run-reducer';
import { between, dollars, printable, seconds, size } from './output.ts';

/** The stage rail as text: the same ruled line with numbered nodes as on the run page. Pure: views and events in, lines out. */
export interface Glyphs { node: string; line: string; end: string; ok: string; warn: string; fail: string; go: string; note: string; file: string; dot: string }
export const UNICODE: Glyphs = { node: '◉', line: '│', end: '■', ok: '✓', warn: '!', fail: '✗', go: '▸', note: '┊', file: '+', dot: '·' };
export const ASCII: Glyphs = { node: 'o', line: '|', end: '#', ok: 'ok', warn: '!', fail: 'x', go: '>', note: ':', file: '+', dot: '-' };

const STAGE_WORDS = { validate: 'VALIDATE', test: 'TEST', full: 'FULL' } as const;
const MARK = { passed: 'ok', warning: 'warn', failed: 'fail', capped: 'warn', running: 'go', done: 'ok', skipped: 'dot' } as const;
export const STATUS_WORDS: Record<RunStatus, string> = { queued: 'queued', validating: 'validating', running: 'running', waiting: 'waiting', completed: 'completed', failed: 'failed', cancelled: 'cancelled', timed_out: 'timed out' };

/** Minutes and seconds since the run was queued, six wide. */
export function tick(view: Pick<RunView, 'queuedAt'>, at: string): string {
  const total = Math.max(0, Math.floor((between(view.queuedAt, at) ?? 0) / 1000));
  return `${Math.floor(total / 60)}:${String(total % 60).padStart(2, '0')}`.padStart(6);
}

export function headLine(view: RunView, glyphs: Glyphs): string {
  const mode = view.mode ? MODE_WORDS[view.mode].label : '';
  return [`${view.workflowTitle ?? 'A run'} v${view.workflowVersion ?? '?'}`, mode, `${view.provider ?? '?'} / ${view.model ?? '?'}`, ...(limitsOf(view)), ...(view.simulated ? ['[DEMO: no language model is asked]'] : [])].join(` ${glyphs.dot} `);
}

function limitsOf({ limits, budgetUsdMicros }: Pick<RunView, 'limits' | 'budgetUsdMicros'>): string[] {
  const money = budgetUsdMicros ?? limits.cost_usd_micros;
  const words = [...(money === undefined ? [] : [dollars(money)]), ...(limits.output_tokens === undefined ? [] : [`${limits.output_tokens} tokens`]), ...(limits.seconds === undefined ? [] : [`${limits.seconds} s`])];
  return words.length > 0 ? [`at most ${words.join(', ')}`] : [];
}

function decisionWords({ by, decision, reason, limits }: { by: string; decision: string; reason: string | null; limits?: RunView['limits'] | null }): string {
  const less = limits ? limitsOf({ limits, budgetUsdMicros: null }).map((words) => `, ${words}`) : [];
  return `${decision} by ${printable(by)}${less.join('')}${reason ? `: ${printable(reason)}` : ''}`;
}

/** What one event adds to the rail. @param view  the run after the event @returns no line for what only counts */
export function eventLines(view: RunView, event: RunEvent, glyphs: Glyphs): string[] {
  const lines = bodyOf(view, event, glyphs);
  return lines.map((line, index) => `${index === 0 ? tick(view, event.at) : '      '}  ${line}`);
}

function bodyOf(view: RunView, event: RunEvent, glyphs: Glyphs): string[] {
  const { line, note } = glyphs;
  const stage = view.stages.findLast((candidate) => candidate.stage === event.stage);
  const step = stage?.steps.findLast((candidate) => candidate.step === event.step);
  switch (event.type) {
    case 'run-queue': return [headLine(view, glyphs)];
    case 'stage-start': return [stageNode(view, event.stage ?? 'validate', glyphs)];
    case 'check-end': return checkLines(event.data, glyphs);
    case 'stage-end': return [`${line} ${glyphs[MARK[event.data.outcome]]} ${STAGE_WORDS[event.stage ?? 'validate']} ${event.data.outcome}${event.data.remark ? `: ${printable(event.data.remark)}` : ''}`];
    case 'step-start': return [`${line}   ${glyphs.go} ${event.data.index}/${event.data.total} ${printable(event.data.title)}`];
    case 'tool-result': return [`${line}       ${event.data.tool}: ${printable(event.data.summary)} ${glyphs.dot} ${seconds(event.data.duration_ms)}`];
    case 'completion-retry': return [`${note}       ${event.data.code}: ${printable(event.data.detail)}; ${event.data.wait_ms === null ? 'the provider may have charged for it' : `again in ${seconds(event.data.wait_ms)}`}`];
    case 'completion-end': {
      const { usage, cost_usd_micros: cost, reused, duration_ms: duration, possibly_billed_attempts: possibly } = event.data;
      const words = [`${usage.inputTokens} in`, `${usage.outputTokens} out`, reused ? 'reused, $0' : dollars(cost), seconds(duration), ...(possibly > 0 ? [`${possibly} earlier ${possibly === 1 ? 'try' : 'tries'} possibly billed`] : [])];
      return [`${line}       ${words.join(` ${glyphs.dot} `)}`];
    }
    case 'step-end': return [`${line}   ${glyphs[MARK[event.data.outcome]]} ${printable(step?.title ?? event.step ?? '')}${event.data.summary ? `: ${printable(event.data.summary)}` : ''}`];
    case 'cap-reach': return [`${note} ${glyphs.warn} ${printable(event.data.remark)}`];
    case 'wait-start': return [`${note} waiting (${event.data.reason}): ${printable(event.data.detail)}${event.data.until ? `, until ${event.data.until}` : ''}`];
    case 'wait-end': return [`${note} goes on: ${printable(event.data.detail)}`];
    case 'budget-raise': return [`${note} budget raised to ${dollars(event.data.to_usd_micros)} by ${printable(event.data.by)}`];
    case 'provider-switch': return [`${note} ${glyphs.warn} goes on with ${event.data.to.provider} / ${printable(event.data.to.model)}: ${printable(event.data.detail)}`];
    case 'gate-remind': return [`${note} ${event.data.by ? `${printable(event.data.by)} asks again` : 'nobody has decided yet'}; the time ends at ${event.data.until}`];
    case 'gate-delegate': return [`${note} ${printable(event.data.by)} handed it on to ${printable(event.data.to)}${event.data.reason ? `: ${printable(event.data.reason)}` : ''}`];
    case 'gate-decide': return [`${note} ${decisionWords(event.data)}`];
    case 'cancel-request': return [`${note} cancel asked for by ${printable(event.data.by)}`];
    case 'worker-kill': return [`${note} ${glyphs.warn} crash drill: the worker was killed by ${printable(event.data.by)}`];
    case 'log-write': return event.data.level === 'info' ? [] : [`${note} ${glyphs.warn} ${printable(event.data.message)}`];
    case 'artifact-save': return [`${line} ${glyphs.file} ${printable(event.data.file_name)} ${glyphs.dot} ${size(event.data.file_size_bytes)}`];
    case 'run-end': return endLines(view, glyphs);
    default: return [];
  }
}

function stageNode(view: RunView, stage: keyof typeof STAGE_WORDS, glyphs: Glyphs): string {
  const number = view.mode ? stagesOf(view.mode).indexOf(stage) + 1 : 0;
  return `${glyphs.node} ${number || '?'} ${STAGE_WORDS[stage]}`;
}

function checkLines(check: { title: string; outcome: 'passed' | 'warning' | 'failed'; detail: string; remedy: string | null; duration_ms: number }, glyphs: Glyphs): string[] {
  const first = `${glyphs.line}   ${glyphs[MARK[check.outcome]]} ${printable(check.title)}: ${printable(check.detail)} ${glyphs.dot} ${seconds(check.duration_ms)}`;
  return check.remedy && check.outcome !== 'passed' ? [first, `${glyphs.line}       -> ${printable(check.remedy)}`] : [first];
}

export function endLines(view: RunView, glyphs: Glyphs): string[] {
  const mark = view.status === 'completed' ? glyphs.ok : glyphs.fail;
  const lines = [`${glyphs.end} ${mark} ${STATUS_WORDS[view.status]}${view.headline ? `: ${printable(view.headline)}` : ''}`];
  if (view.error) lines.push(`    ${view.error.title}: ${printable(view.error.detail)}`, `    -> ${view.error.remedy}`);
  return lines;
}

/** A whole run at rest: stages, checks, steps with their numbers, files, totals. */
export function wholeRail(view: RunView, glyphs: Glyphs): string[] {
  const { totals } = view;
  const took = between(view.queuedAt, view.completedAt);
  const sums = [`${totals.completions} calls (${totals.reused} reused)`, `${totals.inputTokens} in, ${totals.outputTokens} out`, dollars(totals.costUsdMicros), ...(took === null ? [] : [seconds(took)]), ...(totals.retries > 0 ? [`${totals.retries} retries`] : []), ...(totals.possiblyBilled > 0 ? [`${totals.possiblyBilled} possibly billed`] : [])];
  const waits = view.waits.map((wait) => `${glyphs.note} waiting (${wait.reason}): ${printable(wait.detail)}${wait.until ? `, until ${wait.until}` : ''}`);
  return [
    headLine(view, glyphs), ...view.stages.flatMap((stage) => stageLines(view, stage, glyphs)),
    ...view.artifacts.map((file) => `${glyphs.line} ${glyphs.file} ${printable(file.fileName)} ${glyphs.dot} ${size(file.fileSizeBytes)}`),
    ...view.gates.flatMap((gate) => gateLines(gate, glyphs)), ...waits, ...(view.completedAt ? endLines(view, glyphs) : [`${glyphs.end} ${STATUS_WORDS[view.status]}`]), `  ${sums.join(` ${glyphs.dot} `)}`,
  ];
}

/** A question or approval: what was asked, who said what, how it ended. */
function gateLines(gate: GateView, { note, ok, fail, warn }: Glyphs): string[] {
  const mark = gate.outcome === null ? warn : gate.outcome === 'approved' || gate.outcome === 'answered' ? ok : fail;
  const asked = gate.kind === 'question' ? 'question' : `approval by ${gate.approvers} ${gate.role ?? ''}`.trimEnd();
  return [
    `${note} ${mark} ${asked}: ${printable(gate.title)} ${gate.outcome ?? `open until ${gate.until}`} (${gate.gateId})`,
    ...gate.decisions.map((decision) => `${note}     ${decisionWords(decision)}`),
  ];
}

function stageLines(view: RunView, stage: StageView, glyphs: Glyphs): string[] {
  const took = between(stage.startedAt, stage.endedAt);
  return [
    `${stageNode(view, stage.stage, glyphs)} ${stage.status}${took === null ? '' : ` ${glyphs.dot} ${seconds(took)}`}${stage.remark ? ` ${glyphs.dot} ${printable(stage.remark)}` : ''}`,
    ...stage.checks.flatMap(({ durationMs, ...check }) => checkLines({ ...check, duration_ms: durationMs }, glyphs)),
    ...stage.steps.map((step) => stepLine(step, glyphs)),
  ];
}

function stepLine(step: StepView, glyphs: Glyphs): string {
  const took = between(step.startedAt, step.endedAt);
  return `${glyphs.line}   ${glyphs[MARK[step.status === 'failed' ? 'failed' : step.status]]} ${step.index}/${step.total} ${printable(step.title)}${step.summary ? `: ${printable(step.summary)}` : ''}${took === null ? '' : ` ${glyphs.dot} ${seconds(took)}`}`;
}
