import { ApplicationFailure, defineUpdate } from '@temporalio/workflow';
import { DECIDE_GATE_UPDATE, RAISE_BUDGET_UPDATE, type DecideGate, type RaiseBudget } from '#contracts/governance';

/** Decisions on a live run. Validators refuse without a trace in history; the Update's id is the decision's row, so that a
 * decision sent twice is one event with one answer. */
export const raiseBudgetUpdate = defineUpdate<{ costUsdMicros: number }, [RaiseBudget]>(RAISE_BUDGET_UPDATE);
export const decideGateUpdate = defineUpdate<{ gateId: string; decision: DecideGate['decision'] }, [DecideGate]>(DECIDE_GATE_UPDATE);

/** What a person sees is stored by an activity, a moment before the execution is past that point; after the death of a worker
 * it has to come there again. A decision in that moment is neither lost nor refused: the sender tries again. */
export const askedLater = (): ApplicationFailure => ApplicationFailure.nonRetryable('The run has not come to this question yet; send it again.', 'ServiceUnavailable');
