import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { ApiClient, SimulatorControl } from './client.ts';
import type { Figure } from './figures.ts';
import type { BenchOptions } from './options.ts';
import type { BenchStack } from './stack.ts';

/** What every part of the benchmark works with. */
export interface Bench {
  options: BenchOptions;
  stack: BenchStack;
  api: ApiClient;
  simulator: SimulatorControl;
  /** as the platform's own clients: with its codec */
  temporal: Client;
  /** shown while a part goes on */
  tell(detail: string): void;
  record(figure: Figure): void;
}

/** An accepted run has its execution by then: what the API could not start, the reconciler's next turn does. */
const STARTED_WITHIN_MS = 60_000;

/** Waits until the execution of a run has ended. @throws Error when it did not complete: a figure of failed runs says nothing */
export async function ended(bench: Pick<Bench, 'temporal'>, runId: string): Promise<void> {
  await executionThere(bench, runId);
  await bench.temporal.workflow.getHandle(runId).result();
}

/** Under load a start is acknowledged before Temporal's answer. @throws WorkflowNotFoundError when no execution comes */
export async function executionThere({ temporal }: Pick<Bench, 'temporal'>, runId: string): Promise<void> {
  const deadline = performance.now() + STARTED_WITHIN_MS;
  for (;;) {
    try {
      await temporal.workflow.getHandle(runId).describe();
      return;
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError) || performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
