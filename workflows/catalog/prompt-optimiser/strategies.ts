import { clip, type MaterialItem } from '#contracts/material';
import type { Case, FailureKind } from './search.ts';

/** Kinds of change, each with rules to begin from; the model may word them for the task. A round shows the next rule of each. */
export const STRATEGIES = ['limit', 'evidence', 'format', 'order', 'honesty', 'example'] as const;
export type Strategy = (typeof STRATEGIES)[number];
export const STRATEGY_LABELS: Record<Strategy, string> = { limit: 'Limit the length of the answer', evidence: 'Ask for evidence', format: 'Fix the form', order: 'Say what comes first', honesty: 'Allow “not in the text”', example: 'Show an example' };

const RULES: Record<Exclude<Strategy, 'example'>, readonly string[]> = {
  limit: ['Answer in 20 words.', 'Answer in one short sentence of 15 words.', 'Answer in 12 words.'],
  evidence: ['Quote the sentence of the text that holds the answer, in 40 words.', 'Copy the words of the text that answer, and add nothing.'],
  format: ['Answer with the value alone, in 15 words.', 'Answer on one line, without an introduction.'],
  order: ['Give the answer first, and what supports it afterwards.', 'Look for what was asked before you write.'],
  honesty: ['When the text does not hold the answer, write that it does not.', 'Use nothing but the text.'],
};

/** Which kinds of change answer which kind of failure, most fitting first. */
const FITS: Record<FailureKind, readonly Strategy[]> = { 'too long': ['limit', 'format', 'order', 'evidence', 'honesty', 'example'], 'wrong or missing': ['evidence', 'example', 'order', 'format', 'honesty', 'limit'], empty: ['order', 'evidence', 'format', 'example', 'limit', 'honesty'] };

/** What one round may try, each an item with one rule, the ones that fit the most frequent failure first.
 * @param failed  a case of the development set that the current prompt misses */
export function strategyItems(strategies: readonly Strategy[], round: number, failed: Case | undefined, kind: FailureKind = 'wrong or missing'): MaterialItem[] {
  return FITS[kind].filter((strategy) => strategies.includes(strategy)).flatMap((strategy) => {
    const rule = strategy === 'example' ? failed && `For example, “${clip(failed.text.replace(/[.!?]+(?=\s|$)/g, ';').replace(/\s+/g, ' '), 160)}” is answered by “${clip(failed.expected, 80)}”.` : RULES[strategy][(round - 1) % RULES[strategy].length];
    return rule ? [{ id: strategy, title: STRATEGY_LABELS[strategy], url: null, text: rule }] : [];
  });
}
