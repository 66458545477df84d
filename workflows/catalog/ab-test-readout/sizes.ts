import type { CallSizes } from '#contracts/call-sizes';

/** How much each stage looks at; plan, prompts and workflow read the same figures. Plain data. */
export const SIZES = {
  first: { title: 'Read the first check', input: [2600, 1], output: [350, 0] },
  sceptic: { title: 'Argue against the result', input: [1, 9000], output: [0, 1200] },
  memo: { title: 'Write the decision memo', input: [1, 9000], output: [0, 1300] },
} as const satisfies CallSizes;

export const ROW_KINDS = ['totals', 'yes_no', 'number'] as const;
export type RowKind = (typeof ROW_KINDS)[number];
export const DECISIONS = ['ship', 'do_not_ship', 'keep_running', 'repair'] as const;
export type Decision = (typeof DECISIONS)[number];
export const DECISION_WORDS: Record<Decision, string> = { ship: 'Ship it', do_not_ship: 'Do not ship it', keep_running: 'Keep it running', repair: 'Repair the experiment first' };

export const MAX_ARMS = 4;
/** Comparisons inside segments; more of them find something in any noise. */
export const MAX_SEGMENT_TESTS = 18;
/** Values that are read row by row for the bootstrap. */
export const MAX_VALUES = 1000;
export const objectionCount = 4;
/** A split this unlikely means that assignment or logging is broken. */
export const RATIO_ALPHA = 0.001;
