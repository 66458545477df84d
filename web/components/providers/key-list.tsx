'use client';
import { ApiError } from '../../lib/api-client';
import { formatAbsolute } from '../../lib/format';
import { useFurtherKeys, type ProviderKeyWire, type ProviderWire } from '../../lib/queries';
import { Button } from '../ui/button';
import { notify } from '../ui/toast';

const WEIGHTS = [1, 2, 3, 5, 10];

const Until = ({ iso }: { iso: string }) => <time dateTime={iso} suppressHydrationWarning>{formatAbsolute(iso)}</time>;

function State({ entry }: { entry: ProviderKeyWire }) {
  if (entry.valid_until) return <>replaced; runs from before use it until <Until iso={entry.valid_until} /></>;
  if (entry.resting_until) return <>rests after “too many requests” until <Until iso={entry.resting_until} /></>;
  return <>{entry.is_active ? 'in use' : 'switched off'}</>;
}

/** Shown as soon as there is more to say than one key that is in use. */
export function KeyList({ provider }: { provider: ProviderWire }) {
  const { weigh, remove } = useFurtherKeys(provider.setting_id);
  const fail = (error: unknown): void => notify('The key could not be changed', 'problem', error instanceof ApiError ? (error.problem.detail ?? error.problem.title) : undefined);
  if (provider.keys.length < 2 && !provider.keys.some((entry) => entry.resting_until)) return null;
  const shared = provider.keys.filter((entry) => entry.kind !== 'replaced').length > 1;
  return (
    <ul aria-label={`Keys of ${provider.display_name}`} className="mt-3 grid gap-1 text-sm">
      {provider.keys.map((entry) => (
        <li key={entry.id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="font-mono">•••• {entry.last4}</span>
          <span className="text-muted"><State entry={entry} /></span>
          {shared && entry.kind !== 'replaced' ? (
            <label className="text-faint">weight <select className="border border-control bg-surface px-1" value={entry.weight} onChange={(event) => weigh.mutate({ key: entry, weight: Number(event.target.value) }, { onError: fail })}>
              {[...new Set([...WEIGHTS, entry.weight])].sort((a, b) => a - b).map((weight) => <option key={weight}>{weight}</option>)}
            </select></label>
          ) : null}
          {entry.kind === 'main' ? null : <Button size="sm" variant="quiet" disabled={remove.isPending} onClick={() => remove.mutate(entry, { onError: fail })}>Remove<span className="sr-only"> key ending in {entry.last4}</span></Button>}
        </li>
      ))}
    </ul>
  );
}
