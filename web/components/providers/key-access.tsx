'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { MODE_WORDS } from '#contracts/runs';
import { keyAccessQuery, type ProviderWire } from '../../lib/queries';
import { Fold } from '../ui/fold';
import { RelativeTime } from '../ui/relative-time';
import { Loading, Skeleton } from '../ui/skeleton';

const WORDS: Record<string, string> = { read: 'read by a run', created: 'saved', rotated: 'replaced', tested: 'tested', changed: 'changed', deleted: 'removed', activated: 'switched on', deactivated: 'switched off' };
const BY = { session: 'you, in the browser', api_token: 'an API token of yours', system: 'the platform', anonymous: 'nobody signed in' } as const;

/** Who and what used a key, and when; read when it is opened. */
export function KeyAccess({ provider, settingId }: { provider: ProviderWire; settingId: string }) {
  const [wanted, setWanted] = useState(false);
  const access = useQuery({ ...keyAccessQuery(settingId), enabled: wanted });
  return (
    <Fold title="Access log of the key" className="mt-3" onOpen={() => setWanted(true)}>
      {access.isPending ? <Loading label="Loading the access log"><Skeleton className="h-16" /></Loading> : null}
      {access.error && !access.data ? <p className="text-sm text-failed">The access log could not be read; try again in a moment.</p> : null}
      {access.data?.length === 0 ? <p className="text-sm text-muted">Nothing has used this key yet.</p> : null}
      {access.data && access.data.length > 0 ? (
        <div tabIndex={0} role="group" aria-label={`Access log of the key for ${provider.display_name}`} className="max-h-64 overflow-auto">
          <ul className="divide-y divide-rule text-sm">
            {access.data.map((entry, index) => (
              <li key={index} className="flex flex-wrap items-baseline gap-x-3 py-1.5">
                <span className={entry.outcome === 'success' ? undefined : 'text-failed'}>{WORDS[entry.what] ?? entry.what}{entry.outcome === 'success' ? '' : `, ${entry.outcome}`}</span>
                <span className="text-muted">{entry.run_id ? <Link className="prose-link" href={`/runs/${entry.run_id}`}>{entry.run_mode ? MODE_WORDS[entry.run_mode].label : 'run'} <span className="font-mono text-xs">{entry.run_id.slice(-8)}</span></Link> : <>by {BY[entry.by]}{entry.ip_address ? <span className="font-mono text-xs"> {entry.ip_address}</span> : null}</>}</span>
                <span className="ml-auto text-faint"><RelativeTime iso={entry.at} /></span>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </Fold>
  );
}
