/** OpenTelemetry names used in traces, pinned in one place: the gen_ai conventions are still in development.
 * @source OpenTelemetry semantic conventions for generative AI, 1.37, read 2026-11 */
export const GEN_AI = {
  operation: 'gen_ai.operation.name', provider: 'gen_ai.provider.name', requestModel: 'gen_ai.request.model', responseModel: 'gen_ai.response.model', maxTokens: 'gen_ai.request.max_tokens',
  finishReasons: 'gen_ai.response.finish_reasons', inputTokens: 'gen_ai.usage.input_tokens', outputTokens: 'gen_ai.usage.output_tokens', inputMessages: 'gen_ai.input.messages', outputMessages: 'gen_ai.output.messages',
  toolName: 'gen_ai.tool.name', toolCallId: 'gen_ai.tool.call.id', conversation: 'gen_ai.conversation.id', workflow: 'gen_ai.workflow.name',
} as const;

/** Vendor names where the convention's differ from our provider ids. */
export const GEN_AI_PROVIDER: Record<string, string> = { gemini: 'gcp.gemini', compatible: 'openai_compatible' };
