import { describe, expect, it } from 'vitest';
import { readFailure as anthropic } from './anthropic/errors.ts';
import type { Failure } from './failure.ts';
import { readFailure as gemini } from './gemini/errors.ts';
import { readFailure as openai } from './openai/errors.ts';
import { durationMs, retryAfterMs } from './retry-after.ts';

const failure = (status: number, body: unknown, headers: Record<string, string> = {}): Failure => ({ status, body, headers: new Headers(headers) });

describe('dialects of the OpenAI family', () => {
  it.each<[string, Failure, string]>([
    ['OpenAI, quota', failure(429, { error: { type: 'insufficient_quota', code: 'insufficient_quota', message: 'secret words' } }), 'ProviderQuota'],
    ['OpenAI, hard limit as 400', failure(400, { error: { type: 'billing_limit', code: 'billing_hard_limit_reached' } }), 'ProviderQuota'],
    ['DeepSeek, no balance', failure(402, { error: { type: 'unknown_error', code: 'invalid_request_error' } }), 'ProviderQuota'],
    ['Groq, spend limit', failure(400, { error: { type: 'invalid_request_error', code: 'blocked_api_access' } }), 'ProviderQuota'],
    ['Groq, can never fit', failure(413, { error: { type: 'tokens', code: 'rate_limit_exceeded' } }), 'ContextTooLong'],
    ['Groq, capacity', failure(498, { error: {} }), 'ProviderUnavailable'],
    ['Groq, broken JSON of the model', failure(400, { error: { type: 'invalid_request_error', code: 'json_validate_failed' } }), 'OutputInvalid'],
    ['OpenRouter, moderation', failure(403, { error: { code: 403, metadata: { reasons: ['violence'] } } }), 'ProviderRefused'],
    ['OpenRouter, key', failure(403, { error: { code: 403 } }), 'ProviderAuthentication'],
    ['OpenRouter, overload inside a 200', failure(200, { code: 502, message: 'x' }), 'ProviderUnavailable'],
    ['OpenRouter, rate inside a 200', failure(200, { error: { code: 429 } }), 'ProviderRateLimited'],
    ['llama.cpp, context', failure(400, { error: { code: 400, type: 'exceed_context_size_error' } }), 'ContextTooLong'],
    ['Azure, filter', failure(400, { error: { code: 'content_filter' } }), 'ProviderRefused'],
    ['a list with the error in it', failure(404, [{ error: { code: 'model_not_found' } }]), 'ProviderRejected'],
    ['something else entirely', failure(418, 'teapot'), 'ProviderRejected'],
    ['an empty 200', failure(200, undefined), 'ProviderUnavailable'],
  ])('%s', (_name, given, code) => {
    const error = openai('Vendor', given);
    expect(error.code).toBe(code);
    expect(error.message).not.toContain('secret words');
  });

  it('a reason that looks like a key or a sentence is not shown', () => {
    expect(openai('V', failure(401, { error: { code: 'sk-live-123' } })).detail).toBe('V refused the key (HTTP 401)');
    expect(openai('V', failure(400, { error: { code: 'the prompt was: hello' } })).detail).toBe('V rejected the request (HTTP 400)');
  });
});

describe('Anthropic and Gemini', () => {
  it.each<[string, Failure, string]>([
    ['spending limit that comes as a 429', failure(429, { error: { type: 'rate_limit_error', details: { error_code: 'enforced_spend_limit_reached' } } }), 'ProviderQuota'],
    ['billing', failure(400, { error: { type: 'billing_error' } }), 'ProviderQuota'],
    ['overloaded', failure(529, { error: { type: 'overloaded_error' } }), 'ProviderUnavailable'],
    ['event inside a 200', failure(200, { error: { type: 'authentication_error' } }), 'ProviderAuthentication'],
    ['unknown event', failure(200, { error: { type: 'new_error' } }), 'ProviderUnavailable'],
  ])('Anthropic: %s', (_name, given, code) => { expect(anthropic('Anthropic', given).code).toBe(code); });

  it.each<[string, Failure, string, number | undefined]>([
    ['a wrong key is a 400', failure(400, { error: { code: 400, status: 'INVALID_ARGUMENT', details: [{ '@type': 'x', reason: 'API_KEY_INVALID' }] } }), 'ProviderAuthentication', undefined],
    ['RetryInfo', failure(429, { error: { code: 429, status: 'RESOURCE_EXHAUSTED', details: [{ retryDelay: '12.5s' }] } }), 'ProviderRateLimited', 12_500],
    ['the day\'s limit', failure(429, { error: { code: 429, details: [{ violations: [{ quotaId: 'GenerateRequestsPerDayPerProject' }] }, { retryDelay: '3s' }] } }), 'ProviderQuota', 3000],
    ['billing off', failure(403, { error: { code: 403, details: [{ reason: 'BILLING_DISABLED' }] } }), 'ProviderQuota', undefined],
    ['in a list', failure(503, [{ error: { code: 503, status: 'UNAVAILABLE' } }]), 'ProviderUnavailable', undefined],
    ['inside a 200', failure(200, { error: { code: 429, status: 'RESOURCE_EXHAUSTED' } }), 'ProviderRateLimited', undefined],
  ])('Gemini: %s', (_name, given, code, wait) => { expect(gemini('Gemini', given)).toMatchObject({ code, retryAfterMs: wait }); });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-23T10:00:00Z');
  it.each<[Record<string, string>, number | undefined]>([
    [{ 'retry-after': '7' }, 7000], [{ 'retry-after': '86400' }, 86_400_000], [{ 'retry-after': '0.5' }, 500], [{ 'retry-after': 'Mon, 23 Nov 2026 10:00:30 GMT' }, 30_000], [{ 'retry-after': 'Mon, 23 Nov 2026 09:00:00 GMT' }, 0],
    [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250], [{ 'retry-after': 'soon' }, undefined], [{ 'retry-after': '-5' }, undefined], [{}, undefined],
  ])('%o', (headers, expected) => {
    const found = retryAfterMs(new Headers(headers), now);
    expect(found).toBe(expected);
  });

  it('durations of protobuf', () => {
    expect([durationMs('12s'), durationMs('0.25s'), durationMs('12'), durationMs(null)]).toEqual([12_000, 250, undefined, undefined]);
  });
});
