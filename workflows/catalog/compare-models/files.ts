import { toCsv } from '#contracts/csv';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import type { Verdict } from '../../steps/panel.ts';
import { body, bullets, nextSteps, oneLine, page, section, stamps, table } from '../../steps/report.ts';
import { holm, isRight, mcnemar, wilson } from '../../steps/scoring.ts';
import { Sources } from '../../steps/sources.ts';
import type { CompareModelsInput, FailureReading } from './definition.ts';
import type { Candidate, Case } from './prompts.ts';

/** The draft and the files made from it, finished or not. Pure. */
export interface Failure { id: string; candidate: string; caseId: string; expected: string; answer: string }
export interface Draft { cases: Case[]; given: number; notes: string[]; candidates: Candidate[]; /** [candidate][case] */ answers: string[][]; /** [candidate][case], the baseline's row is empty */ verdicts: Verdict[][]; read: (Failure & FailureReading['failures'][number])[]; advice: string; sources: Sources }
export const newDraft = (): Draft => ({ cases: [], given: 0, notes: [], candidates: [], answers: [], verdicts: [], read: [], advice: '', sources: new Sources() });

/** One row of the leaderboard. Candidate 1 is the baseline: it has no p-value. Only complete candidates are ranked. */
export interface Row { rank: number; place: number; name: string; model: string; right: number; n: number; low: number; high: number; onlyThis: number; onlyBaseline: number; p: number | null; judge: { won: number; lost: number; tied: number; swapped: number } }

export function leaderboard(input: CompareModelsInput, draft: Draft): Row[] {
  const right = draft.candidates.map((_, place) => draft.cases.map((given, at) => isRight(input.metric, draft.answers[place]?.[at] ?? '', given.expected)));
  const complete = draft.candidates.map((_, place) => draft.cases.length > 0 && draft.cases.every((__, at) => draft.answers[place]?.[at] !== undefined));
  const rows = draft.candidates.map((candidate, place): Row => {
    const mine = right[place] ?? [];
    const [hits, n] = [mine.filter(Boolean).length, mine.length];
    const [low, high] = wilson(hits, n);
    const verdicts = (draft.verdicts[place] ?? []).filter(Boolean);
    const count = (winner: string) => verdicts.filter((verdict) => verdict.winner === winner).length;
    return {
      rank: 0, place, name: candidate.name, model: candidate.model, right: hits, n, low, high, p: null,
      onlyThis: mine.filter((is, at) => is && !right[0]?.[at]).length, onlyBaseline: mine.filter((is, at) => !is && right[0]?.[at]).length,
      judge: { won: count('b'), lost: count('a'), tied: count('tie'), swapped: verdicts.filter((verdict) => !verdict.consistent).length },
    };
  }).filter((row) => complete[row.place]);
  const rivals = complete[0] ? rows.filter((row) => row.place > 0) : [];
  holm(rivals.map((row) => mcnemar(row.onlyThis, row.onlyBaseline))).forEach((p, index) => { (rivals[index] as Row).p = p; });
  return rows.sort((a, b) => b.right - a.right || a.place - b.place).map((row) => ({ ...row, rank: 1 + rows.filter((other) => other.right > row.right).length }));
}

/** The pick, by rule: a rival wins only when its gain over the baseline is significant at 5 % after correction. */
export function pick(rows: readonly Row[]): string {
  const baseline = rows.find((row) => row.place === 0);
  if (!baseline || rows.length < 2) return 'Not enough candidates were completed to pick one.';
  const better = rows.find((row) => row.place > 0 && row.right > baseline.right && (row.p ?? 1) < 0.05);
  if (better) return `Take ${oneLine(better.name)}: ${better.right} of ${better.n} right against ${baseline.right} for ${oneLine(baseline.name)} (p = ${better.p?.toFixed(3)}, corrected).`;
  return `Stay with ${oneLine(baseline.name)}, or take the cheapest: on ${baseline.n} cases no other candidate is significantly better.`;
}

