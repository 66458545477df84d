'use client';
import { useState } from 'react';
import type { RunCallWire } from '#contracts/api/reruns.schema';
import { isTerminal } from '#contracts/runs';
import { isNode, type Node } from '#contracts/own/outline';
import { canRefine, REFINE_CALL, REFINE_STEP, refined, refineTrial } from '#contracts/own/refine-skill';
import { ApiError, api } from '../../../lib/api-client';
import type { RunDetailWire, StartedRun } from '../../../lib/queries';
import { Button } from '../../ui/button';
import { Fold } from '../../ui/fold';

const ASK_MS = 700;

/** What an import guessed, to look at and tick off; a model may look at it once first. */
export function ReviewPanel({ slug, document, provider, onEdit, onGo }: { slug: string; document: Node; /** null = only the demo provider is there */ provider: string | null; onEdit: (document: Node) => void; onGo: (pointer: string) => void }) {
  const [state, setState] = useState<{ busy: boolean; words: string | null }>({ busy: false, words: null });
  const notes = (Array.isArray(document['review']) ? document['review'] : []).filter(isNode);
  if (notes.length === 0) return null;
  const refine = async (): Promise<void> => {
    setState({ busy: true, words: null });
    try {
      const { definition, values } = refineTrial(document);
      const { id } = await api<StartedRun>(`/api/v1/workflows/${encodeURIComponent(slug)}/try`, { method: 'POST', body: { definition, step: REFINE_STEP, values, provider } });
      let run = await api<RunDetailWire>(`/api/v1/runs/${id}`);
      while (!isTerminal(run.status)) {
        await new Promise((resolve) => { setTimeout(resolve, ASK_MS); });
        run = await api<RunDetailWire>(`/api/v1/runs/${id}`);
      }
      const call = run.status === 'completed' ? await api<RunCallWire>(`/api/v1/runs/${id}/calls?call_id=${encodeURIComponent(REFINE_CALL)}`) : null;
      const next = call?.answer ? refined(document, call.answer) : null;
      if (next) onEdit(next);
      setState({ busy: false, words: next ? 'The draft is refined; what the model guessed is marked below. Undo brings the import back.' : `The draft stays as it was: ${run.error?.detail ?? 'the answer would have left no step.'}` });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setState({ busy: false, words: `The draft stays as it was: ${error.message} ${error.remedy}` });
    }
  };
  return (
    <div className="mt-3" data-slot="review">
      <Fold title={`${notes.length} ${notes.length === 1 ? 'guess' : 'guesses'} of the import to look at`} aside={canRefine(document) ? (provider ? 'a model can look first' : 'add a provider to have a model look first') : undefined}>
        {canRefine(document) && provider ? <p className="mb-2 flex flex-wrap items-center gap-3"><Button size="sm" disabled={state.busy} onClick={() => void refine()}>Refine with {provider}</Button><span className="text-sm text-muted">one call, under the caps of a Test</span></p> : null}
        <ul className="grid gap-1 text-sm">
          {notes.map((note, index) => {
            const [pointer, words] = [String(note['pointer'] ?? ''), String(note['note'] ?? '')];
            return <li key={`${pointer}-${index}`} className="flex flex-wrap items-baseline gap-2"><button type="button" className="min-h-6 font-mono underline" onClick={() => onGo(pointer)}>{pointer}</button><span className="min-w-0 flex-1">{words}</span><Button size="sm" variant="quiet" onClick={() => onEdit({ ...document, review: notes.filter((_, at) => at !== index) })}>Looked at<span className="sr-only">: {words}</span></Button></li>;
          })}
        </ul>
      </Fold>
      <p role="status" className="mt-1 text-sm">{state.busy ? 'The model reads it…' : state.words}</p>
    </div>
  );
}
