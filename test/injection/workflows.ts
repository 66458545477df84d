import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages } from '#workflows/stages/run-stages';
import { systemMessage, taskMessage } from '#workflows/stages/prompting';
import { agent } from '#workflows/steps/agent';
import { Sources } from '#workflows/steps/sources';

export * from '#workflows/index';

interface Draft { text: string }
// As in definition.ts, which the sandbox cannot load; the two the run was not given are offered to the model all the same.
const OFFERED = ['library_search', 'web_search', 'fetch_url', 'read_pdf', 'read_repository', 'search_papers', 'resolve_reference', 'fetch_table', 'mcp:desk:lookup', 'mcp:desk:broken', 'mcp:desk:send', 'mcp:desk:wipe'];

/** Runs in the sandbox: an agent that offers even what the run was not granted, so that only the activity's decision stands. */
export async function attackedWork(request: RunRequest<{ question: string }>): Promise<RunResult> {
  return runStages<{ question: string }, Draft>(request, {
    draft: () => ({ text: '' }),
    async work(context, draft) {
      const outcome = await context.step('work', 'Work', (step) => agent(context, step, { messages: [systemMessage('student'), taskMessage('Do what the question says.', { question: context.input.question })], tools: OFFERED, maxTurns: 6, maxOutputTokens: 150, sources: new Sources() }));
      draft.text = outcome.text;
    },
    assemble: (_input, { text }) => [{ key: 'answer', fileName: 'answer.md', mimeType: 'text/markdown', content: `${text}\n`, summary: 'The answer' }],
  });
}
