import type { ToolPolicyWire } from '#contracts/api/tool-policy.schema';
import { RISK_CLASSES, TOOL_RISKS } from '#contracts/tool-policy';
import type { Config } from '#platform/config';
import type { StoredToolPolicy } from '#platform/repositories/tool-policy';

export function policyToWire(policy: StoredToolPolicy, config: Pick<Config, 'AWP_MCP_SERVERS'>): ToolPolicyWire {
  const ofServers = Object.entries(config.AWP_MCP_SERVERS).flatMap(([server, { tools, risk }]) => tools.map((tool) => ({ tool: `mcp:${server}:${tool}`, risk })));
  return {
    version: policy.version, rules: policy.rules.map(({ hosts, ...rule }) => ({ ...rule, ...(hosts ? { hosts: [...hosts] } : {}) })), changed_by: policy.createdBy, changed_at: policy.createdAt?.toISOString() ?? null,
    risk_classes: [...RISK_CLASSES], tools: [...Object.entries(TOOL_RISKS).map(([tool, risk]) => ({ tool, risk })), ...ofServers],
  };
}
