import { barChart } from '#contracts/charts';
import { toCsv } from '#contracts/csv';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import { body, bullets, nextSteps, oneLine, page, section, stamps, table } from '../../steps/report.ts';
import { tally, type Verdict as PairVerdict } from '../../steps/panel.ts';
import { Sources } from '../../steps/sources.ts';
import { countOf, percent } from '../../steps/table-data.ts';
import type { PromptOptimiserInput } from './definition.ts';
import { compare, failureKind, verdictOf, wordCount, type Candidate, type Case, type Check, type Comparison, type Score, type Verdict } from './search.ts';

/** The draft and the files made from it, finished or not. Pure. */
export interface Draft { dev: Case[]; holdout: Case[]; tries: Candidate[]; best: Candidate | null; held: { before: Score; after: Score; comparison: Comparison } | null; /** held-back cases whose two answers differ: a is your prompt, b the new one */ judged: { id: string; verdict: PairVerdict }[]; calls: number; stopped: string; reading: string; notes: string[]; sources: Sources }
export const newDraft = (): Draft => ({ dev: [], holdout: [], tries: [], best: null, held: null, judged: [], calls: 0, stopped: '', reading: '', notes: [], sources: new Sources() });

type Stage = 'test' | 'full';
type Request = Pick<RunRequest, 'provider'>;
export const checkOf = (input: Pick<PromptOptimiserInput, 'metric' | 'max_words'>): Check => ({ metric: input.metric, maxWords: input.max_words });
const changedAtAll = ({ best, tries }: Draft): boolean => best !== null && best !== tries[0];
const verdict = (draft: Draft): Verdict => verdictOf(changedAtAll(draft), draft.held?.comparison ?? null);
/** What the run hands over: the winner, unless its gain did not hold. */
const handed = (draft: Draft): Candidate | null => (verdict(draft) === 'keep_start' ? draft.tries[0] ?? null : draft.best);

export function verdictSentence(draft: Draft): string {
  const { held, best, tries } = draft;
  const onDev = best && tries[0] ? `${tries[0].score.hits} to ${best.score.hits} of ${best.score.n} development cases` : '';
  switch (verdict(draft)) {
    case 'adopt': return `Take the new prompt: from ${held?.comparison.before} to ${held?.comparison.after} of ${held?.comparison.n} on what was held back (p = ${held?.comparison.p.toFixed(3)}).`;
    case 'promising': return held ? `The new prompt is better, ${held.comparison.before} to ${held.comparison.after} of ${held.comparison.n} on what was held back, but so few cases do not prove it (p = ${held.comparison.p.toFixed(3)}).` : `The new prompt is better on what it was tuned on (${onDev}); nothing was held back to prove it.`;
    case 'keep_start': return `Keep your prompt: the gain on the development cases (${onDev}) did not show on what was held back (${held?.comparison.before} to ${held?.comparison.after} of ${held?.comparison.n}).`;
    default: return tries.length === 0 ? 'Nothing was scored.' : `Keep your prompt: no change was better than ${tries[0]?.score.hits} of ${tries[0]?.score.n}.`;
  }
}

/** The scores as sentences that a model can read and cite. */
export function scoresText(draft: Draft): string {
  const { tries, stopped, calls } = draft;
  return [
    verdictSentence(draft),
    ...tries.map(({ round, number, change, score, kept }) => (change ? `Round ${round}, candidate ${number} (${oneLine(change.strategy)}) adds the rule “${oneLine(change.rule).replace(/[.!?]$/, '')}” and gets ${score.hits} of ${score.n} right${kept ? '; it was kept' : ''}.` : `The prompt at the start gets ${score.hits} of ${score.n} right.`)),
    stopped, `The search made ${calls} calls.`,
  ].filter(Boolean).join('\n');
}

