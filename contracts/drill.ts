import type { BundleLedgerRow } from './bundle.ts';

/** The crash drill: the worker is killed under a demo run, and ledger and log tell what it cost. */
/** From the API to the launcher that started it, over their IPC channel: the launcher alone knows its children for sure. */
export const CRASH_WORKER = 'crash-worker';
export interface CrashWorkerRequest { type: typeof CRASH_WORKER; id: string }
/** `pid` of the process that was killed, or `problem` in words */
export interface CrashWorkerAnswer { type: typeof CRASH_WORKER; id: string; pid: number | null; problem: string | null }

/** What a kill cost, read from ledger and event log of the run alone. Pure. */
export interface DrillReport {
  /** answers recorded before the kill */
  finished_before: number;
  /** of those, how many were asked again */
  called_again: number;
  /** calls with more than one recorded answer */
  bought_twice: number;
  /** calls that were in flight when the worker died: the vendor may have charged them, the ledger says so */
  possibly_billed: number;
  /** from the kill to the first sign of work, null when there was none */
  seconds_to_recover: number | null;
}

/** @param killedAt  ms since 1970, the clock of this machine */
export function drillReport(ledger: readonly BundleLedgerRow[], events: readonly { at: string; type: string }[], killedAt: number): DrillReport {
  const finished = ledger.filter((row) => row.completed_at !== null && Date.parse(row.completed_at) < killedAt);
  const site = (row: BundleLedgerRow) => `${row.stage}/${row.step}/${row.ordinal}`;
  const before = new Set(finished.map(site));
  // Again: another try after its answer, or the same place asked with another digest.
  const again = new Set([
    ...finished.filter((row) => row.attempts.some((attempt) => Date.parse(attempt.started_at) > Date.parse(row.completed_at as string))).map(site),
    ...ledger.filter((row) => before.has(site(row)) && Date.parse(row.created_at) >= killedAt).map(site),
  ]);
  const answers = Map.groupBy(ledger.flatMap((row) => row.attempts.filter((attempt) => attempt.state === 'done').map(() => site(row))), (place) => place);
  const first = events.find((event) => Date.parse(event.at) > killedAt && ['completion-start', 'step-start', 'tool-call', 'tool-result', 'stage-end', 'run-end'].includes(event.type));
  return {
    finished_before: finished.length, called_again: again.size, bought_twice: [...answers.values()].filter((list) => list.length > 1).length,
    possibly_billed: ledger.flatMap((row) => row.attempts).filter((attempt) => attempt.state === 'possibly_billed').length,
    seconds_to_recover: first ? Math.round((Date.parse(first.at) - killedAt) / 100) / 10 : null,
  };
}
