import type { CompletionView, RunView, StageView, StepView, ToolView } from '#contracts/run-reducer';
import type { RunRequest } from '#contracts/workflow';
import { sha256Hex } from '#platform/ids';
import { GEN_AI, GEN_AI_PROVIDER } from './gen-ai.ts';

/** trace.json: the run as OTLP/JSON, made from the same reduced event log that the page shows (guarantee G11), so any trace
 * viewer opens it and it cannot disagree with the stream. Span ids are derived from what they stand for: same log, same bytes. */
type Value = string | number | boolean | null | undefined | string[];
type Attributes = Record<string, Value>;
/** what the ledger holds of a call: the messages sent and the whole answer */
export type CallLookup = (stage: string, step: string, ordinal: number) => { prompt: unknown; text: string | undefined } | undefined;

interface Span { traceId: string; spanId: string; parentSpanId?: string; name: string; kind: number; startTimeUnixNano: string; endTimeUnixNano: string; attributes: object[]; status: { code: number; message?: string }; events?: object[] }

const OK = { code: 1 };
const failed = (message: string) => ({ code: 2, message });
const nanos = (at: string): string => `${BigInt(Date.parse(at)) * 1_000_000n}`;

export interface TraceInput { request: RunRequest; view: RunView; endedAt: string; status: string; error: string | null; /** what is kept of the words */ prompts: boolean; answers: boolean; ledger: CallLookup | null }

/** @returns the object that JSON.stringify turns into an OTLP `ExportTraceServiceRequest` */
export function buildTrace(input: TraceInput): object {
  const spans: Span[] = [];
  const traceId = input.request.runId.replaceAll('-', '');
  const add = (path: string, parent: string | null, name: string, kind: number, startedAt: string, endedAt: string | null, attributes: Attributes, status: Span['status'], events?: object[]) => {
    const spanId = sha256Hex(`${traceId}/${path}`).slice(0, 16);
    spans.push({ traceId, spanId, ...(parent ? { parentSpanId: parent } : {}), name, kind, startTimeUnixNano: nanos(startedAt), endTimeUnixNano: nanos(endedAt ?? input.endedAt), attributes: attributesOf(attributes), status, ...(events?.length ? { events } : {}) });
    return spanId;
  };
  const { request, view } = input;
  const root = add('run', null, `invoke_workflow ${request.slug}`, 1, view.startedAt ?? view.queuedAt ?? input.endedAt, input.endedAt, {
    [GEN_AI.operation]: 'invoke_workflow', [GEN_AI.workflow]: request.slug, [GEN_AI.conversation]: request.runId, 'awp.run.id': request.runId, 'awp.run.mode': request.mode, 'awp.run.status': input.status,
    'awp.workflow.version': request.version, 'awp.persona': request.persona, 'awp.simulated': view.simulated, 'awp.cost.usd_micros': view.totals.costUsdMicros, [GEN_AI.inputTokens]: view.totals.inputTokens, [GEN_AI.outputTokens]: view.totals.outputTokens,
  }, input.error ? failed(input.error) : OK);
  for (const stage of view.stages) addStage(stage, root);
  return { resourceSpans: [{ resource: { attributes: attributesOf({ 'service.name': 'agentic-workflow-platform' }) }, scopeSpans: [{ scope: { name: 'awp.run', version: '1' }, spans }] }] };

  function addStage(stage: StageView, parent: string): void {
    const id = add(stage.stage, parent, `stage ${stage.stage}`, 1, stage.startedAt, stage.endedAt, { 'awp.stage': stage.stage, 'awp.stage.outcome': stage.status, 'awp.cap': stage.cap, 'awp.remark': stage.remark }, stage.status === 'failed' ? failed(stage.remark ?? 'failed') : OK,
      stage.checks.map((check) => ({ timeUnixNano: nanos(stage.endedAt ?? stage.startedAt), name: `check ${check.check}`, attributes: attributesOf({ 'awp.check.outcome': check.outcome, 'awp.check.detail': check.detail, 'awp.check.duration_ms': check.durationMs }) })));
    for (const step of stage.steps) addStep(stage, step, id);
  }
  function addStep(stage: StageView, step: StepView, parent: string): void {
    const path = `${stage.stage}/${step.step}`;
    const id = add(path, parent, `step ${step.title}`, 1, step.startedAt, step.endedAt, { 'awp.step': step.step, 'awp.step.outcome': step.status, 'awp.step.summary': step.summary }, step.status === 'failed' ? failed(step.summary ?? 'failed') : OK);
    for (const completion of step.completions) addCompletion(stage, step, completion, id);
    for (const tool of step.tools) addTool(tool, id);
  }
  function addCompletion(stage: StageView, step: StepView, completion: CompletionView, parent: string): void {
    const { end } = completion;
    const call = input.ledger?.(stage.stage, step.step, completion.ordinal);
    add(`${stage.stage}/${step.step}/${completion.ordinal}`, parent, `chat ${completion.model}`, 3, completion.startedAt, completion.endedAt, {
      [GEN_AI.operation]: 'chat', [GEN_AI.provider]: GEN_AI_PROVIDER[completion.provider] ?? completion.provider, [GEN_AI.requestModel]: completion.model, [GEN_AI.maxTokens]: completion.maxOutputTokens, [GEN_AI.responseModel]: end?.model_served,
      [GEN_AI.inputTokens]: end?.usage.inputTokens, [GEN_AI.outputTokens]: end?.usage.outputTokens, [GEN_AI.finishReasons]: end ? [end.finish_reason.unified] : undefined, 'awp.call': `${stage.stage}/${step.step}/${completion.ordinal}`,
      'awp.attempt': completion.attempt, 'awp.cost.usd_micros': end?.cost_usd_micros, 'awp.reused': end?.reused, 'awp.possibly_billed_attempts': view.possiblyBilled[`${stage.stage}/${step.step}/${completion.ordinal}`] ?? (end ? 0 : undefined), 'awp.first_token_ms': end?.first_token_ms,
      ...(input.prompts && call ? { [GEN_AI.inputMessages]: JSON.stringify(call.prompt) } : {}), ...(input.answers && end ? { [GEN_AI.outputMessages]: (end.text_truncated ? call?.text : undefined) ?? end.text } : {}),
    }, completion.status === 'done' ? OK : failed('not finished'), completion.retries.map((retry) => ({ timeUnixNano: nanos(retry.at), name: 'retry', attributes: attributesOf({ 'error.type': retry.code, 'awp.detail': retry.detail, 'awp.wait_ms': retry.waitMs }) })));
  }
  function addTool(tool: ToolView, parent: string): void {
    const ended = tool.durationMs === null ? null : new Date(Date.parse(tool.startedAt) + tool.durationMs).toISOString();
    add(tool.toolCallId, parent, `execute_tool ${tool.tool}`, 1, tool.startedAt, ended, { [GEN_AI.operation]: 'execute_tool', [GEN_AI.toolName]: tool.tool, [GEN_AI.toolCallId]: tool.toolCallId, 'awp.tool.outcome': tool.status, 'awp.tool.summary': tool.summary, 'awp.tool.arguments': input.answers ? JSON.stringify(tool.arguments) : undefined }, tool.status === 'failed' ? failed(tool.summary ?? 'failed') : OK);
  }
}

function attributesOf(attributes: Attributes): object[] {
  return Object.entries(attributes).filter(([, value]) => value !== null && value !== undefined).map(([key, value]) => ({ key, value: otlpValue(value as NonNullable<Value>) }));
}

function otlpValue(value: NonNullable<Value>): object {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(otlpValue) } };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { stringValue: value };
}
