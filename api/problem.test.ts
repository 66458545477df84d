import { expect, it } from 'vitest';
import { ERRORS, type ErrorCode } from '#contracts/errors';
import { CodedError } from '#platform/coded-error';
import { toProblem } from './problem.ts';

const at = { instance: '/api/v1/runs', requestId: 'request-1' };

it('each class of error has its status, and its tries', () => {
  const byStatus = Object.fromEntries(Map.groupBy(Object.keys(ERRORS) as ErrorCode[], (code) => toProblem(new CodedError(code, 'Said.'), at).status));
  expect(byStatus).toEqual({
    400: ['InvalidInput'], 401: ['Unauthenticated'], 403: ['PermissionDenied'], 404: ['NotFound'], 405: ['MethodNotAllowed'], 409: ['Conflict', 'EvidenceRequired', 'BudgetExceeded', 'RunLimitReached', 'ApprovalRefused', 'ApprovalExpired'], 410: ['Gone'], 412: ['PreconditionFailed'],
    413: ['PayloadTooLarge'], 415: ['UnsupportedMediaType'], 422: ['IdempotencyMismatch'], 429: ['RateLimited', 'ProviderRateLimited'], 500: ['Internal', 'PayloadRefused'], 503: ['ServiceUnavailable', 'StorageUnavailable', 'PayloadNotStored'], 504: ['ProviderTimeout'],
    502: ['ProviderUnavailable', 'ProviderAuthentication', 'ProviderRejected', 'ProviderQuota', 'ProviderRefused', 'ContextTooLong', 'OutputInvalid'],
  });
  const tried = (Object.entries(ERRORS)).filter(([, { attempts }]) => attempts > 1).map(([code, { attempts }]) => [code, attempts]);
  expect(Object.fromEntries(tried)).toEqual({ StorageUnavailable: 4, ProviderUnavailable: 4, ProviderRateLimited: 4, ProviderTimeout: 2 });
});

it('carries field, retry-after and request id; what we did not throw ourselves keeps its words to itself', () => {
  expect(toProblem(new CodedError('ProviderRateLimited', 'groq: wait 12 s', { retryAfterSeconds: 12 }), at)).toEqual({
    type: '/problems/provider-rate-limited', title: 'The provider asked us to slow down', status: 429, detail: 'groq: wait 12 s', instance: '/api/v1/runs', code: 'ProviderRateLimited', remedy: ERRORS.ProviderRateLimited.remedy, request_id: 'request-1', retry_after: 12,
  });
  expect(toProblem(new CodedError('InvalidInput', 'No.', { errors: [{ pointer: '#/inputs/goal', detail: 'is too short' }] }), at).errors).toEqual([{ pointer: '#/inputs/goal', detail: 'is too short' }]);
  for (const error of [new Error('SELECT secret FROM /etc/passwd'), 'text', null, { status: 418, message: 'SELECT' }]) {
    const problem = toProblem(error, at);
    expect(problem).toMatchObject({ status: 500, code: 'Internal' });
    expect(JSON.stringify(problem)).not.toMatch(/SELECT|passwd/);
  }
});
