'use client';
import { ThumbsDown, ThumbsUp } from 'lucide-react';
import { useId, useState } from 'react';
import type { RunRating } from '#contracts/runs';
import { useRateRun, type RunDetailWire } from '../../lib/queries';
import { Button, ButtonLink } from '../ui/button';
import { Input } from '../ui/input';
import { notify, notifyUndo } from '../ui/toast';

/** Under a result: was it good, and the way to the same with other values. The rating is the person's own; it stands in the catalog
 * and is a filter of the list of runs. */
export function ResultBar({ run }: { run: Pick<RunDetailWire, 'id' | 'workflow_id' | 'rating' | 'rating_note'> }) {
  const id = useId();
  const rate = useRateRun(run.id);
  const [note, setNote] = useState(run.rating_note ?? '');
  const { rating } = run;
  const send = async (next: RunRating | null, words = note): Promise<void> => {
    const before = { rating, note: run.rating_note ?? '' };
    try {
      await rate.mutateAsync({ rating: next, ...(next && words.trim() ? { note: words.trim() } : {}) });
      notifyUndo(next === null ? 'Rating taken back' : `Rated ${next}`, async () => { await rate.mutateAsync({ rating: before.rating, ...(before.rating && before.note ? { note: before.note } : {}) }); });
    } catch {
      notify('The rating could not be kept', 'problem', 'The API did not answer; try again.');
    }
  };
  const choice = (value: RunRating, Icon: typeof ThumbsUp, label: string) => (
    <Button size="sm" aria-pressed={rating === value} disabled={rate.isPending} className={rating === value ? 'border-accent text-accent' : undefined} onClick={() => void send(rating === value ? null : value)}><Icon aria-hidden className="size-4" />{label}</Button>
  );
  return (
    <div data-slot="result-bar" data-print="hide" className="mt-3 flex flex-wrap items-center gap-2 border-t pt-3">
      <span className="text-sm text-muted">Was the result</span>{choice('good', ThumbsUp, 'Good')}{choice('poor', ThumbsDown, 'Poor')}
      {rating ? <form className="flex min-w-48 flex-1 gap-2" onSubmit={(event) => { event.preventDefault(); void send(rating); }}><label htmlFor={id} className="sr-only">Why it was {rating}</label><Input id={id} maxLength={500} placeholder="Why? For yourself, if you like" value={note} onChange={(event) => setNote(event.target.value)} className="h-7 text-sm" />{note.trim() !== (run.rating_note ?? '') ? <Button type="submit" size="sm" disabled={rate.isPending}>Keep</Button> : null}</form> : null}
      <ButtonLink size="sm" variant="quiet" className="sm:ml-auto" href={`/workflows/${run.workflow_id}/vary?from=${run.id}`}>Vary it…</ButtonLink>
    </div>
  );
}
