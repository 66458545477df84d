import { Context } from '@temporalio/activity';
import { callId, type ToolRequest, type ToolResult } from '#contracts/workflow';
import { appendRunEvents } from '#platform/repositories/run-events';
import type { ActivityDeps } from './deps.ts';
import { classify, isCancelled, toFailure } from './failures.ts';
import { carriedEvents } from './record-run-events.ts';
import { runTool as runOne } from './tools/tool.ts';

/** Calls one tool and leaves its receipt (call and result) in the log. Trouble outside is an outcome of the result.
 * @throws ApplicationFailure ServiceUnavailable while the database is away; a cancel as it is */
export async function runTool(deps: ActivityDeps, request: ToolRequest): Promise<ToolResult> {
  const id = callId(request);
  const where = { stage: request.stage, step: request.step, ordinal: request.ordinal };
  try {
    await deps.db.$transaction((tx) => appendRunEvents(tx, request.runId, [
      ...carriedEvents(request.before),
      { key: `${id}/call`, event: { type: 'tool-call', ...where, data: { tool: request.tool, tool_call_id: id, arguments: request.arguments } } },
    ]));
    const started = performance.now();
    const tool = deps.tools[request.tool];
    const granted = deps.findEntry(request.slug)?.tools ?? [];
    const result: ToolResult = tool
      ? await runOne(tool, request.arguments, { signal: Context.current().cancellationSignal, heartbeat: (detail) => Context.current().heartbeat(detail), onUnexpected: (error) => deps.logger.warn({ err: error, run_id: request.runId, tool: request.tool }, 'a tool met an error it did not expect'), capabilities: { tools: granted, hosts: null } })
      : { outcome: 'failed', summary: `There is no tool named ${request.tool}.`, items: [] };
    const items = result.items.map(({ text: _text, ...item }) => item);
    await deps.db.$transaction((tx) => appendRunEvents(tx, request.runId, [
      { key: `${id}/result`, event: { type: 'tool-result', ...where, data: { tool: request.tool, tool_call_id: id, outcome: result.outcome, summary: result.summary, items, duration_ms: Math.round(performance.now() - started) } } },
    ]));
    return result;
  } catch (error) {
    if (isCancelled(error) || Context.current().cancellationSignal.aborted) throw error;
    throw toFailure(classify(error, () => 1, deps.config.AWP_RETRY_BASE_MS), request.step);
  }
}
