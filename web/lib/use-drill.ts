'use client';
import { useEffect } from 'react';
import type { RunView } from '#contracts/run-reducer';
import { isTerminal } from '#contracts/runs';
import { useKillWorker } from './queries';
import { useRunView, type LiveRun } from './use-run-view';

/** With less behind it the run has little to lose. */
const ANSWERS_FIRST = 2;

/** A call whose first words have come is surely in flight. */
export function isWorthKilling(view: RunView): boolean {
  const calls = view.stages.flatMap((stage) => stage.steps.flatMap((step) => step.completions));
  return calls.filter((call) => call.end !== null).length >= ANSWERS_FIRST && calls.some((call) => call.status === 'running' && call.text !== '');
}

export interface Drill extends LiveRun { killed: boolean; ended: boolean; error: Error | null }

/** Follows a demo run and has the worker killed under it as soon as it has something to lose. */
export function useDrill(runId: string): Drill {
  const live = useRunView(runId);
  const { mutate, error, isIdle } = useKillWorker();
  const due = isIdle && live.view.kills.length === 0 && isWorthKilling(live.view);
  useEffect(() => { if (due) mutate(runId); }, [due, mutate, runId]);
  return { ...live, killed: live.view.kills.length > 0, ended: isTerminal(live.view.status), error };
}
