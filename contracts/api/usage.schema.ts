import { z } from 'zod';
import { BUDGET_METRICS, BUDGET_PERIODS, BUDGET_SCOPES } from '../budgets.ts';
import { ROLES } from '../permissions.ts';
import { PROVIDER_IDS } from '../providers.ts';
import { RUN_MODES } from '../runs.ts';
import { QueryFlag, shownText, Timestamp, Uuid } from './common.schema.ts';

export const USAGE_GROUPS = ['user', 'workflow', 'provider', 'model', 'day'] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];
const Day = z.iso.date().optional();
export const UsageQuery = z.strictObject({
  group_by: z.enum(USAGE_GROUPS).default('day'),
  from: Day.meta({ description: 'First day, UTC; 30 days ago when left out' }), to: Day.meta({ description: 'Last day, UTC; today when left out' }),
  everybody: QueryFlag.meta({ description: 'Of all people; needs runs:view:all' }),
  simulated: QueryFlag.meta({ description: 'Of the demo provider, or not; both when left out' }),
});
export const UsageRowSchema = z.object({
  key: z.string(), label: z.string(), runs: z.int(), calls: z.int(), input_tokens: z.int(), output_tokens: z.int(), cost_usd_micros: z.int(),
  unpriced_calls: z.int().meta({ description: 'Calls of models without a known price; not in the cost' }), possibly_billed_usd_micros: z.int().meta({ description: 'Worst cost of tries whose outcome is unknown; not in the cost' }),
});
export const UsageSchema = z.object({ group_by: z.enum(USAGE_GROUPS), from: z.string(), to: z.string(), everybody: z.boolean(), rows: z.array(UsageRowSchema), total: UsageRowSchema }).meta({ id: 'Usage', description: 'From the ledger: what was bought, never what was taken over from an earlier run' });
export type UsageWire = z.infer<typeof UsageSchema>;

export const BudgetStateSchema = z.object({
  id: Uuid, scope: z.enum(BUDGET_SCOPES), role: z.enum(ROLES).nullable(), user_id: Uuid.nullable(), user_name: z.string().nullable(), period: z.enum(BUDGET_PERIODS), metric: z.enum(BUDGET_METRICS),
  limit: z.int().meta({ description: 'Micro-dollars, or a number of runs' }), used: z.int().nullable().meta({ description: 'Reserved money included; null for a role, whose people each have their own' }), remaining: z.int().nullable(), state: z.enum(['ok', 'warning', 'used_up']).nullable(), resets_at: Timestamp,
}).meta({ id: 'BudgetState' });
export type BudgetStateWire = z.infer<typeof BudgetStateSchema>;
export const MyBudgetsSchema = z.object({
  budgets: z.array(BudgetStateSchema), spent_today_usd_micros: z.int(), mean_7_days_usd_micros: z.int().meta({ description: 'A day, of the seven days before today, or of as many as the account is old; 0 on its first day' }), unusual: z.boolean().meta({ description: 'Today is above three times that mean, and above one dollar; never on the first day' }),
}).meta({ id: 'MyBudgets' });
export type MyBudgetsWire = z.infer<typeof MyBudgetsSchema>;

export const BudgetLimitBody = z.strictObject({
  scope: z.enum(BUDGET_SCOPES), role: z.enum(ROLES).optional(), user_id: Uuid.optional(), period: z.enum(BUDGET_PERIODS), metric: z.enum(BUDGET_METRICS), limit: z.int().min(0).max(1_000_000_000_000),
}).refine((body) => (body.scope === 'role') === (body.role !== undefined) && (body.scope === 'user') === (body.user_id !== undefined), 'a role budget names a role, a user budget a user_id, a workspace budget neither');

const RunRuleSchema = z.strictObject({
  role: z.enum([...ROLES, '*']), workflow_id: z.string().regex(/^(?:\*|[a-z][a-z0-9_]{0,99})$/, 'a workflow id, or *'), mode: z.enum([...RUN_MODES, '*']), provider: z.enum([...PROVIDER_IDS, '*']), effect: z.enum(['allow', 'deny']),
  max_cost_usd_micros: z.int().min(1).max(1_000_000_000).optional(), reason: shownText(300).min(1).optional(),
  approvers: z.int().min(1).max(5).optional().meta({ description: 'So many administrators, not who started it, say yes before the Full stage' }),
}).refine((rule) => rule.effect === 'allow' || rule.max_cost_usd_micros === undefined, 'only a rule that allows has a cost limit')
  .refine((rule) => rule.approvers === undefined || (rule.effect === 'allow' && (rule.mode === '*' || rule.mode === 'full_run')), { path: ['approvers'], message: 'only a rule that allows Full runs asks for approval' });
export const RunPolicyBody = z.strictObject({ version: z.int().min(0).meta({ description: 'The version you looked at; another one in between is refused' }), rules: z.array(RunRuleSchema).max(200) });
export const RunPolicySchema = z.object({ version: z.int().meta({ description: '0 = none was written, everything that the roles permit is allowed' }), rules: z.array(RunRuleSchema), changed_by: Uuid.nullable(), changed_at: Timestamp.nullable() }).meta({ id: 'RunPolicy' });
export type RunPolicyWire = z.infer<typeof RunPolicySchema>;
