'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import type { StandingReason } from '#contracts/api/standing.schema';
import { formatDuration } from '../../lib/format';
import { runStandingQuery } from '../../lib/queries';

const TITLES: Record<StandingReason['kind'], string> = {
  temporal_away: 'The engine is away', no_worker: 'No worker', queued_behind: 'In the queue', rate_limited: 'Rate limit', provider_down: 'Provider away', paused: 'Paused', waiting: 'Waiting', retrying: 'Trying again', working: 'Working',
};

/** Why nothing seems to happen: asked of the server while the run is quiet, in words, with the time where it is known. */
export function Standing({ runId, now }: { runId: string; now: number }) {
  const { data, error } = useQuery(runStandingQuery(runId));
  if (!data) return error ? <p className="mt-2 text-sm text-muted">The server could not be asked why; the run is not affected.</p> : null;
  return (
    <ul data-slot="standing" aria-label="Why it does not move" className="mt-3 grid gap-2 border-t pt-3">
      {data.reasons.map((reason, index) => {
        const left = reason.until ? Date.parse(reason.until) - now : null;
        return (
          <li key={index} className="grid gap-x-3 sm:grid-cols-[8.5rem_1fr]">
            <span className="font-medium">{TITLES[reason.kind]}</span>
            <span className="min-w-0 break-words">{reason.detail}{left !== null && left > 0 ? <> It goes on by itself in <span className="font-mono text-sm">{formatDuration(left)}</span>.</> : null}{reason.remedy ? <span className="block text-muted">{reason.remedy}</span> : null}{reason.kind === 'queued_behind' && (reason.ahead ?? 0) > 0 ? <Link className="prose-link text-sm" href="/runs?status=queued">Your queued runs</Link> : null}</span>
          </li>
        );
      })}
    </ul>
  );
}
