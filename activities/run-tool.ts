import { Context } from '@temporalio/activity';
import { jsonSafe } from '#contracts/json-safe';
import { callId, type ToolRequest, type ToolResult } from '#contracts/workflow';
import { appendEvents } from '#platform/repositories/append-events';
import type { ActivityDeps } from './deps.ts';
import { classify, isCancelled, toFailure } from './failures.ts';
import { carriedEvents } from './record-run-events.ts';
import { decideCall } from './tool-grants.ts';
import { requireRights } from './rights.ts';
import { receiptOf } from './tools/receipt.ts';
import { runTool as runOne } from './tools/tool.ts';
import { toolSpan } from './trace/live-spans.ts';

/** Asks whether the run may, calls one tool and leaves its receipt (call and result) in the log. Trouble outside is an outcome of the result.
 * @throws ApplicationFailure PermissionDenied when the person lost the right meanwhile; ServiceUnavailable while the database is away; a cancel as it is */
export async function runTool(deps: ActivityDeps, request: ToolRequest): Promise<ToolResult> {
  const id = callId(request);
  const { cancellationSignal, info: { isLocal } } = Context.current();
  await requireRights(deps, request);
  const where = { stage: request.stage, step: request.step, ordinal: request.ordinal };
  try {
    const grant = await decideCall(deps, request);
    await appendEvents(deps.db, request.runId, [
      ...carriedEvents(request.before),
      { key: `${id}/call`, event: { type: 'tool-call', ...where, data: { tool: request.tool, tool_call_id: id, arguments: receiptOf(request.arguments), grant } } },
      ...(grant.allowed ? [] : [{ key: `${id}/refuse`, event: { type: 'tool-refuse' as const, ...where, data: { tool: request.tool, tool_call_id: id, risk: grant.risk, reason: grant.reason } } }]),
    ]);
    const started = performance.now();
    const tool = deps.tools[request.tool];
    const result: ToolResult = tool && grant.allowed
      ? jsonSafe(await toolSpan(request, id, () => runOne(tool, request.arguments, { owner: { userId: request.userId, runId: request.runId }, signal: cancellationSignal, ...(isLocal ? {} : { heartbeat: (detail) => Context.current().heartbeat(detail) }), onUnexpected: (error) => deps.logger.warn({ err: error, tool: request.tool }, 'a tool met an error it did not expect'), capabilities: { tools: [tool.name], hosts: grant.hosts ?? null } })))
      : { outcome: 'failed', summary: grant.reason, items: [] };
    const items = result.items.map(({ text: _text, ...item }) => item);
    await appendEvents(deps.db, request.runId, [
      { key: `${id}/result`, event: { type: 'tool-result', ...where, data: { tool: request.tool, tool_call_id: id, outcome: result.outcome, summary: result.summary, items, duration_ms: Math.round(performance.now() - started) } } },
    ]);
    return result;
  } catch (error) {
    if (isCancelled(error) || cancellationSignal.aborted) throw error;
    throw toFailure(classify(error, () => Context.current().info.attempt, deps.config.AWP_RETRY_BASE_MS), request.step);
  }
}
