'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import type { OwnWorkflowWire } from '#contracts/api/own-workflows.schema';
import { ApiError, api, apiAll } from '../../lib/api-client';
import { formatAbsolute } from '../../lib/format';
import { useSession } from '../../lib/queries';
import { Button } from '../ui/button';
import { Panel } from '../ui/panel';
import { notify } from '../ui/toast';
import { DeleteWorkflow } from './delete-workflow';
import { useVersionPair, VersionDiff } from './version-diff';

interface Version { version: number; content_hash: string; note: string | null; created_at: string; channels: string[] }

/** Every version, the channels that show it, and what differs between two of them. */
export function VersionsPanel({ wire, onGone }: { wire: OwnWorkflowWire; onGone: () => void }) {
  const slug = wire.workflow_id;
  const client = useQueryClient();
  const { data: session } = useSession();
  const [{ from, to }, setPair] = useVersionPair();
  const { data: versions } = useQuery({ queryKey: ['workflows', slug, 'versions', wire.version, wire.channels], queryFn: ({ signal }) => apiAll<Version>(`/api/v1/workflows/${slug}/versions`, signal) });
  const numbers = (versions ?? []).map(({ version }) => version);
  const pair = wire.is_mine && from !== null && to !== null && numbers.includes(from) && numbers.includes(to) ? { from, to } : null;
  const isShown = (version: number): boolean => pair?.to === version && pair.from === version - 1;
  const put = async (channel: 'test' | 'live', version: number): Promise<void> => {
    try {
      await api(`/api/v1/workflows/${slug}/channels/${channel}`, { method: 'PUT', body: { version } });
      notify(`Version ${version} is on the channel ${channel}`);
      await client.invalidateQueries({ queryKey: ['workflows'] });
    } catch (error) {
      notify('That did not work', 'problem', error instanceof ApiError ? `${error.message} ${error.remedy}` : 'Try again.');
    }
  };
  return (
    <Panel title="Versions" aside={<a className="underline" href={`/api/v1/workflows/${slug}/export?format=yaml`} download>Export (signed YAML)</a>}>
      <ul className="grid gap-1">
        {(versions ?? []).map(({ version, note, created_at: at, channels, content_hash: hash }) => (
          <li key={version} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b py-2 last:border-b-0">
            <span className="min-w-0 flex-1"><span className="font-medium">Version {version}</span> <span className="text-sm text-muted">{formatAbsolute(at)} · <span className="font-mono">{hash.slice(0, 12)}</span>{note ? ` · ${note}` : ''}</span></span>
            {channels.length > 0 ? <span className="flex gap-2 text-sm">{channels.map((channel) => (wire.is_mine ? <Link key={channel} className="underline" href={`/workflows/${slug}?channel=${channel}`}><span className="sr-only">Run </span>{channel}</Link> : <span key={channel}>{channel}</span>))}</span> : null}
            {version > 1 && wire.is_mine ? <Button size="sm" variant="quiet" aria-expanded={isShown(version)} onClick={() => void setPair(isShown(version) ? { from: null, to: null } : { from: version - 1, to: version })}>What changed<span className="sr-only"> in version {version}</span></Button> : null}
            {wire.is_mine && !channels.includes('test') ? <Button size="sm" variant="quiet" onClick={() => void put('test', version)}>To test<span className="sr-only">: version {version}</span></Button> : null}
            {wire.is_mine && session?.permissions.includes('workflow:publish') && !channels.includes('live') ? <Button size="sm" variant="quiet" onClick={() => void put('live', version)}>Make live<span className="sr-only">: version {version}</span></Button> : null}
          </li>
        ))}
      </ul>
      {pair ? <VersionDiff slug={slug} versions={numbers} {...pair} onChange={(next) => void setPair(next ?? { from: null, to: null })} /> : null}
      {wire.is_mine ? <p className="mt-6 border-t pt-4"><DeleteWorkflow slug={slug} name={wire.name} live={wire.channels.live !== null} onGone={onGone} /></p> : null}
    </Panel>
  );
}
