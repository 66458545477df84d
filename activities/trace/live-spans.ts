import { SpanKind } from '@opentelemetry/api';
import type { CompletionAnswer } from '#contracts/providers';
import { callId, type CompleteRequest } from '#contracts/workflow';
import type { Config } from '#platform/config';
import { redact } from '#platform/redact';
import { inSpan } from '#platform/tracing/tracing';
import { GEN_AI, GEN_AI_PROVIDER } from './gen-ai.ts';

/** Live spans of what an activity asks of the outside, by the names of the GenAI conventions. Words of people and models are in
 * them only where the operator asked for it; trace.json, which belongs to the run's owner, is another thing. */

type CaptureSetting = Pick<Config, 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT'>;

/** One try of one model call, from the first byte sent to the last one read. */
export function chatSpan<T extends { answer: CompletionAnswer; firstTokenMs: number | null }>(config: CaptureSetting, request: CompleteRequest, attempt: number, work: () => Promise<T>): Promise<T> {
  const words = config.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT === 'true';
  return inSpan(`chat ${request.model}`, SpanKind.CLIENT, {
    [GEN_AI.operation]: 'chat', [GEN_AI.provider]: GEN_AI_PROVIDER[request.provider] ?? request.provider, [GEN_AI.requestModel]: request.model, [GEN_AI.maxTokens]: request.maxOutputTokens, [GEN_AI.conversation]: request.runId,
    'awp.run.id': request.runId, 'awp.call': callId(request), 'awp.attempt': attempt, ...(words ? { [GEN_AI.inputMessages]: JSON.stringify(redact(request.messages)) } : {}),
  }, async (span) => {
    const made = await work();
    const { answer, firstTokenMs } = made;
    span.setAttributes({
      [GEN_AI.responseModel]: answer.modelServed, [GEN_AI.inputTokens]: answer.usage.inputTokens, [GEN_AI.outputTokens]: answer.usage.outputTokens, [GEN_AI.finishReasons]: [answer.finishReason.unified],
      ...(firstTokenMs === null ? {} : { 'awp.first_token_ms': firstTokenMs }), ...(words ? { [GEN_AI.outputMessages]: String(redact(answer.text)) } : {}),
    });
    return made;
  });
}

/** One use of a tool. */
export function toolSpan<T extends { outcome: string }>(request: { runId: string; tool: string; step: string }, toolCallId: string, work: () => Promise<T>): Promise<T> {
  return inSpan(`execute_tool ${request.tool}`, SpanKind.INTERNAL, { [GEN_AI.operation]: 'execute_tool', [GEN_AI.toolName]: request.tool, [GEN_AI.toolCallId]: toolCallId, [GEN_AI.conversation]: request.runId, 'awp.run.id': request.runId, 'awp.step': request.step }, async (span) => {
    const result = await work();
    span.setAttribute('awp.tool.outcome', result.outcome);
    return result;
  });
}
