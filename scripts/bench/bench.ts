import type { Client } from '@temporalio/client';
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

/** Waits until the execution of a run has ended. @throws Error when it did not complete: a figure of failed runs says nothing */
export async function ended({ temporal }: Pick<Bench, 'temporal'>, runId: string): Promise<void> {
  await temporal.workflow.getHandle(runId).result();
}
