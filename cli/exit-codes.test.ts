import { describe, expect, it } from 'vitest';
import { ERRORS, runError, type ErrorCode } from '#contracts/errors';
import { RUN_STATUSES } from '#contracts/runs';
import { runErrorToWire } from '#contracts/wire';
import { ApiError, CliError, errorLines } from './errors.ts';
import { EXIT_WORDS, exitOfCode, exitOfRun } from './exit-codes.ts';

const failed = (code: ErrorCode) => ({ status: 'failed', wait_reason: null, error: runErrorToWire(runError(code, 'why'), '/x') }) as const;

describe('exit codes', () => {
  it('every error code has one, by its class', () => {
    for (const code of Object.keys(ERRORS)) expect(Object.keys(EXIT_WORDS)).toContain(String(exitOfCode(code)));
    expect(['InvalidInput', 'Unauthenticated', 'PermissionDenied', 'EvidenceRequired', 'BudgetExceeded', 'ProviderTimeout', 'Internal', 'of a newer server'].map(exitOfCode)).toEqual([3, 4, 4, 5, 6, 7, 1, 1]);
  });

  it('every status has one: completed 0, failed by its error, timed out 7, waiting for a person 5, for money 6', () => {
    for (const status of RUN_STATUSES) expect(Object.keys(EXIT_WORDS)).toContain(String(exitOfRun({ status, wait_reason: null, error: null })));
    const waiting = (reason: 'approval' | 'input' | 'budget' | 'provider') => exitOfRun({ status: 'waiting', wait_reason: reason, error: null });
    expect([waiting('approval'), waiting('input'), waiting('budget'), waiting('provider')]).toEqual([5, 5, 6, 0]);
    expect([exitOfRun(failed('OutputInvalid')), exitOfRun(failed('BudgetExceeded')), exitOfRun(failed('InvalidInput')), exitOfRun({ status: 'timed_out', wait_reason: null, error: null }), exitOfRun({ status: 'cancelled', wait_reason: null, error: null })]).toEqual([1, 6, 3, 7, 1]);
  });

  it('a problem reads as what happened, the fields, what to do, the request id', () => {
    const problem = { type: '/problems/invalid-input', title: 'Some inputs need a change', status: 400, detail: 'one field', code: 'InvalidInput', remedy: 'Correct it.', request_id: 'r-1', retry_after: 3, errors: [{ pointer: '#/inputs/goal', detail: 'is missing' }] } as const;
    expect(errorLines(new ApiError({ ...problem, errors: [...problem.errors] }))).toEqual(['✗ Some inputs need a change: one field', '    #/inputs/goal  is missing', '  → Correct it.', '  → Wait 3 s.', '  request id r-1']);
    expect(errorLines(new CliError('No.', null, 2))).toEqual(['✗ No.']);
    expect(errorLines(new TypeError('odd'))[0]).toContain('in awp itself');
  });
});
