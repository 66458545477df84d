/** What the three wire formats have in common: the demo engine and the fault script read only this. */
export type Vendor = 'openai' | 'anthropic' | 'gemini';

export interface SimulatedTool { name: string; description: string; /** JSON Schema of the arguments */ parameters: Record<string, unknown> }
export interface SimulatedToolCall { id: string; name: string; arguments: Record<string, unknown> }

export type SimulatedTurn =
  | { role: 'user'; text: string }
  | { role: 'assistant'; text: string; toolCalls: SimulatedToolCall[] }
  | { role: 'tool'; toolCallId: string; name: string; text: string };

export interface SimulatedRequest {
  vendor: Vendor;
  model: string;
  system: string;
  turns: SimulatedTurn[];
  tools: SimulatedTool[];
  /** `auto` the engine decides, `any` it must call one, `{name}` it must call that one, `none` it must not */
  toolChoice: 'auto' | 'any' | 'none' | { name: string };
  /** the answer must be JSON; `schema` is null when only "a JSON object" was asked for */
  json: { schema: Record<string, unknown> | null } | null;
  /** Anthropic: the forced tool whose arguments are the answer; `json` then holds its schema */
  answerTool?: string;
  maxOutputTokens: number;
  stream: boolean;
  /** streaming: send usage at the end (OpenAI's stream_options; the others always do) */
  includeUsage: boolean;
}

export interface SimulatedAnswer {
  text: string;
  toolCalls: SimulatedToolCall[];
  finish: 'stop' | 'length' | 'tool_calls' | 'refusal';
  usage: { inputTokens: number; outputTokens: number };
}

/** A request that the real vendor would refuse with a 4xx: the wire files throw it and render it in their own shape. */
export class WireError extends Error {
  readonly status: number;
  /** the vendor's machine-readable reason (OpenAI `code`, Anthropic `error.type`, Gemini `error.status`) */
  readonly reason: string;
  constructor(status: number, reason: string, message: string) {
    super(message);
    this.name = 'WireError';
    this.status = status;
    this.reason = reason;
  }
}
