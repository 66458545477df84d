import type { Role } from './permissions.ts';
import type { ProviderId } from './providers.ts';
import type { RunMode, Stage } from './runs.ts';

/** The workspace policy: role × workflow × mode × provider, on top of what the role permits. The first rule that fits decides;
 * where none fits it is allowed. Plain data and pure functions. */
export interface RunRule {
  role: Role | '*';
  workflow_id: string;
  mode: RunMode | '*';
  provider: ProviderId | '*';
  effect: 'allow' | 'deny';
  /** of an allowed run, in micro-dollars */
  max_cost_usd_micros?: number | undefined;
  /** of an allowed run: so many administrators, not its starter, say yes before its Full stage */
  approvers?: number | undefined;
  /** shown to who is refused */
  reason?: string | undefined;
}
export interface RunQuestion { role: string; workflowId: string; mode: RunMode; provider: ProviderId }
export interface RunDecision { allowed: boolean; /** from 1; null = no rule fits */ rule: number | null; maxCostUsdMicros: number | null; /** 0 = nobody is asked */ approvers: number; /** one sentence */ reason: string }

/** The mode in whose name a stage works: the Test of a Full run is a Test. */
export const STAGE_MODE: Record<Stage, RunMode> = { validate: 'validate_only', test: 'test_run', full: 'full_run' };
const fits = (wanted: string, value: string): boolean => wanted === '*' || wanted === value;

export function decideRun({ role, workflowId, mode, provider }: RunQuestion, rules: readonly RunRule[]): RunDecision {
  const index = rules.findIndex((rule) => fits(rule.role, role) && fits(rule.workflow_id, workflowId) && fits(rule.mode, mode) && fits(rule.provider, provider));
  const rule = rules[index];
  if (!rule) return { allowed: true, rule: null, maxCostUsdMicros: null, approvers: 0, reason: 'No rule is against it.' };
  const named = `rule ${index + 1} of the run policy`;
  if (rule.effect === 'deny') return { allowed: false, rule: index + 1, maxCostUsdMicros: null, approvers: 0, reason: rule.reason ? `${rule.reason} (${named})` : `Refused by ${named}.` };
  return { allowed: true, rule: index + 1, maxCostUsdMicros: rule.max_cost_usd_micros ?? null, approvers: rule.approvers ?? 0, reason: `Allowed by ${named}.` };
}
