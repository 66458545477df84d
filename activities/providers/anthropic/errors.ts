import type { CompletionCall } from '#contracts/providers';
import type { ErrorCode } from '#contracts/errors';
import { isLongerThanContext } from '../answer.ts';
import { codeOfStatus, failureError, type Failure } from '../failure.ts';
import type { ProviderError } from '../provider.ts';
import { WireErrorBody } from './wire.ts';

/** Anthropic's error types and error codes. @source docs.anthropic.com/en/api/errors; ErrorDetails of @anthropic-ai/sdk 1.12 */
/** Types that say more than the status. */
const TYPES: Record<string, ErrorCode> = { billing_error: 'ProviderQuota', request_too_large: 'ContextTooLong' };
/** Looked at only when no status speaks: an error event inside a 200. */
const EVENT_TYPES: Record<string, ErrorCode> = {
  authentication_error: 'ProviderAuthentication', permission_error: 'ProviderAuthentication', rate_limit_error: 'ProviderRateLimited',
  invalid_request_error: 'ProviderRejected', not_found_error: 'ProviderRejected',
  overloaded_error: 'ProviderUnavailable', api_error: 'ProviderUnavailable', timeout_error: 'ProviderUnavailable',
};
const CODES: Record<string, ErrorCode> = {
  enforced_spend_limit_reached: 'ProviderQuota', contract_spend_limit_reached: 'ProviderQuota', linked_organization_spend_limit_reached: 'ProviderQuota',
  linked_organization_billing_unavailable: 'ProviderQuota', organization_on_hold: 'ProviderAuthentication',
};

export function readFailure(vendor: string, failure: Failure, call?: CompletionCall): ProviderError {
  const parsed = WireErrorBody.safeParse(failure.body);
  const error = parsed.success ? parsed.data.error : undefined;
  const errorCode = error?.details?.error_code;
  const code = (errorCode ? CODES[errorCode] : undefined) ?? (error?.type ? TYPES[error.type] ?? (failure.status < 300 ? EVENT_TYPES[error.type] : undefined) : undefined) ?? codeOfStatus(failure.status);
  // A prompt that is too long is a plain invalid_request_error; only its size tells it from other rejections.
  const tooLong = code === 'ProviderRejected' && call !== undefined && isLongerThanContext('anthropic', call);
  return failureError(vendor, failure, { reason: errorCode ?? error?.type, code: tooLong ? 'ContextTooLong' : code });
}
