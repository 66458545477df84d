import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages } from '#workflows/stages/run-stages';
import { systemMessage, taskMessage } from '#workflows/stages/prompting';
import { agent, type AgentOutcome } from '#workflows/steps/agent';
import { Sources } from '#workflows/steps/sources';

export * from '#workflows/index';

interface Input { question: string; approval: 'allow' | 'ask' | 'deny'; turns: number }
interface Draft { outcome: AgentOutcome | null; sources: Sources }

/** Runs in the sandbox beside the product's own workflows. */
export async function agenticWork(request: RunRequest<Input>): Promise<RunResult> {
  return runStages<Input, Draft>(request, {
    draft: () => ({ outcome: null, sources: new Sources() }),
    async work(context, draft) {
      const { question, approval, turns } = context.input;
      draft.outcome = await context.step('research', 'Research', (step) => agent(context, step, {
        messages: [systemMessage('student'), taskMessage('Answer the question. Search the library first.', { question })], tools: ['library_search'], maxTurns: turns, maxOutputTokens: 150, sources: draft.sources, approval: () => approval,
      }));
    },
    assemble: (_input, { outcome, sources }) => (outcome ? [{ key: 'answer', fileName: 'answer.md', mimeType: 'text/markdown', content: `${outcome.text}\n\n${sources.markdown([outcome.text])}\n\n${JSON.stringify({ turns: outcome.turns, stopped: outcome.stopped, calls: outcome.calls.map((call) => [call.tool, call.arguments, call.outcome]) })}\n`, summary: 'The answer' }] : []),
  });
}
