import { describe, expect, it } from 'vitest';
import { isDatabaseAway } from './database-errors.ts';

const coded = (code: string, extra: object = {}) => Object.assign(new Error('x'), { code, ...extra });

describe('a database that is away', () => {
  it.each(['08006', '53300', '57P01', '57P03', 'P1001', 'P1017', 'P2024', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND'])('%s', (code) => {
    expect(isDatabaseAway(coded(code))).toBe(true);
  });

  it('also when the reason lies inside', () => {
    expect(isDatabaseAway(new Error('query failed', { cause: coded('ECONNRESET') }))).toBe(true);
    expect(isDatabaseAway(coded('P2010', { meta: { driverAdapterError: new Error('x', { cause: { kind: 'DatabaseNotReachable' } }) } }))).toBe(true);
    expect(isDatabaseAway(coded('P2010', { meta: { driverAdapterError: { cause: { originalCode: '57P01', kind: 'postgres' } } } }))).toBe(true);
  });

  it('and when the pool says it only in words', () => {
    expect(isDatabaseAway(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isDatabaseAway(new Error('timeout exceeded when trying to connect'))).toBe(true);
  });

  it.each([['a wrong query', coded('42601')], ['a unique key', coded('P2002')], ['a full disk word in a text', new Error('ECONNREFUSED happened')], ['nothing', null], ['text', 'ECONNREFUSED']])('is not: %s', (_name, error) => {
    expect(isDatabaseAway(error)).toBe(false);
  });

  it('an error that causes itself comes to an end', () => {
    const error = new Error('x');
    error.cause = error;
    expect(isDatabaseAway(error)).toBe(false);
  });
});
