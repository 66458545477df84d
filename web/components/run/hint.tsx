'use client';
import { useQuery } from '@tanstack/react-query';
import { changePreferences, usePreferences } from '../../lib/preferences';
import { runsQuery } from '../../lib/queries';
import { Button } from '../ui/button';

/** The three things to know of a run page, in the order they are told. */
export const HINTS = ['envelope', 'story', 'escalate'] as const;
export type HintPlace = (typeof HINTS)[number];

const WORDS: Record<HintPlace, string> = {
  envelope: 'These figures are the envelope: the most this run may use. Near a limit it ends with what it has, or asks you; it never goes past one.',
  story: 'The story tells every step in sentences, with the text as it is written. Timeline, graph and logs show the same run in more depth.',
  escalate: 'This worked? The button above takes the same inputs one rung further, and says what that may cost before it starts.',
};
/** To somebody who has made more than this, nothing is explained. */
const FIRST_RUNS = 3;

/** A note in the margin of the first run, one at a time, below what it is about; it covers nothing. */
export function Hint({ at }: { at: HintPlace }) {
  const { hints } = usePreferences();
  const due = HINTS[hints] === at;
  const runs = useQuery({ ...runsQuery({ limit: 1 }), enabled: due, refetchInterval: false, staleTime: Infinity });
  if (!due || !runs.data || runs.data.total > FIRST_RUNS) return null;
  const last = hints + 1 === HINTS.length;
  return (
    <aside aria-label={`Hint ${hints + 1} of ${HINTS.length}`} data-slot="hint" data-print="hide" className="mt-2 flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border border-dashed border-accent bg-surface py-1 pr-1 pl-3 text-sm">
      <p className="min-w-0 flex-1 basis-72 py-0.5"><span aria-hidden className="mr-1.5 text-accent">↑ {hints + 1}/{HINTS.length}</span>{WORDS[at]}</p>
      <span className="flex">
        {last ? null : <Button size="sm" variant="quiet" onClick={() => changePreferences({ hints: HINTS.length })}>No hints</Button>}
        <Button size="sm" variant="quiet" className="text-accent" onClick={() => changePreferences({ hints: hints + 1 })}>{last ? 'Understood' : 'Next hint'}</Button>
      </span>
    </aside>
  );
}
