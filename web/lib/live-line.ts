import type { CompletionView, RunView } from '#contracts/run-reducer';
import { parsePartialJson } from './partial-json';
import { currentStep, looksLikeJson } from './run-words';
import { inWords } from './format';
import { STAGE_WORDS } from './status';

/** What a running run does at this moment, in words: where it is, what it is at, and the last words that were written. */
export interface LiveLine { where: string; title: string; /** the step's place in the story */ anchor: string; doing: string; /** tail of the text that is being written; '' = none yet */ words: string }

const TAIL = 240;

/** @returns null when nothing is under way: queued, waiting, ended, or between two stages */
export function liveLine(view: RunView): LiveLine | null {
  if (view.status !== 'running' && view.status !== 'validating') return null;
  const stage = view.stages.at(-1);
  if (!stage || stage.endedAt !== null) return null;
  if (stage.stage === 'validate') return { where: STAGE_WORDS.validate, title: 'Checking inputs, key, provider and cost', anchor: 'stage-validate', doing: '', words: '' };
  const step = currentStep(view);
  if (!step) return null;
  const call = step.completions.findLast(({ status }) => status === 'running' || status === 'retrying');
  const tool = step.tools.findLast(({ status }) => status === 'running');
  return { where: `${STAGE_WORDS[stage.stage]}, step ${step.index} of ${step.total}`, title: step.title, anchor: `${stage.stage}-${step.step}`, doing: tool ? `uses ${inWords(tool.tool)}` : doingOf(call), words: call ? lastWords(call.text) : '' };
}

function doingOf(call: CompletionView | undefined): string {
  if (!call) return 'is prepared';
  if (call.status === 'retrying') return 'waits before it asks the model again';
  return call.text === '' ? `waits for the first words of ${call.model}` : 'the model writes';
}

/** The end of a text that is being written; of data the value that is being written. */
export function lastWords(text: string): string {
  const written = looksLikeJson(text) ? lastText(parsePartialJson(text)) : text;
  const line = written.replace(/\s+/g, ' ').trim();
  return line.length <= TAIL ? line : `…${line.slice(-TAIL).replace(/^\S*\s/, '')}`;
}

function lastText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  return Object.values(value).map(lastText).findLast((text) => text !== '') ?? '';
}