const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
export const standings = (rows: readonly Row[]): string => table(['Rank', 'Candidate', 'Model', 'Right', '95 % interval', 'p against baseline'], rows.map((row) => [row.rank, row.name, row.model === 'own' ? 'this run’s' : row.model, `${row.right} of ${row.n}`, `${percent(row.low)} to ${percent(row.high)}`, row.place === 0 ? 'baseline' : row.p?.toFixed(3)]));

/** Every wrong answer, case by case. */
export function failuresOf(input: CompareModelsInput, draft: Draft): Failure[] {
  const all = draft.cases.flatMap((given, at) => draft.candidates.map((candidate, place) => ({ place, candidate: candidate.name, caseId: given.id, expected: given.expected, answer: draft.answers[place]?.[at] })));
  return all.flatMap(({ place, answer, ...failure }) => (answer === undefined || isRight(input.metric, answer, failure.expected) ? [] : [{ ...failure, answer, id: `${failure.caseId}-${place + 1}` }]));
}

export function assembleFiles(request: RunRequest<CompareModelsInput>, input: CompareModelsInput, draft: Draft, stage: 'test' | 'full', remark: string | null): OutputFile[] {
  if (draft.answers.flat().length === 0) return [];
  const rows = leaderboard(input, draft);
  const failures = failuresOf(input, draft);
  const kinds = [...new Set(draft.read.map((failure) => failure.kind))].map((kind) => [kind.replaceAll('_', ' '), draft.read.filter((failure) => failure.kind === kind).length]);
  const judged = rows.filter((row) => row.judge.won + row.judge.lost + row.judge.tied > 0);
  const content = page([
    '# Model comparison: pick and failures',
    stamps(request, stage, 'two cases and two candidates; far too few to choose by. A Full run takes the whole sample.', remark),
    section('Pick', `**${pick(rows)}**`),
    section('Leaderboard', standings(rows)),
    section('What the judge says', table(['Candidate', 'Better than baseline', 'Worse', 'Tie', 'Changed its mind when the order was swapped'], judged.map((row) => [row.name, row.judge.won, row.judge.lost, row.judge.tied, row.judge.swapped]))),
    section('Kinds of failure', table(['Kind', 'Count'], kinds)),
    section('Failures read', table(['Case', 'Candidate', 'Expected', 'Answered', 'What went wrong'], draft.read.map((failure) => [failure.caseId, failure.candidate, failure.expected, failure.answer.slice(0, 160), failure.reason]))),
    failures.length === 0 ? section('Failures', 'No completed answer was wrong.') : failures.length > draft.read.length && `${failures.length} answers were wrong; ${draft.read.length} of them were read and sorted.`,
    draft.advice && section('Reading of the result', body(draft.advice)),
    section('Method', bullets([
      `${draft.cases.length} of ${draft.given} cases, spread evenly. ${draft.candidates.length} of ${input.candidates.length} candidates.`,
      `Right means: ${{ contains: 'the answer contains the expected text', exact: 'the answer is the expected text', number: 'the first number is within 1 % of the expected one' }[input.metric]}. Code decides.`,
      'Intervals are Wilson’s at 95 %. Differences are tested by the exact McNemar test against the first candidate, with Holm’s correction.', ...draft.notes,
    ])),
    draft.sources.markdown([body(draft.advice)]),
    nextSteps([stage === 'test' && 'Run Full to use the whole sample.', draft.cases.length < 20 && 'Add cases: below 20, only large differences can be seen.', failures.length > 0 && 'Check the expected answers of the failed cases before blaming a model.']),
  ]);
  return [
    { key: 'failures', fileName: 'failures.md', mimeType: 'text/markdown', content, summary: pick(rows) },
    { key: 'leaderboard', fileName: 'leaderboard.csv', mimeType: 'text/csv', content: toCsv(['rank', 'candidate', 'model', 'right', 'cases', 'accuracy', 'low_95', 'high_95', 'only_this_right', 'only_baseline_right', 'p_holm', 'judge_won', 'judge_lost', 'judge_tied'], rows.map((row) => [row.rank, row.name, row.model, row.right, row.n, row.right / row.n, row.low, row.high, row.onlyThis, row.onlyBaseline, row.p, row.judge.won, row.judge.lost, row.judge.tied])), summary: `${rows.length} candidates on ${draft.cases.length} cases` },
  ];
}
