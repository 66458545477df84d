/** Provider ids and the neutral shape of one model call. The vendors' wire formats live in activities/providers only. */
export const PROVIDER_IDS = ['openai', 'anthropic', 'gemini', 'deepseek', 'groq', 'openrouter', 'compatible', 'demo'] as const;
export type ProviderId = (typeof PROVIDER_IDS)[number];

export interface Usage {
  inputTokens: number;
  outputTokens: number;
  /** Parts of inputTokens/outputTokens where the vendor says so. */
  cachedInputTokens?: number;
  reasoningTokens?: number;
  /** the endpoint reported none: counted here, 4 characters a token */
  estimated?: true;
}

export const FINISH_REASONS = ['stop', 'length', 'tool_calls', 'content_filter', 'error', 'unknown'] as const;
export interface FinishReason { unified: (typeof FINISH_REASONS)[number]; raw: string | null }

export interface ToolDefinition { name: string; description: string; /** JSON Schema, draft 2020-12 */ parameters: Record<string, unknown> }
export interface ToolCall { id: string; name: string; /** JSON text as the model wrote it; parse before use */ arguments: string }

export type Message =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string; toolCalls?: ToolCall[] }
  | { role: 'tool'; toolCallId: string; content: string };

export interface CompletionCall {
  model: string;
  messages: Message[];
  /** tokens, already clamped to what the run has left */
  maxOutputTokens: number;
  temperature?: number;
  /** The answer must be JSON that fits this schema. */
  answerSchema?: { name: string; schema: Record<string, unknown> };
  tools?: ToolDefinition[];
  /** `<run id>/<stage>/<step>/<ordinal>`, sent as X-Client-Request-Id; the same on a retry of the same call */
  requestId: string;
}

export interface CompletionAnswer {
  text: string;
  toolCalls: ToolCall[];
  usage: Usage;
  finishReason: FinishReason;
  modelServed: string;
}

/** What an adapter yields while the model writes; the last item is always `end`. */
export type CompletionChunk = { type: 'text'; text: string } | { type: 'end'; answer: CompletionAnswer };
