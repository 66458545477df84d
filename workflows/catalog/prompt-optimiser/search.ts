import { isRight, mcnemar, normalise, wilson, type Metric } from '../../steps/scoring.ts';

/** Prompts as lists of rules, their scores and the choice between them. Pure: code decides which prompt is better, no model does. */
export interface Case { id: string; text: string; expected: string }
export interface Change { strategy: string; hypothesis: string; rule: string; /** line of the prompt that goes, counted from 1; 0 = none */ removes_line: number }
export interface Score { /** by place of the case; undefined = not asked */ answers: string[]; right: boolean[]; hits: number; n: number }
export interface Candidate { round: number; number: number; change: Change | null; prompt: string; score: Score; kept: boolean }
export interface Check { metric: Metric; maxWords: number }

export const linesOf = (prompt: string): string[] => prompt.split('\n').map((line) => line.trim()).filter(Boolean);
export const wordCount = (text: string): number => normalise(text).split(' ').filter(Boolean).length;

/** One change at a time: a line goes, a rule comes. What has to stay stays. */
export function changed(prompt: string, change: Change, mustKeep: string): string {
  const lines = linesOf(prompt);
  const goes = lines[change.removes_line - 1];
  const left = goes === undefined || (mustKeep !== '' && goes.includes(mustKeep)) || lines.length === 1 ? lines : lines.filter((_, index) => index !== change.removes_line - 1);
  const rule = change.rule.replace(/\s+/g, ' ').trim();
  return withKept([...left, ...(rule === '' || left.includes(rule) ? [] : [rule])].join('\n'), mustKeep);
}

export const withKept = (prompt: string, mustKeep: string): string => (mustKeep === '' || prompt.includes(mustKeep) ? prompt : `${prompt}\n${mustKeep}`);

/** Right by the metric, and not longer than allowed. */
export const passes = ({ metric, maxWords }: Check, answer: string, expected: string): boolean => isRight(metric, answer, expected) && (maxWords === 0 || wordCount(answer) <= maxWords);

export function scoreOf(check: Check, cases: readonly Case[], answers: readonly string[]): Score {
  const right = cases.map((given, at) => answers[at] !== undefined && passes(check, answers[at], given.expected));
  return { answers: [...answers], right, hits: right.filter(Boolean).length, n: cases.length };
}

export type FailureKind = 'too long' | 'wrong or missing' | 'empty';
/** Why an answer does not pass, as far as code can tell. */
export function failureKind({ metric, maxWords }: Check, answer: string, expected: string): FailureKind {
  if (answer.trim() === '') return 'empty';
  return isRight(metric, answer, expected) && maxWords > 0 && wordCount(answer) > maxWords ? 'too long' : 'wrong or missing';
}

/** The kind that most failures are of; the first of them where two are as frequent. */
export function mostFrequent(kinds: readonly FailureKind[]): FailureKind | undefined {
  return [...new Set(kinds)].toSorted((a, b) => kinds.filter((kind) => kind === b).length - kinds.filter((kind) => kind === a).length)[0];
}

/** More right than the best so far wins; with the same number the shorter of two new prompts does, but no change for the sake of change. */
export function bestOf(current: Candidate, candidates: readonly Candidate[]): Candidate {
  const [top] = candidates.filter(({ score }) => score.hits > current.score.hits).toSorted((a, b) => b.score.hits - a.score.hits || a.prompt.length - b.prompt.length || a.number - b.number);
  return top ?? current;
}

/** One prompt against another on the same cases. */
export interface Comparison { before: number; after: number; n: number; gained: number; lost: number; p: number; low: number; high: number }
export function compare(before: Score, after: Score): Comparison {
  const gained = after.right.filter((is, at) => is && !before.right[at]).length;
  const lost = before.right.filter((was, at) => was && !after.right[at]).length;
  const [low, high] = wilson(after.hits, after.n);
  return { before: before.hits, after: after.hits, n: after.n, gained, lost, p: mcnemar(gained, lost), low, high };
}

export type Verdict = 'adopt' | 'promising' | 'keep_start' | 'no_gain';
/** What follows: a gain has to hold on cases that were not tuned on. */
export function verdictOf(winnerChanged: boolean, holdout: Comparison | null): Verdict {
  if (!winnerChanged) return 'no_gain';
  if (!holdout || holdout.n === 0) return 'promising';
  if (holdout.after < holdout.before) return 'keep_start';
  return holdout.p < 0.05 ? 'adopt' : holdout.after > holdout.before ? 'promising' : 'keep_start';
}
