import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages } from '#workflows/stages/run-stages';

export * from '#workflows/index';

interface Draft { text: string }

/** Runs in the sandbox beside the product's own workflows. */
export async function gatedWork(request: RunRequest<{ topic: string }>): Promise<RunResult> {
  return runStages<{ topic: string }, Draft>(request, {
    draft: () => ({ text: '' }),
    async work(context, draft) {
      let audience = 'everybody';
      if (context.stage === 'full') {
        audience = (await context.ask<{ audience: string }>({ key: 'audience', title: 'Who is it for?', questions: 'audience' })).audience;
        await context.approve({ key: 'send', title: 'Write this?', shown: { topic: context.input.topic, audience }, approvers: 2, role: 'researcher' });
      }
      const text = await context.step('write', 'Write', (step) => step.write({ messages: [{ role: 'user', content: `Write about ${context.input.topic} for ${audience}.` }], maxOutputTokens: 100 }));
      draft.text = `For ${audience}\n\n${text}`;
    },
    assemble: (_input, draft) => (draft.text ? [{ key: 'text', fileName: 'text.md', mimeType: 'text/markdown', content: draft.text, summary: 'The text' }] : []),
  });
}
