import { expect, vi } from 'vitest';
import { isTerminal, type RunStatus } from '#contracts/runs';
import type { Installation } from './installation.ts';

/** What a person saw of a run that had ended: an account that no restore can change. */
export interface Witnessed { status: string; lastSequence: number; files: string[]; endedAt: number }
export interface Gate { gate_id: string; shown_hash: string }
interface RunBody { id: string; status: RunStatus; last_sequence: number; artifacts: { file_name: string; sha256: string }[]; gates: Gate[] }

export interface Load {
  /** ids of accepted runs, oldest first */
  started: string[];
  ended: Map<string, Witnessed>;
  /** resolves when as many have been accepted */
  until(count: number): Promise<void>;
  /** No more starts, and errors of an installation that is gone count for nothing. */
  abandon(): Promise<void>;
}

const RUN = { workflow_id: 'learn_agentic_ai', run_mode: 'test_run', provider: 'demo', inputs: { learning_goal: 'Build a small agent that calls tools, and understand why it sometimes fails' } };
const LOOK_EVERY_MS = 1_000;
const pause = (ms: number) => new Promise<void>((resolve) => { setTimeout(resolve, ms); });
const filesOf = (run: RunBody): string[] => run.artifacts.map((file) => `${file.file_name} ${file.sha256}`).sort();

/** @returns what is to be seen of it now */
export async function witness({ api }: Installation, id: string): Promise<Witnessed | null> {
  const run = await api<RunBody>(`/runs/${id}`);
  return isTerminal(run.status) ? { status: run.status, lastSequence: run.last_sequence, files: filesOf(run), endedAt: Date.now() } : null;
}

/** People who start a run, wait for its end and start the next, `atOnce` of them. */
export function startLoad(installation: Installation, atOnce: number): Load {
  const left = new AbortController();
  const load: Load = { started: [], ended: new Map(), until, abandon };
  let problem: unknown = null;

  async function person(): Promise<void> {
    while (!left.signal.aborted) {
      const { id } = await installation.api<{ id: string }>('/runs', RUN);
      load.started.push(id);
      for (let seen: Witnessed | null = null; seen === null && !left.signal.aborted;) {
        await pause(LOOK_EVERY_MS);
        seen = await witness(installation, id);
        if (seen) load.ended.set(id, seen);
      }
    }
  }
  const people = Array.from({ length: atOnce }, () => person().catch((error: unknown) => { if (!left.signal.aborted) problem ??= error; }));

  async function until(count: number): Promise<void> {
    while (load.started.length < count) {
      if (problem !== null) throw problem as Error;
      await pause(100);
    }
  }
  async function abandon(): Promise<void> {
    left.abort();
    await Promise.all(people);
    if (problem !== null) throw problem as Error;
  }
  return load;
}

/** A run that will ask its person something. */
export async function askingRun({ api }: Installation): Promise<string> {
  const { presets } = await api<{ presets: { inputs: object }[] }>('/workflows/interview_coach');
  return (await api<{ id: string }>('/runs', { workflow_id: 'interview_coach', run_mode: 'test_run', provider: 'demo', inputs: presets[0]?.inputs })).id;
}

/** Resolves when it waits for the answer. */
export async function asked({ api }: Installation, id: string): Promise<string> {
  await vi.waitFor(async () => expect(await api<RunBody>(`/runs/${id}`)).toMatchObject({ status: 'waiting', gates: [{ outcome: null }] }), { timeout: 60_000, interval: 200 });
  return id;
}

export const waitingRun = async (installation: Installation): Promise<string> => asked(installation, await askingRun(installation));

export async function answer({ api }: Installation, id: string): Promise<void> {
  const { gates: [gate] } = await api<RunBody>(`/runs/${id}`);
  await api(`/runs/${id}/gates/${gate?.gate_id}/decision`, { decision: 'answer', shown_hash: gate?.shown_hash, answer: { answer: 'A system prompt with roles and examples.', confidence: 4 } });
}
