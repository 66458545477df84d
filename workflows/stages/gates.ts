import { ApplicationFailure, CancellationScope, setHandler } from '@temporalio/workflow';
import { hasLimits, leastLimits, notLower, type AskedCaps } from '#contracts/granted-limits';
import type { ApproverRole, DecideGate, GateOutcome, GateSpec } from '#contracts/governance';
import type { RunLimits } from '#contracts/run-events';
import type { Stage } from '#contracts/runs';
import type { RunRequest } from '#contracts/workflow';
import { askedLater, decideGateUpdate } from '../messages.ts';
import type { EventLog } from './event-log.ts';
import type { RunActivities } from './proxies.ts';
import type { Waits } from './waiting.ts';

export interface ApprovalSpec { key: string; title: string; /** JSON that the approvers decide on */ shown: unknown; /** how many; 1 when left out */ approvers?: number; /** at least; admin when left out */ role?: ApproverRole; /** caps that a yes may lower; with none it is a bare yes */ asked?: AskedCaps }
export interface QuestionSpec<T = unknown> {
  key: string;
  title: string;
  /** name of a schema in the definition's `answers` */
  questions: string;
  shown?: unknown;
  /** what the run goes on with when nobody answers in time; say it in `title` or `shown`. Without it the run fails closed. */
  otherwise?: T;
  /** how long to wait; the run's limit for people when left out or longer */
  waitMs?: number;
}

interface OpenGate { spec: GateSpec; asked: AskedCaps | null; shownHash: string | null; decisions: DecideGate[]; outcome: GateOutcome | null }

/** People in the loop: approvals by others, questions to the one who started the run. A decision is bound to the gate and to
 * the hash of what was shown; nobody's decision in time means no. */
export class Gates {
  readonly #request: RunRequest;
  readonly #waits: Waits;
  readonly #log: EventLog;
  readonly #activities: RunActivities;
  readonly #open = new Map<string, OpenGate>();
  readonly #asked = new Set<string>();
  readonly #used = new Map<string, number>();

