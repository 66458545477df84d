import { z } from 'zod';
import { clip, cleanText } from '#contracts/material';
import type { ToolDefinition } from '#contracts/providers';
import { modelToolName, TOOL_RISKS, type RiskClass } from '#contracts/tool-policy';
import type { ToolResult } from '#contracts/workflow';

/** What every tool looks like, and the one way to run it. A tool brings something in from the world or checks something;
 * whatever happens outside ends in a ToolResult with one plain sentence, so that a run goes on and says what it lacks. */
export type ToolOutcome = ToolResult['outcome'];
export type ToolItem = ToolResult['items'][number];

/** `hosts`: only these host names may be reached; null = any public one */
export interface Capabilities { tools: readonly string[]; hosts: readonly string[] | null }

/** Whose run it is: a tool reads nothing of anybody else. */
export interface ToolOwner { userId: string; runId: string }

export interface ToolContext {
  owner?: ToolOwner;
  /** aborts when the run is cancelled or the tool's time is over */
  signal: AbortSignal;
  /** called every 2 s while a tool runs */
  heartbeat?: (detail?: unknown) => void;
  capabilities: Capabilities;
  /** told of errors that no tool foresaw; their words stay out of the result */
  onUnexpected?: (error: unknown) => void;
}

export interface ToolAvailability { available: boolean; detail: string; remedy: string | null }

export interface Tool<Args = unknown> {
  name: string;
  title: string;
  /** for the model: what it does, when to use it, what comes back */
  description: string;
  /** strict object: unknown keys are refused */
  args: z.ZodType<Args>;
  /** what it can do at worst; absent = as TOOL_RISKS lists it, and `act` when that does not */
  risk?: RiskClass;
  /** reaches the network; refused in a Test run unless allowed */
  networked: boolean;
  /** ms, the whole call */
  timeoutMs: number;
  /** addresses in the arguments that it would go to; one that nobody named in this run makes the call `network` */
  addresses?(args: Args): readonly string[];
  /** what a model is told when only the world knows it (an MCP server's own words and schema) */
  define?(signal: AbortSignal): Promise<Pick<ToolDefinition, 'description' | 'parameters'>>;
  /** from configuration alone, no I/O */
  availability(): ToolAvailability;
  /** asks the world, in 3 s at most; only networked tools have it */
  probe?(signal: AbortSignal): Promise<ToolAvailability>;
  run(args: Args, context: ToolContext): Promise<ToolResult>;
}

/** A tool that nobody classed can do anything. */
export const riskOf = (tool: Pick<Tool, 'name' | 'risk'>): RiskClass => tool.risk ?? TOOL_RISKS[tool.name] ?? 'act';

/** Ends a tool with an outcome and a sentence for the person. Nothing internal (paths, addresses) belongs in it. */
export class ToolProblem extends Error {
  readonly outcome: Exclude<ToolOutcome, 'ok'>;
  constructor(outcome: Exclude<ToolOutcome, 'ok'>, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.name = 'ToolProblem';
    this.outcome = outcome;
  }
}

const MAX_ITEMS = 20;
const MAX_ITEM_CHARACTERS = 12_000;
const MAX_RESULT_BYTES = 150_000;
const HEARTBEAT_EVERY_MS = 2_000;
/** Of what a server says of its own tool, our sentence included: each call pays for it. */
export const MOST_DEFINITION_BYTES = 12_000;
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** Parses the arguments, checks the grant, runs within the tool's time, cleans and cuts what comes back.
 * Safe to retry: tools only read.
 * @param rawArguments  as the model or the workflow gave them
 * @returns always a result; `failed` also for wrong arguments and missing grants
 * @throws the signal's reason when the run is cancelled, nothing else */
export async function runTool(tool: Tool, rawArguments: unknown, context: ToolContext): Promise<ToolResult> {
  context.signal.throwIfAborted();
  if (!context.capabilities.tools.includes(tool.name)) return problem('failed', `This run was not granted ${tool.name}.`);
  const parsed = tool.args.safeParse(rawArguments);
  if (!parsed.success) return problem('failed', `The arguments of ${tool.name} need a change: ${parsed.error.issues.map((issue) => `${issue.path.join('.') || 'arguments'}: ${issue.message}`).join('; ')}`);
  const timeout = AbortSignal.timeout(tool.timeoutMs);
  const signal = AbortSignal.any([context.signal, timeout]);
  const beat = context.heartbeat && setInterval(() => { context.heartbeat?.({ tool: tool.name }); }, HEARTBEAT_EVERY_MS);
  try {
    return capped(await withAbort(tool.run(parsed.data, { ...context, signal }), signal));
  } catch (error) {
    context.signal.throwIfAborted();
    if (timeout.aborted) return problem('unavailable', `${tool.title} gave no answer within ${tool.timeoutMs / 1000} s.`);
    if (error instanceof ToolProblem) return problem(error.outcome, error.message);
    context.onUnexpected?.(error);
    return problem('failed', `${tool.title} failed unexpectedly (${error instanceof Error ? error.name : 'unknown error'}).`);
  } finally {
    clearInterval(beat);
  }
}

const definitions = new WeakMap<Tool, ToolDefinition>();

/** The tool in the shape a model call takes; made once, each call of a model asks for it. */
export function toToolDefinition(tool: Tool): ToolDefinition {
  const known = definitions.get(tool);
  if (known) return known;
  const { $schema: _, ...parameters } = z.toJSONSchema(tool.args, { io: 'input', target: 'draft-2020-12' }) as Record<string, unknown>;
  const made = { name: modelToolName(tool.name), description: tool.description, parameters };
  definitions.set(tool, made);
  return made;
}

/** The same for every tool, also those whose description only their server knows.
 * @throws ToolProblem when the server cannot be asked */
export async function describeTool(tool: Tool, signal: AbortSignal): Promise<ToolDefinition> {
  return { ...toToolDefinition(tool), ...(await tool.define?.(signal)) };
}

const problem = (outcome: Exclude<ToolOutcome, 'ok'>, summary: string): ToolResult => ({ outcome, summary: sentence(summary), items: [] });
const sentence = (text: string): string => clip(cleanText(text).replace(/\s+/g, ' ').trim(), 600);

/** Rejects as soon as the signal aborts, even when the tool does not listen to it. */
function withAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => { reject(signal.reason as Error); };
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => { signal.removeEventListener('abort', abort); });
  });
}

/** Clean text within the limits of one payload: 20 items, 12,000 characters each, 150 kB in all. */
function capped(result: ToolResult): ToolResult {
  const items = result.items.slice(0, MAX_ITEMS).map((item) => ({
    ...item, title: line(item.title, 300) || item.id, snippet: line(item.snippet, 400), text: clip(cleanText(item.text), MAX_ITEM_CHARACTERS),
  }));
  const dataBytes = result.data === undefined ? 0 : bytesOf(result.data);
  if (dataBytes > MAX_RESULT_BYTES) throw new ToolProblem('failed', `The result holds ${Math.round(dataBytes / 1000)} kB of figures; at most ${MAX_RESULT_BYTES / 1000} kB fit. Ask for fewer rows or columns.`);
  for (let limit = MAX_ITEM_CHARACTERS; bytesOf(items) > MAX_RESULT_BYTES - dataBytes && limit > 200; limit = Math.floor(limit * 0.7)) {
    for (const item of items) item.text = clip(item.text, limit);
  }
  return { outcome: result.outcome, summary: sentence(result.summary), items, ...(result.data === undefined ? {} : { data: result.data }) };
}

const line = (text: string, limit: number): string => clip(cleanText(text).replace(/\s+/g, ' ').trim(), limit);
