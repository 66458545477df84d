import type { ProviderId } from './providers.ts';
import type { RunLimits } from './run-events.ts';

/** What people decide about a live run, and what its workflow waits for. Plain data, safe in the sandbox. A decision is
 * always bound to what it answers (the wait, or the gate and the hash of what was shown), never a bare yes. */
export const RAISE_BUDGET_UPDATE = 'raiseBudgetUpdate';
export const DECIDE_GATE_UPDATE = 'decideGateUpdate';

/** `by` is the name that the log shows. `decisionId` is the row of the decision and the id of the Update. */
export interface RaiseBudget { decisionId: string; waitId: string; /** the new budget of the run in micro-dollars */ costUsdMicros: number; by: string }

export const GATE_DECISIONS = ['approve', 'reject', 'answer'] as const;
export type GateDecision = (typeof GATE_DECISIONS)[number];
export interface DecideGate {
  decisionId: string;
  gateId: string;
  /** of what the person saw; a decision on something else is refused */
  shownHash: string;
  by: { id: string; name: string };
  decision: GateDecision;
  /** of a question, already parsed by the definition's schema */
  answer?: unknown;
  reason: string | null;
  /** of a yes to a Full run: less than was asked for, kept for the whole of it */
  limits?: RunLimits;
}

export const GATE_KINDS = ['approval', 'question'] as const;
export type GateKind = (typeof GATE_KINDS)[number];
export const GATE_OUTCOMES = ['approved', 'rejected', 'answered', 'expired', 'stopped'] as const;
export type GateOutcome = (typeof GATE_OUTCOMES)[number];

/** An approval asks `approvers` people of at least `role`, never the one who started the run; a question asks that one. */
export interface GateSpec {
  gateId: string;
  kind: GateKind;
  key: string;
  title: string;
  /** JSON that people decide on; at most MAX_SHOWN_BYTES */
  shown: unknown;
  role: ApproverRole | null;
  approvers: number;
  /** name in the definition's `answers`; null for an approval */
  answers: string | null;
  /** ISO 8601: nobody decided until then = no */
  until: string;
}

export const APPROVER_ROLES = ['researcher', 'admin'] as const;
export type ApproverRole = (typeof APPROVER_ROLES)[number];
/** How many people of at least which role must agree. */
export interface ApprovalPolicy { approvers: number; role: ApproverRole; /** of a run: its owner does not raise the money that was approved */ moneyStands?: true }

/** Who hands a decision on, to whom: a person, or all of a role. */
export interface GateDelegation { by: string; to: string; reason: string | null }

/** Roles in rising order: an administrator may approve what a researcher may. */
export function mayApprove(role: string, needed: ApproverRole): boolean {
  return role === 'admin' || (role === needed);
}

/** Where a call may go when the run's own provider is away; only what the person named. */
export interface FallbackTarget { provider: ProviderId; model: string; price: { input: number; output: number } | null }

/** Failures that another vendor, or time, may mend. */
export const AVAILABILITY_CODES = ['ProviderUnavailable', 'ProviderRateLimited', 'ProviderTimeout'] as const;
export const isAvailabilityCode = (code: unknown): boolean => (AVAILABILITY_CODES as readonly unknown[]).includes(code);

/** A model call that was not made because its key is at its own rate limit, or calls are paused (`waitReason`); `notBeforeMs` in its details says when to ask again. */
export const TURN_TAKEN_LATER = 'RateLimited' as const;
