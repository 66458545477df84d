import type { StageContext } from '../stages/run-stages.ts';

export interface Fork<T> { when: boolean; /** why this way, in one sentence for the story */ because: string; yes: () => Promise<T>; no: () => Promise<T> }

/** A choice of the playbook as a step of its own, so that the story and the trace say which way the run went, and why. */
export async function branch<T>(context: Pick<StageContext<unknown>, 'step'>, key: string, title: string, fork: Fork<T>): Promise<T> {
  await context.step(key, title, (step) => {
    step.summarise(`${fork.when ? 'Yes' : 'No'}: ${fork.because}`);
    return Promise.resolve();
  });
  return fork.when ? fork.yes() : fork.no();
}
