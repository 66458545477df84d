import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages } from '#workflows/stages/run-stages';

export * from '#workflows/index';

/** Runs in the sandbox beside the product's own workflows. */
export async function crowd(request: RunRequest<{ calls: number }>): Promise<RunResult> {
  return runStages<{ calls: number }, object>(request, {
    draft: () => ({}),
    async work(context) {
      await Promise.all(Array.from({ length: context.input.calls }, (_, index) => context.step(`call-${index + 1}`, `Call ${index + 1}`, (step) => step.write({ messages: [{ role: 'user', content: `Word ${index + 1}.` }], maxOutputTokens: 10 }))));
    },
    assemble: () => [],
  });
}
