import type { ErrorCode } from '#contracts/errors';
import type { CompletionCall } from '#contracts/providers';
import { isLongerThanContext } from '../answer.ts';
import { codeOfStatus, failureError, type Failure } from '../failure.ts';
import type { ProviderError } from '../provider.ts';
import { durationMs } from '../retry-after.ts';
import { WireErrorBody } from './wire.ts';

/** Reasons of google.rpc.ErrorInfo that say more than the status. @source cloud.google.com/apis/design/errors, ai.google.dev/gemini-api/docs/troubleshooting */
const REASONS: Record<string, ErrorCode> = {
  API_KEY_INVALID: 'ProviderAuthentication', API_KEY_EXPIRED: 'ProviderAuthentication', API_KEY_SERVICE_BLOCKED: 'ProviderAuthentication', CONSUMER_SUSPENDED: 'ProviderAuthentication',
  BILLING_DISABLED: 'ProviderQuota',
};
/** A limit of the day or of spending does not clear by waiting a little. */
const LASTING_QUOTA = /PerDay|Spend|Billing/;

export function readFailure(vendor: string, failure: Failure, call?: CompletionCall): ProviderError {
  const body: unknown = Array.isArray(failure.body) ? failure.body[0] : failure.body;
  const parsed = WireErrorBody.safeParse(body);
  const error = parsed.success ? parsed.data.error : undefined;
  const details = error?.details ?? [];
  const reason = details.map((detail) => detail.reason).find(Boolean) ?? error?.status;
  const status = failure.status < 300 ? error?.code ?? failure.status : failure.status;
  let code = (reason ? REASONS[reason] : undefined) ?? codeOfStatus(status);
  if (code === 'ProviderRateLimited' && details.some((detail) => detail.violations?.some(({ quotaId }) => LASTING_QUOTA.test(quotaId ?? '')))) code = 'ProviderQuota';
  // A prompt that is too long is a plain INVALID_ARGUMENT; only its size tells it from other rejections.
  if (code === 'ProviderRejected' && call !== undefined && isLongerThanContext('gemini', call)) code = 'ContextTooLong';
  return failureError(vendor, { ...failure, status }, { reason, code, retryAfterMs: details.map((detail) => durationMs(detail.retryDelay)).find((wait) => wait !== undefined) });
}
