import type { Message } from '#contracts/providers';
import { callId, type CallFork, type CallSite, type RunRequest } from '#contracts/workflow';

/** What a re-run lets this call take over; undefined when it has to be bought. The Test of a Full run takes only answers of the
 * run's own model: what it proves must be true of that model. */
export function callFork(request: Pick<RunRequest, 'fork' | 'mode'>, site: Omit<CallSite, 'runId'>): CallFork | undefined {
  const { fork, mode } = request;
  if (!fork) return undefined;
  const id = callId(site);
  const edit = Object.hasOwn(fork.edits, id) && fork.editedBy !== null ? { text: fork.edits[id]?.text ?? '', by: fork.editedBy } : null;
  const reuse = fork.reuse === 'all' || fork.reuse.includes(id);
  if (!reuse && !edit) return undefined;
  return { sourceRunId: fork.sourceRunId, reuse, acrossModels: site.stage === 'full' || mode !== 'full_run', edit };
}

/** The prompt of the step that begins with this call: the playbook's, or what a person wrote in its place. */
export function askedPrompt<P extends { messages: Message[] }>({ fork }: Pick<RunRequest, 'fork'>, site: Omit<CallSite, 'runId'>, prompt: P): P & { editedBy?: string } {
  const id = callId(site);
  const messages = fork?.prompts && fork.editedBy !== null && Object.hasOwn(fork.prompts, id) ? fork.prompts[id] : undefined;
  return messages && fork?.editedBy ? { ...prompt, messages, editedBy: fork.editedBy } : prompt;
}
