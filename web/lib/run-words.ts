import { ERRORS, isErrorCode } from '#contracts/errors';
import type { CompletionView, RunView, StageView, StepView } from '#contracts/run-reducer';
import { isTerminal } from '#contracts/runs';
import { formatCount, formatDuration } from './format';
import { STAGE_WORDS } from './status';

/** Sentences about a run, for people who do not read traces. */
export function ordinalWord(n: number): string {
  const tail = n % 100 >= 11 && n % 100 <= 13 ? 'th' : ['th', 'st', 'nd', 'rd'][n % 10] ?? 'th';
  return `${n}${tail}`;
}

/** A margin note for one failed attempt: `2nd try after 2.0 s: The provider asked us to slow down`. */
export function retryNote(retry: CompletionView['retries'][number]): string {
  const what = isErrorCode(retry.code) ? ERRORS[retry.code].title : retry.code;
  return `${ordinalWord(retry.attempt + 1)} try after ${formatDuration(retry.waitMs)}: ${what}`;
}

export function currentStep(view: RunView): StepView | null {
  for (const stage of view.stages.toReversed()) {
    const step = stage.steps.findLast((candidate) => candidate.status === 'running');
    if (step) return step;
  }
  return null;
}

/** Why nothing seems to happen; null when things move or the run has ended. Ages in ms. */
export function quietLine(view: RunView, now: number, acceptedAt: string): string | null {
  if (isTerminal(view.status)) return null;
  const last = view.lastEventAt ?? acceptedAt;
  const age = now - Date.parse(last);
  if (view.status === 'waiting') return view.waitDetail;
  if (view.cancelRequested) return age < 3000 ? null : `The request to cancel was sent ${formatDuration(age)} ago; the step that is running is being stopped. What was made is kept.`;
  if (view.status === 'queued') return age < 5000 ? null : `Accepted ${formatDuration(age)} ago, and no worker has picked it up yet. It starts by itself as soon as one is free; when it stays like this, “npm run doctor” says why.`;
  if (age < 10_000) return null;
  const step = currentStep(view);
  const stage = view.stages.at(-1);
  const where = step ? `step ${step.index} of ${step.total}, ${step.title}` : stage ? STAGE_WORDS[stage.stage] : 'starting';
  return `Still working: ${where}. Last event ${formatDuration(age)} ago. You may close this page, the run goes on.`;
}

/** Answers that have to be JSON are shown as data, not as prose. */
export function looksLikeJson(text: string): boolean {
  const start = text.trimStart();
  return start.startsWith('{') || start.startsWith('[{') || start.startsWith('["') || start.startsWith('```json');
}

/** Indents JSON when it is whole; leaves a half-streamed text alone. */
export function prettyJson(text: string): string {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

/** A passed Validate in one line, once the run has gone on; null while it stays open: `5 checks; with a remark: Key is there`. */
export function settledLine({ stage, status, checks }: StageView, view: RunView): string | null {
  if (stage !== 'validate' || status !== 'passed' || checks.length === 0 || view.stages.at(-1)?.stage === 'validate') return null;
  const remarks = checks.filter(({ outcome }) => outcome !== 'passed').map(({ title }) => title);
  return `${formatCount(checks.length, 'check')}; ${remarks.length === 0 ? 'nothing to mend' : `with a remark: ${remarks.join(', ')}`}`;
}
