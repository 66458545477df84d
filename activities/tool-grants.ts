import type { RunEventData } from '#contracts/run-events';
import type { Stage } from '#contracts/runs';
import { addressesIn, decideTool, type ToolDecision, type ToolRule } from '#contracts/tool-policy';
import { toolStandingOf } from '#platform/repositories/tool-policy';
import { toolResultsOf } from '#platform/repositories/run-events';
import type { ActivityDeps } from './deps.ts';
import { riskOf, type Tool } from './tools/tool.ts';
import { exactAddress } from './tools/web-address.ts';

/** What one run may use, asked at the moment of each call: a rule that an admin takes back holds at once. */
export interface GrantCall { runId: string; slug: string; stage: Stage; tool: string; arguments: unknown }
type Standing = { role: string; declared: readonly string[]; chosen: readonly string[]; rules: readonly ToolRule[]; version: number; inputs: unknown };

/** @returns the decision, with its reason; a tool that is not installed is refused like one that was not granted */
export async function decideCall(deps: Pick<ActivityDeps, 'db' | 'findEntry' | 'tools'>, call: GrantCall): Promise<ToolDecision> {
  const tool = deps.tools[call.tool];
  const standing = await standingOf(deps, call.runId, call.slug);
  if (!tool || !standing) return { allowed: false, risk: 'act', reason: tool ? 'There is no such run.' : `There is no tool named ${call.tool}.` };
  return decide(tool, call, standing, await unnamedAddress(deps, tool, call, standing.inputs));
}

const decide = (tool: Tool, { slug, stage }: Pick<GrantCall, 'slug' | 'stage'>, { role, declared, chosen, rules }: Standing, address: string | null): ToolDecision => decideTool({ tool: tool.name, risk: riskOf(tool), workflowId: slug, role, stage, declared, chosen, unnamedAddress: address }, rules);

/** What the run page and metadata.json list: each tool the inputs ask for, and whether it will be allowed. */
export async function grantsOfRun(deps: Pick<ActivityDeps, 'db' | 'findEntry' | 'tools'>, run: { runId: string; slug: string; stage: Stage }): Promise<RunEventData['grant-record'] | null> {
  const standing = await standingOf(deps, run.runId, run.slug);
  if (!standing) return null;
  const named = Object.values(deps.tools).filter(({ name }) => decideTool({ tool: name, risk: 'read', workflowId: run.slug, role: standing.role, stage: run.stage, declared: standing.declared, chosen: standing.chosen }, []).allowed);
  return { role: standing.role, policy_version: standing.version, grants: named.map((tool) => ({ tool: tool.name, title: tool.title, ...decide(tool, run, standing, null) })) };
}

async function standingOf(deps: Pick<ActivityDeps, 'db' | 'findEntry'>, runId: string, slug: string): Promise<Standing | null> {
  const [found, entry] = await Promise.all([toolStandingOf(deps.db, runId), deps.findEntry(slug, runId)]);
  if (!found || !entry) return null;
  const parsed = entry.input.safeParse(found.inputs);
  return { ...found, declared: entry.tools, chosen: parsed.success ? entry.toolsFor(parsed.data) : [] };
}

/** The first address in the arguments that neither the person's inputs nor the `url` of an earlier result names. Words of a
 * page are no source of addresses: whoever wrote the page could put the run's own data into one, also behind an address that is named. */
async function unnamedAddress(deps: Pick<ActivityDeps, 'db'>, tool: Tool, call: GrantCall, inputs: unknown): Promise<string | null> {
  const parsed = tool.addresses ? tool.args.safeParse(call.arguments) : null;
  const wanted = parsed?.success ? tool.addresses?.(parsed.data) ?? [] : [];
  if (wanted.length === 0) return null;
  const known = new Set(addressesIn(inputs).map(exactAddress));
  for (const result of await toolResultsOf(deps.db, call.runId)) for (const item of result.items) if (item.url) known.add(exactAddress(item.url));
  return wanted.find((address) => !known.has(exactAddress(address))) ?? null;
}
