import type { ProviderId } from '#contracts/providers';
import { CodedError } from '#platform/coded-error';
import type { Answer } from '../../endpoint.ts';
import type { KeyTestOutcome } from '../../key-test.ts';

/** @throws CodedError ServiceUnavailable when the test could not be started */
export function testAnswer(provider: ProviderId, outcome: KeyTestOutcome): Answer {
  if (outcome.kind === 'engine_away') throw new CodedError('ServiceUnavailable', 'The engine that tests keys does not answer.', { retryAfterSeconds: 5 });
  if (outcome.kind === 'pending') return { status: 202, body: { success: false, valid: false, message: 'The test is still going on; look again in a moment.', provider, test_status: 'pending', tested_at: null, latency_ms: null } };
  const { success, message, latencyMs } = outcome.result;
  return { status: 200, body: { success, valid: success, message, provider, test_status: success ? 'success' : 'failed', tested_at: new Date().toISOString(), latency_ms: latencyMs === null ? null : Math.round(latencyMs) } };
}
