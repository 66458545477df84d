import { describe, expect, it } from 'vitest';
import { receiptOf } from './receipt.ts';

describe('receiptOf', () => {
  it('keeps what is short, and of what is long its beginning, length and hash', () => {
    const args = { sql: 'SELECT 1', n: 3, on: true, none: null, list: [1, { a: 'b' }] };
    expect(receiptOf(args)).toEqual(args);
    const long = receiptOf({ csv: `a,b\n${'1,2\n'.repeat(10_000)}`, values: Array.from({ length: 5_000 }, (_, index) => index) });
    expect(long['csv']).toMatch(/^a,b\n1,2[\s\S]* … \(40004 characters, sha256 [\da-f]{16}\)$/);
    expect(long['values']).toHaveLength(21);
    expect(JSON.stringify(long).length).toBeLessThan(1_000);
    expect(receiptOf({ csv: 'x'.repeat(5_000) })).not.toEqual(receiptOf({ csv: `${'x'.repeat(4_999)}y` }));
  });
});