/** What the best prompt still gets wrong, by kind, then case by case. Development cases only: a round must not see the others. */
export function failuresText(input: PromptOptimiserInput, { best, dev }: Draft): string {
  if (!best) return 'Nothing was scored.';
  const missed = dev.flatMap((given, at) => (best.score.right[at] ? [] : [{ given, answer: best.score.answers[at] ?? '', kind: failureKind(checkOf(input), best.score.answers[at] ?? '', given.expected) }]));
  if (missed.length === 0) return 'No development case fails any more.';
  const kinds = [...new Set(missed.map(({ kind }) => kind))].map((kind) => `${countOf(missed.filter((each) => each.kind === kind).length, 'answer')} failed as ${kind}.`);
  return [...kinds, ...missed.slice(0, 8).map(({ given, answer, kind }) => `In ${given.id} “${oneLine(given.expected)}” was expected; the answer was ${kind}: ${oneLine(answer).slice(0, 160) || '(nothing)'}`)].join('\n');
}

export function assembleFiles(request: Request, input: PromptOptimiserInput, draft: Draft, stage: Stage, remark: string | null): OutputFile[] {
  const { tries } = draft;
  if (tries.length === 0) return [];
  return [
    { key: 'prompt', fileName: 'prompt.md', mimeType: 'text/markdown', content: report(request, input, draft, stage, remark), summary: verdictSentence(draft) },
    { key: 'history', fileName: 'history.csv', mimeType: 'text/csv', content: toCsv(['try', 'round', 'candidate', 'strategy', 'hypothesis', 'rule_added', 'line_removed', 'right', 'cases', 'accuracy', 'gained', 'lost', 'p_against_start', 'kept', 'prompt'], tries.map((each, at) => { const against = at === 0 || !tries[0] ? null : compare(tries[0].score, each.score); return [at, each.round, each.number, each.change?.strategy ?? 'start', each.change?.hypothesis, each.change?.rule, each.change?.removes_line, each.score.hits, each.score.n, each.score.hits / Math.max(1, each.score.n), against?.gained, against?.lost, against?.p, each.kept, each.prompt]; })), summary: `${tries.length} prompts on ${countOf(draft.dev.length, 'development case')}` },
    { key: 'regress', fileName: 'regress.json', mimeType: 'application/json', content: `${JSON.stringify(regression(request, input, draft, stage), null, 2)}\n`, summary: `${draft.dev.length + draft.holdout.length} cases, the prompt and the check` },
    { key: 'progress', fileName: 'progress.svg', mimeType: 'image/svg+xml', content: barChart({ title: 'Right answers by try', yLabel: 'Development cases right', xLabel: 'Try (round.candidate)' }, tries.map((each) => ({ label: each.change ? `${each.round}.${each.number}` : 'start', value: each.score.hits }))), summary: tries.map((each) => `${each.score.hits}`).join(', ') },
  ];
}

/** Everything a later run needs to see whether a prompt or a model has become worse. */
function regression(request: Request, input: PromptOptimiserInput, draft: Draft, stage: Stage): object {
  const prompt = handed(draft);
  const check = checkOf(input);
  const cases = [...draft.dev.map((given, at) => ({ given, set: 'development', right: prompt?.score.right[at] ?? null })), ...draft.holdout.map((given, at) => ({ given, set: 'held_back', right: (prompt === draft.best ? draft.held?.after : draft.held?.before)?.right[at] ?? null }))];
  return { version: '1.0.0', simulated: request.provider === 'demo', stage, prompt: prompt?.prompt ?? input.start_prompt, check: { metric: check.metric, max_words: check.maxWords || null }, must_pass: cases.filter(({ right }) => right).map(({ given }) => given.id), cases: cases.map(({ given, set, right }) => ({ id: given.id, set, text: given.text, expected: given.expected, right })) };
}

const SIDES = { a: 'yours', b: 'the new one', tie: 'neither' } as const;
/** What the judge said, beside the score and never in its place. */
function judgedText({ judged }: Draft): string {
  if (judged.length === 0) return '';
  const { a, b, tie, turned } = tally(judged.map(({ verdict }) => verdict));
  return `Each pair of answers was judged twice, with the places swapped: the new prompt is better in ${b}, yours in ${a}, neither in ${tie}; ${turned} of these turned with the order and count for neither. Code decides, not the judge.\n\n${table(['Case', 'Better', 'Because', 'With the places swapped'], judged.map(({ id, verdict }) => [id, SIDES[verdict.winner], verdict.reasons[0], verdict.reasons[1]]))}`;
}

