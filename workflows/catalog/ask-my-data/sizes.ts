import type { CallSizes } from '#contracts/call-sizes';

export const SIZES = {
  plan: { title: 'Plan the calculation', input: [1800, 4000], output: [200, 400] },
  memo: { title: 'Write the memo', input: [1600, 6000], output: [350, 1200] },
} as const satisfies CallSizes;

export const AGGREGATES = ['count', 'sum', 'average', 'median', 'lowest', 'highest'] as const;
export type Aggregate = (typeof AGGREGATES)[number];
export const MAX_ROWS = 1000;
export const materialCharacters = (stage: 'test' | 'full'): number => (stage === 'test' ? 1200 : 5000);
