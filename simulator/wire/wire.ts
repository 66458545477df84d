import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { WireError, type SimulatedAnswer, type SimulatedRequest, type Vendor } from '../request.ts';

/** One vendor's wire format: how a request is read, and how an answer, an error and a list of models are written. */
export interface Wire {
  vendor: Vendor;
  /** @throws WireError for what the real vendor refuses */
  readKey(headers: IncomingHttpHeaders, url: URL): string;
  parse(body: unknown, headers: IncomingHttpHeaders, url: URL): SimulatedRequest;
  renderFull(request: SimulatedRequest, answer: SimulatedAnswer, id: string): unknown;
  /** SSE frames in order; `paced` ones carry text and are sent at reading speed. */
  renderStream(request: SimulatedRequest, answer: SimulatedAnswer, id: string): Iterable<Frame>;
  renderError(error: ErrorShape): unknown;
  renderModels(ids: string[]): unknown;
}

export interface Frame { data: string; paced: boolean }
export interface ErrorShape { status: number; reason: string; message: string; /** s; Gemini writes it into the body (RetryInfo) */ retryAfterSeconds?: number }

/** Reasons every wire can write in its own shape. */
export const REASONS = ['authentication', 'permission', 'not_found', 'invalid_request', 'too_large', 'rate_limit', 'quota', 'context_too_long', 'content_filter', 'overloaded', 'server_error', 'timeout', 'conflict'] as const;

export function reasonOfStatus(status: number): string {
  const known: Record<number, string> = { 401: 'authentication', 402: 'quota', 403: 'permission', 404: 'not_found', 408: 'timeout', 409: 'conflict', 413: 'too_large', 429: 'rate_limit', 503: 'overloaded', 529: 'overloaded' };
  return known[status] ?? (status >= 500 ? 'server_error' : 'invalid_request');
}

export function parseWith<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new WireError(400, 'invalid_request', z.prettifyError(parsed.error).slice(0, 1000));
}

export function checkKey(key: string): string {
  if (!key) throw new WireError(401, 'authentication', 'No API key was sent.');
  if (key.startsWith('bad-')) throw new WireError(401, 'authentication', 'The API key is not valid.');
  if (key.startsWith('quota-')) throw new WireError(429, 'quota', 'The spending limit of this key is used up.');
  return key;
}

/** Words with the space before them: joined again they are the text, to the character. */
export function pieces(text: string): string[] {
  return text.match(/\s*\S+(?:\s+$)?|^\s+$/gu) ?? [];
}

/** One SSE frame; Anthropic names its events, the others do not. */
export function frame(data: unknown, options: { event?: string; paced?: boolean } = {}): Frame {
  const head = options.event ? `event: ${options.event}\n` : '';
  return { data: `${head}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`, paced: options.paced ?? false };
}
