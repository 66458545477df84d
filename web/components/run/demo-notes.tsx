'use client';
import { useQuery } from '@tanstack/react-query';
import type { Totals } from '#contracts/run-reducer';
import { costElsewhere, elsewhereOf } from '../../lib/elsewhere';
import { formatCost, formatDay } from '../../lib/format';
import { mayDrill } from '../../lib/may-drill';
import { providersQuery, useSession } from '../../lib/queries';
import { ButtonLink } from '../ui/button';

/** Under the result of a demo run: what it would have cost, and the proof that a crash loses nothing. */
export function DemoNotes({ totals }: { totals: Totals }) {
  const { data: session } = useSession();
  const { data: providers } = useQuery({ ...providersQuery, staleTime: 300_000 });
  const elsewhere = providers ? elsewhereOf(providers) : null;
  return (
    <div data-slot="demo-notes" data-print="hide" className="mt-3 flex min-h-7 flex-wrap items-center justify-between gap-x-4 gap-y-1 text-sm text-muted">
      <p className="min-w-0 flex-1 basis-72">{elsewhere ? <>Nothing was paid. With {elsewhere.provider} <span className="font-mono text-xs">{elsewhere.model}</span> as many tokens would be ≈ <span className="font-mono text-ink">{formatCost(costElsewhere(elsewhere, totals.inputTokens, totals.outputTokens))}</span> (estimate, prices of <span className="whitespace-nowrap">{formatDay(elsewhere.priceDate, 'UTC')}</span>).</> : null}</p>
      {mayDrill(session) ? <ButtonLink size="sm" variant="quiet" className="-mr-2.5 max-sm:-ml-2.5" href="/drill">Kill the worker and watch</ButtonLink> : null}
    </div>
  );
}
