import type { CompletionAnswer } from '#contracts/providers';
import type { PromptMessage } from '#contracts/workflow';
import type { Database } from '../db.ts';

/** What a call of a run asked, and what answer stands for it: its own, an edited one, or that of the run it came from. */
export interface RecordedPrompt { stage: string; step: string; ordinal: number; provider: string; model: string; messages: PromptMessage[]; answer: string | null; editedBy: string | null }

/** @param callId `<stage>/<step>/<ordinal>`; the newest request in that place. The owner is part of the query. */
export async function findRunCall(db: Database, userId: string, runId: string, callId: string): Promise<RecordedPrompt | null> {
  const [stage = '', step = '', ordinal = ''] = callId.split('/');
  const row = await db.completion.findFirst({
    where: { runId, userId, stage, step, ordinal: Number(ordinal) }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: { provider: true, model: true, request: true, answer: true, editedBy: true, reusedFrom: { select: { answer: true } } },
  });
  if (!row) return null;
  const answer = (row.answer ?? row.reusedFrom?.answer ?? null) as CompletionAnswer | null;
  return { stage, step, ordinal: Number(ordinal), provider: row.provider, model: row.model, messages: row.request as unknown as PromptMessage[], answer: answer?.text ?? null, editedBy: row.editedBy };
}