  constructor(request: RunRequest, waits: Waits, log: EventLog, activities: RunActivities) {
    this.#request = request;
    this.#waits = waits;
    this.#log = log;
    this.#activities = activities;
    setHandler(decideGateUpdate, (decision) => this.#decide(decision), { validator: (decision) => this.#check(decision) });
  }

  /** Returns once enough people agreed, with what they granted below what was asked. @throws ApprovalRefused with the reason, ApprovalExpired, CancelledFailure */
  async approve(stage: Stage, spec: ApprovalSpec, step?: string): Promise<RunLimits> {
    const gate = await this.#ask(stage, { kind: 'approval', key: spec.key, title: spec.title, shown: spec.shown, role: spec.role ?? 'admin', approvers: spec.approvers ?? 1, answers: null }, step, undefined, spec.asked);
    if (gate.outcome === 'approved') return leastLimits(gate.decisions.map(({ limits }) => limits));
    const no = gate.decisions.find((decision) => decision.decision === 'reject');
    throw no ? ApplicationFailure.nonRetryable(`${spec.title}: ${no.by.name} said no${no.reason ? `: ${no.reason}` : '.'}`, 'ApprovalRefused', { step: step ?? null }) : expired(spec.title, step);
  }

  /** The person's answer, as the definition's schema parsed it, or what the spec says for no answer.
   * @throws ApprovalExpired when nobody answered and the spec has no way to go on; CancelledFailure */
  async ask<T>(stage: Stage, spec: QuestionSpec<T>, step?: string): Promise<T> {
    const gate = await this.#ask(stage, { kind: 'question', key: spec.key, title: spec.title, shown: spec.shown ?? {}, role: null, approvers: 1, answers: spec.questions }, step, spec.waitMs);
    const given = gate.decisions.find((decision) => decision.decision === 'answer');
    if (given) return given.answer as T;
    if (spec.otherwise === undefined) throw expired(spec.title, step);
    this.#log.emit({ type: 'log-write', stage, step: step ?? null, data: { level: 'warn', message: `${spec.title}: nobody answered in time, so the run goes on with ${JSON.stringify(spec.otherwise).slice(0, 300)}.` } });
    return spec.otherwise;
  }

  async #ask(stage: Stage, asked: Omit<GateSpec, 'gateId' | 'until'>, step: string | undefined, waitMs = Number.POSITIVE_INFINITY, lowerable: AskedCaps | null = null): Promise<OpenGate> {
    const { runId, userId, slug, timings } = this.#request;
    const count = (this.#used.get(asked.key) ?? 0) + 1;
    this.#used.set(asked.key, count);
    const startedMs = Date.now();
    const endsAtMs = startedMs + Math.min(timings.gateWaitMs, waitMs);
    const spec: GateSpec = { ...asked, gateId: `${stage}.${asked.key}${count === 1 ? '' : `.${count}`}`, until: new Date(endsAtMs).toISOString() };
    const gate: OpenGate = { spec, asked: lowerable, shownHash: null, decisions: [], outcome: null };
    this.#asked.add(spec.gateId);
    this.#open.set(spec.gateId, gate);
    try {
      const opened = await this.#log.carry((before) => this.#activities.local.openGate.executeWithOptions({ summary: `Ask: ${spec.title}` }, [{ runId, userId, slug, before, stage, gate: spec }]));
      gate.shownHash = opened.shownHash;
      const decided = await this.#waits.wait({
        id: spec.gateId, reason: spec.kind === 'approval' ? 'approval' : 'input', stage, ...(step ? { step } : {}), endsAtMs, settled: () => gate.outcome !== null, progress: () => gate.decisions.length,
        ...(timings.remindAfter ? { reminder: { atMs: startedMs + (endsAtMs - startedMs) * timings.remindAfter, send: () => this.#remind(stage, spec) } } : {}),
        detail: spec.kind === 'approval' ? `${spec.title}: ${spec.approvers} ${spec.approvers === 1 ? 'approval' : 'approvals'} needed.` : spec.title,
      });
      if (!decided) gate.outcome = 'expired';
      return gate;
    } finally {
      this.#open.delete(spec.gateId);
      const outcome = gate.outcome ?? 'stopped';
      await CancellationScope.nonCancellable(() => this.#log.carry((before) => this.#activities.local.closeGate.executeWithOptions({ summary: `Close: ${spec.title}` }, [{ runId, before, stage, gateId: spec.gateId, outcome }])));
    }
  }

  async #remind(stage: Stage, { gateId, title, until }: GateSpec): Promise<void> {
    await this.#log.carry((before) => this.#activities.local.remindGate.executeWithOptions({ summary: `Remind: ${title}` }, [{ runId: this.#request.runId, before, stage, gateId, until }]));
  }

  #check(decision: DecideGate): void {
    const gate = this.#open.get(decision.gateId);
    if (gate ? gate.shownHash === null : !this.#asked.has(decision.gateId)) throw askedLater();
    if (!gate || gate.outcome !== null) throw refuse('Nothing is asked here any more.');
    if (decision.shownHash !== gate.shownHash) throw refuse('What is asked has changed since you saw it; look at it again.');
    const isAnswer = decision.decision === 'answer';
    if (isAnswer !== (gate.spec.kind === 'question')) throw refuse(isAnswer ? 'This asks for a yes or no.' : 'This asks for an answer, not for a yes or no.');
    if (hasLimits(decision.limits) && (decision.decision !== 'approve' || !gate.asked || notLower(gate.asked, decision.limits).length > 0)) throw refuse('These limits are not below what is asked for here.');
    const isRequester = decision.by.id === this.#request.userId;
    if (gate.spec.kind === 'approval' && isRequester) throw ApplicationFailure.nonRetryable('Who started the run cannot approve it.', 'PermissionDenied');
    if (gate.spec.kind === 'question' && !isRequester) throw ApplicationFailure.nonRetryable('Only who started the run can answer this.', 'PermissionDenied');
    if (gate.decisions.some((earlier) => earlier.by.id === decision.by.id)) throw refuse('You have decided this already.');
  }

  #decide(decision: DecideGate): { gateId: string; decision: DecideGate['decision'] } {
    const gate = this.#open.get(decision.gateId);
    if (!gate) throw refuse('Nothing is asked here any more.');
    gate.decisions.push(decision);
    this.#log.emit({ type: 'gate-decide', data: { gate_id: decision.gateId, decision_id: decision.decisionId, by: decision.by.name, decision: decision.decision, reason: decision.reason, shown_hash: decision.shownHash, ...(hasLimits(decision.limits) ? { limits: decision.limits } : {}) } });
    if (decision.decision === 'reject') gate.outcome = 'rejected';
    else if (decision.decision === 'answer') gate.outcome = 'answered';
    else if (gate.decisions.filter((each) => each.decision === 'approve').length >= gate.spec.approvers) gate.outcome = 'approved';
    return { gateId: decision.gateId, decision: decision.decision };
  }
}

const refuse = (detail: string): ApplicationFailure => ApplicationFailure.nonRetryable(detail, 'Conflict');
const expired = (title: string, step: string | undefined): ApplicationFailure => ApplicationFailure.nonRetryable(`${title}: nobody decided in time.`, 'ApprovalExpired', { step: step ?? null });