const fenced = (text: string): string => { const fence = '`'.repeat(Math.max(3, ...(text.match(/`+/g) ?? []).map((run) => run.length + 1))); return `${fence}text\n${text}\n${fence}`; };

function report(request: Request, input: PromptOptimiserInput, draft: Draft, stage: Stage, remark: string | null): string {
  const { tries, held, best, dev, holdout } = draft;
  const prompt = handed(draft);
  const missed = best ? dev.flatMap((given, at) => (best.score.right[at] ? [] : [[given.id, given.expected, best.score.answers[at]?.slice(0, 140) || '(nothing)', failureKind(checkOf(input), best.score.answers[at] ?? '', given.expected)]])) : [];
  const lost = held ? holdout.filter((_, at) => held.before.right[at] && !held.after.right[at]) : [];
  return page([
    `# ${verdict(draft) === 'no_gain' || verdict(draft) === 'keep_start' ? 'Prompt: keep the one you have' : 'Prompt: a better one'}`,
    stamps(request, stage, 'one round and three examples; far too few to choose by. A Full run tries more and checks on what was held back.', remark),
    section('Result', `**${verdictSentence(draft)}**`),
    section('The prompt', prompt && fenced(prompt.prompt)),
    section('Reading', draft.reading && body(draft.reading)),
    held && section('On what was held back', table(['Prompt', 'Right', '95 % interval', 'Gained', 'Lost', 'p'], [['yours', `${held.comparison.before} of ${held.comparison.n}`, null, null, null, null], ['new', `${held.comparison.after} of ${held.comparison.n}`, `${percent(held.comparison.low)} to ${percent(held.comparison.high)}`, held.comparison.gained, held.comparison.lost, held.comparison.p.toFixed(3)]])),
    section('A judge on what was held back', judgedText(draft)),
    section('Every try', table(['Try', 'Change', 'Rule added', 'Right', 'Words of the prompt', 'Kept'], tries.map((each) => [each.change ? `${each.round}.${each.number}` : 'start', each.change?.strategy ?? 'your prompt', `${each.change?.rule ?? '—'}${each.change && each.change.removes_line > 0 ? ` (for line ${each.change.removes_line})` : ''}`, `${each.score.hits} of ${each.score.n}`, wordCount(each.prompt), each.kept ? 'yes' : 'no']))),
    section('What still fails', table(['Case', 'Expected', 'Answered', 'Failure'], missed)),
    section('What the new prompt lost', bullets(lost.map((given) => `${given.id}: “${given.expected}” was right before.`)) || null),
    section('Method', bullets([
      `${countOf(dev.length, 'example')} to tune on, ${holdout.length} held back and used once at the end.${draft.stopped ? ` ${draft.stopped}` : ''} ${countOf(draft.calls, 'answer')} were asked for, of a budget of ${input.call_budget}.`,
      `Right means: ${{ contains: 'the answer contains the expected text', exact: 'the answer is the expected text', number: 'the first number is within 1 % of the expected one' }[input.metric]}${input.max_words > 0 ? `, in at most ${countOf(input.max_words, 'word')}` : ''}. Code decides.`,
      'One change at a time; a change is kept when more development cases are right. Differences by the exact McNemar test, intervals by Wilson.', ...draft.notes,
    ])),
    draft.sources.markdown([body(draft.reading)]),
    nextSteps([
      stage === 'test' && 'Run Full to try more changes and to check the winner on what was held back.',
      verdict(draft) === 'adopt' && 'Put the prompt under version control with regress.json beside it.',
      verdict(draft) === 'promising' && stage === 'full' && 'Add examples until the gain on what is held back is beyond chance; below 20 only large gains can be.',
      verdict(draft) === 'keep_start' && 'Add examples of the kinds that failed: the changes fitted only the cases that were tuned on.',
      verdict(draft) === 'no_gain' && missed.length > 0 && 'Try other kinds of change, another model, or check the expected answers of the cases that fail.',
      missed.length > 0 && verdict(draft) !== 'no_gain' && `Read the ${countOf(missed.length, 'case')} that still ${missed.length === 1 ? 'fails' : 'fail'}.`,
      'Run the regression set again whenever the prompt or the model changes.',
    ]),
  ]);
}
