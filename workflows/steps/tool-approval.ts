import { TOOL_RISKS } from '#contracts/tool-policy';
import type { StageContext } from '../stages/run-stages.ts';
import type { Step } from '../stages/step.ts';

export interface ToolUse { tool: string; arguments: Record<string, unknown> }
interface Decision { decision: 'allow' | 'always' | 'deny'; arguments?: string }

/** Puts one tool call before the person who started the run: allow, always for this run, deny, or with other arguments. Nobody
 * in time means no.
 * @returns the call as it may run, or the sentence for the model */
export async function approveCall(context: Pick<StageContext<unknown>, 'ask'>, step: Step, use: ToolUse, always: Set<string>): Promise<ToolUse | string> {
  const { decision, arguments: edited } = await context.ask<Decision>({
    key: `tool-${step.key}`, title: `May "${step.title}" use ${use.tool}?`, questions: 'tool_decision', shown: { step: step.title, tool: use.tool, arguments: use.arguments }, otherwise: { decision: 'deny' },
  }, step.key);
  if (decision === 'deny') return `The person did not allow this use of ${use.tool}.`;
  if (decision === 'always') always.add(use.tool);
  if (!edited?.trim()) return use;
  try {
    const value: unknown = JSON.parse(edited);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return { ...use, arguments: value as Record<string, unknown> };
  } catch { /* told below */ }
  step.remark(`The arguments given for ${use.tool} are no JSON object, so it was not called.`);
  return `${use.tool} was not called: the person's arguments were no JSON object.`;
}

/** Reading and computing go ahead under the grants of the run; what acts on the world, and every tool whose risk nobody wrote down, is put before the person. */
export const byRisk = ({ tool }: ToolUse): 'allow' | 'ask' => (['read', 'compute'].includes(TOOL_RISKS[tool] ?? 'act') ? 'allow' : 'ask');
