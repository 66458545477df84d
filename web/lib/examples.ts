'use client';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { api, ApiError } from './api-client';
import { examplesOf, type Example } from './first-run';
import { newIdempotencyKey } from './idempotency';
import { changePreferences, currentPreferences } from './preferences';
import { workflowSchemaQuery, type StartedRun, type WorkflowSummaryWire } from './queries';

/** Example runs: real Test runs with the demo provider, started one after the other. Which they are is kept with the person's preferences,
 * so that one press removes them and nothing else. It goes on while other pages of the app are looked at. */
export interface ExampleProgress { done: number; of: number; what: 'start' | 'remove'; /** the API lets nobody start more at the moment: when it goes on, ms */ waitsUntil: number | null }

let progress: ExampleProgress | null = null;
const listeners = new Set<() => void>();
function tell(next: ExampleProgress | null): void {
  progress = next;
  for (const listener of listeners) listener();
}
const subscribe = (listener: () => void): (() => void) => { listeners.add(listener); return () => listeners.delete(listener); };

export const useExampleProgress = (): ExampleProgress | null => useSyncExternalStore(subscribe, () => progress, () => null);

const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Starts it; waits as long as the API says when too many were started within a minute. @returns the run's id @throws ApiError */
async function start(body: object, onWait: (until: number | null) => void): Promise<string> {
  const key = newIdempotencyKey();
  for (;;) {
    try {
      return (await api<StartedRun>('/api/v1/runs', { method: 'POST', body, headers: { 'idempotency-key': key } })).id;
    } catch (error) {
      const seconds = error instanceof ApiError && error.problem.code === 'RateLimited' ? error.problem.retry_after : undefined;
      if (seconds === undefined) throw error;
      onWait(Date.now() + seconds * 1000);
      await pause(seconds * 1000);
      onWait(null);
    }
  }
}

/** @throws ApiError what stopped it */
export async function startAll(client: QueryClient, examples: readonly Example[]): Promise<void> {
  for (const [index, { workflow_id, persona }] of examples.entries()) {
    const now: ExampleProgress = { done: index, of: examples.length, what: 'start', waitsUntil: null };
    tell(now);
    const { presets } = await client.fetchQuery(workflowSchemaQuery(workflow_id));
    if (!presets[0]) continue;
    const id = await start({ workflow_id, persona, inputs: presets[0].inputs, run_mode: 'test_run', provider: 'demo' }, (waitsUntil) => tell({ ...now, waitsUntil }));
    changePreferences({ examples: [...currentPreferences().examples, id] });
    void client.invalidateQueries({ queryKey: ['runs', 'list'] });
  }
}

const codeOf = (error: unknown): string => (error instanceof ApiError ? error.problem.code : '');

/** An example that waits for an answer never ends by itself: it is cancelled, and is deleted once it has ended.
 * @returns false: it stays */
async function removeOne(id: string): Promise<boolean> {
  for (let tries = 0; tries < REMOVE_TRIES; tries += 1) {
    try {
      await api(`/api/v1/runs/${id}`, { method: 'DELETE' });
      return true;
    } catch (error) {
      if (codeOf(error) === 'NotFound') return true;
      if (codeOf(error) !== 'Conflict') return false;
      if (tries === 0) await api(`/api/v1/runs/${id}/cancel`, { method: 'POST' }).catch(() => undefined);
      await pause(1000);
    }
  }
  return false;
}
const REMOVE_TRIES = 10;

/** @returns how many stay: what could not be deleted */
export async function removeAll(): Promise<number> {
  const ids = currentPreferences().examples;
  const kept: string[] = [];
  for (const [index, id] of ids.entries()) {
    tell({ done: index, of: ids.length, what: 'remove', waitsUntil: null });
    if (!(await removeOne(id))) kept.push(id);
  }
  changePreferences({ examples: kept });
  return kept.length;
}

/** One of the two at a time. @throws ApiError what stopped the start; the runs that were started stay */
export function useExamples(): { add: (workflows: readonly WorkflowSummaryWire[]) => Promise<void>; remove: () => Promise<number> } {
  const client = useQueryClient();
  const alone = async <T,>(work: () => Promise<T>, otherwise: T): Promise<T> => {
    if (progress) return otherwise;
    try { return await work(); } finally { tell(null); void client.invalidateQueries({ queryKey: ['runs'] }); }
  };
  return { add: (workflows) => alone(() => startAll(client, examplesOf(workflows)), undefined), remove: () => alone(removeAll, 0) };
}
