'use client';
import { useQuery } from '@tanstack/react-query';
import { ApiError } from '../../../lib/api-client';
import { runCallQuery } from '../../../lib/queries';
import { Part } from './facts';

export interface Prompt { role: string; content: string }
/** Where the prompt of a call comes from: the ledger of the server, or the bundle that was opened. */
export type CallSource = { kind: 'server'; runId: string } | { kind: 'bundle'; prompts: ReadonlyMap<string, Prompt[]> };

const ROLE_WORDS: Record<string, string> = { system: 'Instructions to the model', user: 'What was asked', assistant: 'An earlier answer', tool: 'What a tool gave back' };

export function PromptPart({ place, source }: { place: string; source: CallSource }) {
  return source.kind === 'server' ? <ServerPrompt runId={source.runId} place={place} /> : <Part title="Prompt"><Messages messages={source.prompts.get(place) ?? []} /></Part>;
}

function ServerPrompt({ runId, place }: { runId: string; place: string }) {
  const { data, error } = useQuery({ ...runCallQuery(runId, place), staleTime: 60_000, retry: false });
  const none = error instanceof ApiError && error.problem.status === 404;
  return (
    <Part title="Prompt">
      {data ? <Messages messages={data.messages} /> : <p className="text-sm text-muted">{none ? 'The ledger has no such call (yet).' : error ? 'The prompt could not be read; the rest of this page does not need it.' : 'Reading the ledger…'}</p>}
    </Part>
  );
}

function Messages({ messages }: { messages: readonly Prompt[] }) {
  if (messages.length === 0) return <p className="text-sm text-muted">Not in this bundle.</p>;
  return (
    <div className="grid gap-2">
      {messages.map((message, index) => {
        const title = ROLE_WORDS[message.role] ?? message.role;
        return <details key={index} open={index === messages.length - 1} className="border bg-canvas"><summary className="px-3 py-1.5 text-sm text-muted hover:text-ink">{title} <span className="font-mono text-xs text-faint">{message.content.length.toLocaleString('en')} characters</span></summary><pre tabIndex={0} aria-label={title} className="max-h-72 overflow-auto border-t px-3 py-2 font-mono text-sm break-words whitespace-pre-wrap">{message.content}</pre></details>;
      })}
    </div>
  );
}
