import type { CallSizes } from '#contracts/call-sizes';

export const SIZES = {
  reading: { title: 'Read the findings for the use', input: [2000, 5000], output: [300, 900] },
  meaning: { title: 'Say what the columns mean', input: [1800, 6000], output: [300, 2400] },
} as const satisfies CallSizes;

export const STRICTNESS = ['observe', 'balanced', 'strict'] as const;
export type Strictness = (typeof STRICTNESS)[number];

/** Rows that are profiled. */
export const rowLimit = (rows: number, stage: 'test' | 'full'): number => (stage === 'test' ? 100 : rows);
/** Columns that the model describes; the contract holds them all. */
export const describedColumns = (stage: 'test' | 'full'): number => (stage === 'test' ? 3 : 30);
export const profileCharacters = (stage: 'test' | 'full'): number => (stage === 'test' ? 1500 : 8000);
