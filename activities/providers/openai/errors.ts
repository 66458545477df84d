import type { ErrorCode } from '#contracts/errors';
import { codeOfStatus, failureError, type Failure } from '../failure.ts';
import type { ProviderError } from '../provider.ts';
import { WireErrorBody } from './wire.ts';

/** Reason codes of the OpenAI family that say more than the status. Only codes and types are read, never a message.
 * @source platform.openai.com/docs/guides/error-codes; api-docs.deepseek.com, console.groq.com/docs/errors, openrouter.ai/docs/errors, read 2026-11 */
const CODES: Record<string, ErrorCode> = {
  insufficient_quota: 'ProviderQuota', billing_hard_limit_reached: 'ProviderQuota', billing_not_active: 'ProviderQuota', insufficient_balance: 'ProviderQuota',
  insufficient_credits: 'ProviderQuota', blocked_api_access: 'ProviderQuota',
  context_length_exceeded: 'ContextTooLong', string_above_max_length: 'ContextTooLong', exceed_context_size_error: 'ContextTooLong', request_too_large: 'ContextTooLong',
  content_filter: 'ProviderRefused', content_policy_violation: 'ProviderRefused', moderation_blocked: 'ProviderRefused',
  invalid_api_key: 'ProviderAuthentication', account_deactivated: 'ProviderAuthentication',
  model_not_found: 'ProviderRejected', json_validate_failed: 'OutputInvalid', tool_use_failed: 'OutputInvalid',
};
/** Looked at only when no status speaks: an error event inside a 200. */
const EVENT_TYPES: Record<string, ErrorCode> = {
  rate_limit_exceeded: 'ProviderRateLimited', rate_limit_error: 'ProviderRateLimited', requests: 'ProviderRateLimited', tokens: 'ProviderRateLimited',
  authentication_error: 'ProviderAuthentication', permission_error: 'ProviderAuthentication', invalid_request_error: 'ProviderRejected',
  server_error: 'ProviderUnavailable', overloaded_error: 'ProviderUnavailable', service_unavailable: 'ProviderUnavailable',
};

export function readFailure(vendor: string, failure: Failure): ProviderError {
  const parsed = WireErrorBody.safeParse(errorPart(failure.body));
  const { type, code, metadata } = parsed.success ? parsed.data : {};
  const reason = typeof code === 'string' ? code : type;
  const numeric = typeof code === 'number' && failure.status < 300 ? codeOfStatus(code) : undefined;
  const said = (typeof code === 'string' ? CODES[code] : undefined) ?? (type ? CODES[type] : undefined);
  const inEvent = failure.status < 300 ? numeric ?? [code, type].map((word) => EVENT_TYPES[String(word)]).find(Boolean) : undefined;
  // OpenRouter's moderation answers 403 and lists its reasons; that is no matter of the key.
  const moderated = failure.status === 403 && Boolean(metadata?.reasons?.length) ? 'ProviderRefused' as const : undefined;
  // 413 is about size whatever the reason is called (Groq says rate_limit_exceeded when a request can never fit).
  return failureError(vendor, failure, { reason, code: failure.status === 413 ? 'ContextTooLong' : moderated ?? said ?? inEvent });
}

/** `{error: {...}}`, `{error: {...}}` in a list, or the bare object. */
function errorPart(body: unknown): unknown {
  const first: unknown = Array.isArray(body) ? body[0] : body;
  if (first === null || typeof first !== 'object') return {};
  return 'error' in first && first.error !== null && typeof first.error === 'object' ? first.error : first;
}
