import { z } from 'zod';
import { APPROVER_ROLES, GATE_DECISIONS, GATE_KINDS } from '../governance.ts';
import { ModelId, PagingQuery, Provider, shownText, Timestamp, Uuid } from './common.schema.ts';

/** Decisions on live runs. Money in micro-dollars. */
const MAX_BUDGET_USD_MICROS = 1_000_000_000;
export const BudgetAmount = z.int().min(1).max(MAX_BUDGET_USD_MICROS).meta({ description: 'Micro-dollars: 1,000,000 is one dollar' });
const tokens = z.int().min(16).max(1_000_000_000);
/** Own limits of a run. Money of all stages together; tokens and seconds of each stage. None goes above the platform's caps. */
export const BudgetBody = z.strictObject({
  cost_usd_micros: BudgetAmount.optional().meta({ description: 'Money cap of the run in micro-dollars. A Full run that has used it up waits for you to raise it; a Test ends with what it has' }),
  output_tokens: tokens.optional().meta({ description: 'Output tokens of a stage, at most the platform\'s cap; the stage ends there and keeps what it has' }),
  seconds: z.int().min(5).max(86_400).optional().meta({ description: 'Active seconds of a stage, at most the platform\'s cap' }),
}).refine((budget) => Object.values(budget).some((value) => value !== undefined), 'name at least one limit');
export type BudgetBodyWire = z.output<typeof BudgetBody>;
export const FallbackBody = z.array(z.strictObject({ provider: Provider, model: ModelId.optional() })).max(5);

const WaitId = z.string().regex(/^[\w.-]{1,120}$/);

export const RaiseBudgetBody = z.strictObject({
  cost_usd_micros: BudgetAmount.meta({ description: 'The new budget of the whole run in micro-dollars; it can only be raised' }),
  wait_id: WaitId.optional().meta({ description: 'The wait you saw; the present one when left out' }),
});

export const GateParams = z.strictObject({ id: Uuid, gate_id: WaitId });
export const DecisionBody = z.strictObject({
  decision: z.enum(GATE_DECISIONS),
  shown_hash: z.string().regex(/^[0-9a-f]{64}$/).meta({ description: 'Of what you decide on, as the approval gave it' }),
  answer: z.unknown().optional().meta({ description: 'For a question: fits `answer_schema`' }),
  reason: shownText(1000).optional(),
  limits: BudgetBody.optional().meta({ description: 'With approve, where the approval has `asked_limits`: let it start with less than that. Of several approvers the least counts; the run ends with what it has when one is used up, and nobody can raise it' }),
});

export const DelegationBody = z.strictObject({
  user_id: Uuid.optional().meta({ description: 'The person who decides in your place' }),
  role: z.enum(APPROVER_ROLES).optional().meta({ description: 'Or everybody of this role' }),
  reason: shownText(1000).optional(),
}).refine((body) => (body.user_id === undefined) !== (body.role === undefined), 'name either a user_id or a role');
export const DelegationAnswer = z.object({ run_id: Uuid, gate_id: z.string(), delegated_to: z.string() }).meta({ id: 'DelegationAnswer' });

export const ReminderAnswer = z.object({ run_id: Uuid, gate_id: z.string(), reminded_at: Timestamp, again_at: Timestamp.meta({ description: 'From then on you can remind again' }) }).meta({ id: 'ReminderAnswer' });
export type ReminderAnswerWire = z.infer<typeof ReminderAnswer>;

const FallbackLink = z.object({ provider: Provider, model: ModelId.nullable() });
export const WorkspaceFallbackSchema = z.object({ chain: z.array(FallbackLink), updated_at: Timestamp.nullable() }).meta({ id: 'WorkspaceFallback', description: 'An empty chain: no run uses another provider unless it says so itself' });
export type WorkspaceFallbackWire = z.infer<typeof WorkspaceFallbackSchema>;
export const WorkspaceFallbackBody = z.strictObject({ chain: FallbackBody });

export const DecisionAnswer = z.object({
  decision_id: Uuid, run_id: Uuid, wait_id: z.string(),
  state: z.enum(['delivered', 'pending']).meta({ description: 'pending: stored, and passed on as soon as a worker is there' }),
}).meta({ id: 'DecisionAnswer' });
export type DecisionAnswerWire = z.infer<typeof DecisionAnswer>;

export const ApprovalsQuery = z.strictObject({ ...PagingQuery });
const TestEvidenceSchema = z.object({
  run_id: Uuid, outcome: z.enum(['passed', 'capped']), tested_at: Timestamp, simulated: z.boolean(), remark: z.string().nullable(), tokens: z.object({ input: z.int(), output: z.int() }), cost_usd_micros: z.int().nullable(),
  checks: z.array(z.object({ check: z.string(), outcome: z.enum(['passed', 'warning']), detail: z.string() })),
});
export const ApprovalSchema = z.object({
  id: Uuid, run_id: Uuid, gate_id: z.string(), kind: z.enum(GATE_KINDS), title: z.string(), workflow_id: z.string(), workflow_title: z.string(), requested_by: z.string(),
  shown: z.unknown(), shown_hash: z.string(), role: z.enum(APPROVER_ROLES).nullable(), approvers: z.int(), answer_schema: z.record(z.string(), z.unknown()).nullable(),
  expires_at: Timestamp, created_at: Timestamp, reminded_at: Timestamp.nullable().meta({ description: 'Part of the time is over and it still waits, or who asked for it has asked again; null = not yet' }),
  delegated_by: z.array(z.string()).meta({ description: 'Who handed it on to you or to your role' }),
  asked_limits: z.object({ cost_usd_micros: z.int().nullable(), output_tokens: z.int(), seconds: z.int() }).nullable().meta({ description: 'What a Full run asks to use and a yes may lower with `limits`; null where nothing can be lowered' }),
  test_evidence: TestEvidenceSchema.nullable().meta({ description: 'Of a Full run: what its Test proved, or the earlier one that stands for it' }),
}).meta({ id: 'Approval' });
export type ApprovalWire = z.infer<typeof ApprovalSchema>;
