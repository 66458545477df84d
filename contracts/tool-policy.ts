import type { Stage } from './runs.ts';

/** Which tool a run may use, decided in one place: workflow × role × stage × tool. Plain data and pure functions, safe in
 * the sandbox. Reading is allowed by default; what computes, reaches addresses that nobody named, or acts on the world needs
 * a rule of the audited allow list. */
export const RISK_CLASSES = ['read', 'compute', 'network', 'act'] as const;
/** read: brings in what the run was pointed at, changes nothing · compute: runs code or queries in a sandbox without
 * network · network: reaches addresses that neither the person nor a search named · act: changes something outside */
export type RiskClass = (typeof RISK_CLASSES)[number];

export const TOOL_ROLES = ['student', 'researcher', 'admin'] as const;
export type ToolRole = (typeof TOOL_ROLES)[number];

/** The risk of every built-in tool. A tool that is not listed (and every MCP tool whose server says nothing) acts. */
export const TOOL_RISKS: Readonly<Record<string, RiskClass>> = {
  library_search: 'read', web_search: 'read', fetch_url: 'read', fetch_table: 'read', read_pdf: 'read', check_citations: 'read',
  search_papers: 'read', resolve_reference: 'read', check_quote: 'read', read_repository: 'read',
  read_upload: 'read', profile_data: 'read', validate_data: 'read', statistics: 'read', calculate: 'read', lint_config: 'read', retrieval_eval: 'read',
  query_data: 'compute', run_javascript: 'compute', train_char_model: 'compute',
};

/** Tools that reach nothing but this installation's own database and memory and are done within milliseconds: a run calls them within its
 * workflow task. A name that is taken out must stay for runs that began with it (`engine` of RunRequest). */
export const QUICK_TOOLS: ReadonlySet<string> = new Set(['library_search', 'calculate', 'check_citations', 'check_quote']);

/** One line of the allow list. `allow` is a risk class (every tool of it) or a tool's name (`mcp:docs:*` for a server's).
 * `hosts`, of a rule for `network`: addresses that nobody named are read on these hosts only, redirects included. */
export interface ToolRule { workflow_id: string; role: ToolRole | '*'; allow: string; hosts?: readonly string[] | undefined }

/** What holds until an admin writes a list: computing in the sandbox, for every workflow and role. */
export const DEFAULT_TOOL_RULES: readonly ToolRule[] = [{ workflow_id: '*', role: '*', allow: 'compute' }];

export interface ToolQuestion {
  tool: string;
  risk: RiskClass;
  workflowId: string;
  role: string;
  stage: Stage;
  /** what the workflow declares; `mcp:docs:*` stands for a server's tools */
  declared: readonly string[];
  /** what this run's inputs ask for; a subset of `declared` */
  chosen: readonly string[];
  /** an address in the arguments that neither the inputs nor an earlier result of the run holds */
  unnamedAddress?: string | null;
}
export interface ToolDecision { allowed: boolean; /** of this call: an address that nobody named makes reading `network` */ risk: RiskClass; /** one sentence */ reason: string; /** the call reaches these hosts only; absent = any public one */ hosts?: readonly string[] }

/** @param rules  the allow list; null = none written, the default holds */
export function decideTool(question: ToolQuestion, rules: readonly ToolRule[] | null): ToolDecision {
  const { tool, workflowId, role, stage, declared, chosen, unnamedAddress } = question;
  const risk: RiskClass = unnamedAddress && RISK_CLASSES.indexOf(question.risk) < RISK_CLASSES.indexOf('network') ? 'network' : question.risk;
  const no = (reason: string): ToolDecision => ({ allowed: false, risk, reason });
  if (!declared.some((grant) => toolCovers(grant, tool))) return no(`This run was not granted ${tool}.`);
  if (!chosen.some((grant) => toolCovers(grant, tool))) return no(`${tool} was not chosen for this run.`);
  if (risk === 'read') return { allowed: true, risk, reason: 'Reading is allowed by default.' };
  const why = unnamedAddress ? `Neither the inputs nor an earlier result of this run names the address ${unnamedAddress.slice(0, 200)}` : null;
  if (stage !== 'full' && risk !== 'compute') return no(`${why ? `${why}; such reading` : `${tool} ${RISK_WORDS[risk]} and`} waits for Full.`);
  const rule = (rules ?? DEFAULT_TOOL_RULES).find((line) => (line.workflow_id === '*' || line.workflow_id === workflowId) && (line.role === '*' || line.role === role) && (line.allow === risk || toolCovers(line.allow, tool)) && !(unnamedAddress && line.allow !== risk) && (!line.hosts || isOn(line.hosts, unnamedAddress)));
  if (rule) return { allowed: true, risk, reason: `Allowed by the rule ${rule.workflow_id} · ${rule.role} · ${rule.allow}${rule.hosts ? ` on ${rule.hosts.join(', ')}` : ''}.`, ...(rule.hosts ? { hosts: rule.hosts } : {}) };
  return no(`${why ?? `${tool} ${RISK_WORDS[risk]}`}; no rule of the tool policy allows that to the role ${role} in ${workflowId}.`);
}

const isOn = (hosts: readonly string[], address: string | null | undefined): boolean => Boolean(address) && URL.canParse(address as string) && hosts.includes(new URL(address as string).hostname.replace(/\.$/, ''));

export const RISK_WORDS: Record<RiskClass, string> = { read: 'only reads', compute: 'computes in a sandbox', network: 'reaches out to the network', act: 'can change things outside' };

/** `mcp:docs:*` covers every tool whose name begins with `mcp:docs:`. */
export function toolCovers(grant: string, tool: string): boolean {
  return grant === tool || (grant.endsWith(':*') && tool.startsWith(grant.slice(0, -1)));
}

/** Vendors take letters, digits, `_` and `-` in a tool's name: `mcp:docs:search` is shown to a model as `mcp__docs__search`. */
export const modelToolName = (tool: string): string => tool.replaceAll(':', '__');
export const toolOfModelName = (name: string): string => (name.startsWith('mcp__') ? name.replace(/^mcp__(.+?)__/, 'mcp:$1:') : name);

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`\\^{}|]+/gi;
/** Every web address in a text, or in the strings of a JSON value. */
export function addressesIn(value: unknown): string[] {
  if (typeof value === 'string') return (value.match(ADDRESS) ?? []).flatMap((found) => { const bare = found.replace(/[.,;:!?)\]]+$/, ''); return bare === found ? [found] : [bare, found]; });
  if (Array.isArray(value)) return value.flatMap(addressesIn);
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(addressesIn) : [];
}
