'use client';
import { useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import Link from 'next/link';
import { parseAsString, useQueryState } from 'nuqs';
import { runsQuery, type RunWire } from '../../lib/queries';

/** Among so many of the newest a run's neighbours are looked for. */
const LOOKED_AT = 100;

/** From run to run without the list between them: the one that was started after this one, and the one before it. */
export function Neighbours({ id }: { id: string }) {
  const { data } = useQuery({ ...runsQuery({ limit: LOOKED_AT }), refetchInterval: false, staleTime: 60_000 });
  const [tab] = useQueryState('tab', parseAsString);
  const runs = data?.runs ?? [];
  const at = runs.findIndex((run) => run.id === id);
  if (at === -1 || runs.length < 2) return null;
  const link = (run: RunWire | undefined, key: 'j' | 'k', words: string, Icon: typeof ChevronLeft) => run
    ? <Link data-key={key} href={`/runs/${run.id}${tab ? `?tab=${encodeURIComponent(tab)}` : ''}`} aria-label={`${words}: ${run.workflow_title}`} title={`${words} (${key}): ${run.workflow_title}`} className="grid size-6 place-items-center rounded-md hover:bg-sunken hover:text-ink"><Icon aria-hidden className="size-4" /></Link>
    : <span aria-hidden className="grid size-6 place-items-center text-rule"><Icon className="size-4" /></span>;
  return <span data-print="hide" data-slot="neighbours" className="inline-flex gap-1">{link(runs[at - 1], 'k', 'Newer run', ChevronLeft)}{link(runs[at + 1], 'j', 'Older run', ChevronRight)}</span>;
}
