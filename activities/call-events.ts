import { MAX_EVENT_TEXT_BYTES } from '#contracts/limits';
import type { ProviderId } from '#contracts/providers';
import { callId, type CompleteRequest } from '#contracts/workflow';
import type { TakenAnswer } from '#platform/repositories/fork-answers';
import type { KeyedEvent } from '#platform/repositories/run-events';

/** Places, keys and texts of what a model call writes to the run's log. */
export const site = (request: CompleteRequest) => ({ stage: request.stage, step: request.step, ordinal: request.ordinal });
export const keyOf = (request: CompleteRequest, digest: string, rest: string): string => `${callId(request)}/${digest.slice(0, 8)}/${rest}`;
export const billedMark = (attempts: number) => (attempts > 0 ? { possibly_billed_attempts: attempts } : {});
export const promptMark = ({ promptEditedBy }: CompleteRequest) => (promptEditedBy ? { prompt_edited_by: promptEditedBy } : {});

/** An answer of an earlier run, in the log of this one: whole, free, and marked. */
export function takenEvents(request: CompleteRequest, digest: string, { answer, provider, model, editedBy }: TakenAnswer): KeyedEvent[] {
  const { text, truncated } = inlineText(answer.text);
  const by = { provider: provider as ProviderId, model };
  return [
    { key: keyOf(request, digest, '1/start'), event: { type: 'completion-start', ...site(request), attempt: 1, data: { ...by, max_output_tokens: request.maxOutputTokens } } },
    {
      key: keyOf(request, digest, 'end'),
      event: {
        type: 'completion-end', ...site(request), attempt: 1,
        data: { ...by, model_served: answer.modelServed, usage: answer.usage, finish_reason: answer.finishReason, cost_usd_micros: 0, text, text_truncated: truncated, duration_ms: 0, first_token_ms: null, reused: true, ...(editedBy ? { edited_by: editedBy } : {}), ...promptMark(request), possibly_billed_attempts: 0 },
      },
    },
  ];
}

/** Keeps head and tail of a text that is too long for an event. */
export function inlineText(text: string): { text: string; truncated: boolean } {
  if (Buffer.byteLength(text) <= MAX_EVENT_TEXT_BYTES) return { text, truncated: false };
  return { text: `${text.slice(0, 12_000)}\n\n… (${text.length - 16_000} characters more; the whole answer is in trace.json) …\n\n${text.slice(-4_000)}`.toWellFormed(), truncated: true };
}
