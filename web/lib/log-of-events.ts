import { ERRORS, isErrorCode } from '#contracts/errors';
import type { RunEvent } from '#contracts/run-events';
import type { RunView } from '#contracts/run-reducer';
import { formatBudget, formatBytes, formatCost, formatCount, formatDuration, formatTokens } from './format';
import { STAGE_WORDS } from './status';

export type LogLine = RunView['logs'][number];
type Said = readonly [level: LogLine['level'], message: string];
const info = (message: string): Said => ['info', message];
const warn = (message: string): Said => ['warn', message];
const titleOf = (code: string): string => (isErrorCode(code) ? ERRORS[code].title : code);

/** One line for an event, in words; null for what only draws a picture (streamed text). */
function said(event: RunEvent): Said | null {
  const stage = event.stage ? STAGE_WORDS[event.stage] : 'Run';
  switch (event.type) {
    case 'text-delta': return null;
    case 'run-queue': return info(`Queued: ${event.data.workflow_title}, version ${event.data.workflow_version}, with ${event.data.provider} ${event.data.model}`);
    case 'run-start': return info('A worker took the run');
    case 'stage-start': return info(`${stage} begins`);
    case 'stage-end': return [event.data.outcome === 'failed' ? 'error' : event.data.outcome === 'capped' ? 'warn' : 'info', `${stage} ${event.data.outcome}${event.data.remark ? `: ${event.data.remark}` : ''}`];
    case 'check-end': return [event.data.outcome === 'failed' ? 'error' : event.data.outcome === 'warning' ? 'warn' : 'info', `Check “${event.data.title}”: ${event.data.detail}`];
    case 'estimate-record': return info(`Estimate: about ${formatTokens(event.data.tokens.expected)} tokens, ${formatCost(event.data.cost_usd_micros?.expected ?? null)}`);
    case 'evidence-record': return info('The passed Test was signed');
    case 'evidence-use': return info(`The Test of run ${event.data.run_id} stands for its own`);
    case 'grant-record': return info(`${formatCount(event.data.grants.length, 'tool')} decided on for the role ${event.data.role}`);
    case 'step-start': return info(`Step ${event.data.index} of ${event.data.total} begins: ${event.data.title}`);
    case 'step-end': return [event.data.outcome === 'failed' ? 'error' : 'info', `Step ${event.data.outcome}${event.data.summary ? `: ${event.data.summary}` : ''}`];
    case 'completion-start': return info(`Asks ${event.data.provider} ${event.data.model}, at most ${formatTokens(event.data.max_output_tokens)} output tokens`);
    case 'completion-retry': return warn(`${titleOf(event.data.code)} (${event.data.detail}); ${event.data.wait_ms === null ? 'the provider may have charged for it' : `tried again after ${formatDuration(event.data.wait_ms)}`}`);
    case 'completion-end': return info(`${event.data.reused ? 'Answer taken over' : 'Answered'}: ${formatTokens(event.data.usage.inputTokens)} tokens in, ${formatTokens(event.data.usage.outputTokens)} out, ${formatCost(event.data.cost_usd_micros)}, ${formatDuration(event.data.duration_ms)}`);
    case 'tool-call': return info(`Calls ${event.data.tool}`);
    case 'tool-refuse': return warn(`${event.data.tool} was not called: ${event.data.reason}`);
    case 'tool-result': return [event.data.outcome === 'ok' || event.data.outcome === 'empty' ? 'info' : 'warn', `${event.data.tool}: ${event.data.summary}`];
    case 'cap-reach': return warn(event.data.remark);
    case 'wait-start': return warn(`Waits: ${event.data.detail}`);
    case 'wait-end': return info(`The wait ended: ${event.data.detail}`);
    case 'budget-raise': return info(`Budget raised from ${formatBudget(event.data.from_usd_micros)} to ${formatBudget(event.data.to_usd_micros)}`);
    case 'provider-switch': return warn(`Goes on with ${event.data.to.provider} ${event.data.to.model} instead of ${event.data.from.provider} ${event.data.from.model}: ${event.data.detail}`);
    case 'gate-open': return warn(`Asks a person: ${event.data.title}`);
    case 'gate-decide': return info(`A person decided: ${event.data.decision}${event.data.reason ? `, ${event.data.reason}` : ''}`);
    case 'gate-remind': return event.data.by ? info(`${event.data.by} reminded whoever may decide`) : warn('Nobody has decided yet; reminded');
    case 'gate-delegate': return info('The decision was handed on');
    case 'gate-close': return info(`The question is closed: ${event.data.outcome}`);
    case 'artifact-save': return info(`Wrote ${event.data.file_name}, ${formatBytes(event.data.file_size_bytes)}`);
    case 'cancel-request': return warn('Somebody asked to cancel');
    case 'worker-kill': return warn('Crash drill: the worker was killed here');
    case 'log-write': return [event.data.level, event.data.message];
    case 'run-end': return [event.data.status === 'completed' ? 'info' : event.data.status === 'cancelled' ? 'warn' : 'error', `Ended ${event.data.status}: ${event.data.headline}`];
  }
}

/** An event never changes, so its line is written once, however often a live log is read again. */
const written = new WeakMap<RunEvent, LogLine | null>();
function lineOf(event: RunEvent): LogLine | null {
  const before = written.get(event);
  if (before !== undefined) return before;
  const words = said(event);
  const line = words && { at: event.at, level: words[0], message: words[1], stage: event.stage ?? null, step: event.step ?? null };
  written.set(event, line);
  return line;
}

/** The event log as lines of words: what the Logs view reads. */
export const linesOf = (events: readonly RunEvent[]): LogLine[] => events.map(lineOf).filter((line) => line !== null);
