import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages } from '#workflows/stages/run-stages';

export * from '#workflows/index';

interface Answer { starting_point: string; gaps: string[] }

/** What the question is about; longer than what a page shows of it at once. */
const ABOUT = ['Tools and how a model calls them', 'Loops that end', 'Tests of an agent', ...Array.from({ length: 40 }, (_, index) => `Exercise ${index + 1}`)].join('\n');

/** Asks its person one question with an answer schema of the catalog, and makes a file of the answer. */
export async function askingWork(request: RunRequest<object>): Promise<RunResult> {
  return runStages<object, { text: string }>(request, {
    draft: () => ({ text: '' }),
    async work(context, draft) {
      const answer = await context.ask<Answer>({ key: 'standing', title: 'Where do you stand?', questions: 'diagnosis', shown: { outline: ABOUT, steps_of_the_outline: 3 } });
      draft.text = `# Where you stand\n\n${answer.starting_point}\n\n${answer.gaps.map((gap) => `- ${gap}`).join('\n')}\n`;
    },
    assemble: (_input, draft) => (draft.text ? [{ key: 'notes', fileName: 'notes.md', mimeType: 'text/markdown', content: draft.text, summary: 'What was answered' }] : []),
  });
}
