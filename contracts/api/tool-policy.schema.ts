import { z } from 'zod';
import { RISK_CLASSES, TOOL_ROLES } from '../tool-policy.ts';
import { Timestamp, Uuid } from './common.schema.ts';

const Rule = z.strictObject({
  workflow_id: z.string().regex(/^(?:\*|[a-z][a-z0-9_]{0,99})$/, 'a workflow id, or *').meta({ description: 'A workflow id, or * for every one' }),
  role: z.enum([...TOOL_ROLES, '*']),
  allow: z.string().regex(/^(?:[a-z][a-z0-9_]{0,99}|mcp:[a-z0-9-]{1,30}:(?:\*|[\w.-]{1,100}))$/, 'a risk class, the name of a tool, or mcp:<server>:*').meta({ description: 'compute, network, act, the name of a tool, or mcp:<server>:*' }),
  hosts: z.array(z.string().trim().toLowerCase().regex(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/, 'a host name, like docs.example.org')).min(1).max(50).optional().meta({ description: 'Of a rule for network: only these hosts, redirects included. Any public one when left out' }),
}).refine((rule) => rule.hosts === undefined || rule.allow === 'network', { path: ['hosts'], message: 'only a rule for network has hosts' });
export const ToolPolicyBody = z.strictObject({
  version: z.int().min(0).meta({ description: 'The version you looked at; another one in between is refused' }),
  rules: z.array(Rule).max(200),
});
export const ToolPolicySchema = z.object({
  version: z.int().meta({ description: '0 = no list was written, the default holds' }), rules: z.array(Rule), changed_by: Uuid.nullable(), changed_at: Timestamp.nullable(),
  risk_classes: z.array(z.enum(RISK_CLASSES)), tools: z.array(z.object({ tool: z.string(), risk: z.enum(RISK_CLASSES) })).meta({ description: 'Built-in tools and those of the configured MCP servers' }),
}).meta({ id: 'ToolPolicy' });
export type ToolPolicyWire = z.infer<typeof ToolPolicySchema>;
