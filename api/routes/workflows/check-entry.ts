import type { CatalogEntry, PlannedCall } from '#contracts/catalog.schema';
import { beyondCaps, beyondWords, type Beyond } from '#contracts/estimate';
import type { Problem } from '#contracts/own/check.schema';
import { TOOL_RISKS, toolCovers } from '#contracts/tool-policy';
import type { Deps } from '../../deps.ts';
import { capsOf } from '../../caps.ts';

export interface EntryReport { errors: Problem[]; warnings: Problem[]; /** of a Full run with the first example's inputs; empty while there is an error */ plan: readonly PlannedCall[] }
const at = (pointer: string, severity: Problem['severity'], detail: string): Problem => ({ pointer, severity, detail });

/** What is true of a workflow of the catalog here and now: it is there, its examples fit its form, its tools are known to this
 * installation, and what its examples plan fits the caps that are set here. @param entry  undefined when it left the catalog */
export function checkEntry({ config }: Pick<Deps, 'config'>, entry: CatalogEntry | undefined): EntryReport {
  if (!entry) return { errors: [at('#', 'error', 'is not in the catalog of this installation any more: its runs can be read, and no new one can be started')], warnings: [], plan: [] };
  const known = [...Object.keys(TOOL_RISKS), ...Object.entries(config.AWP_MCP_SERVERS).flatMap(([server, { tools }]) => tools.map((tool) => `mcp:${server}:${tool}`))];
  const errors = entry.tools.flatMap((grant, index) => (known.some((tool) => toolCovers(grant, tool)) ? [] : [at(`#/tools/${index}`, 'error', `${grant} is no tool of this installation`)]));
  const inputs = entry.presets.flatMap((preset, index) => {
    const parsed = entry.input.safeParse(preset.inputs);
    if (!parsed.success) errors.push(at(`#/presets/${index}`, 'error', `does not fit the form: ${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ').slice(0, 300)}`));
    return parsed.success ? [parsed.data] : [];
  });
  const caps = capsOf(config);
  const most = new Map<string, Beyond>();
  for (const input of inputs) {
    for (const beyond of beyondCaps((['test', 'full'] as const).map((stage) => ({ stage, plan: entry.plan(input, stage), caps: caps[stage] })), null)) {
      const key = `${beyond.stage}/${beyond.what}`;
      if (beyond.planned > (most.get(key)?.planned ?? 0)) most.set(key, beyond);
    }
  }
  const [first] = inputs;
  return { errors, warnings: [...most.values()].map((beyond) => at('#/plan', 'warning', beyondWords(beyond))), plan: errors.length === 0 && first ? entry.plan(first, 'full') : [] };
}
