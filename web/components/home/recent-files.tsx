'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { formatBytes } from '../../lib/format';
import { artifactsQuery } from '../../lib/queries';
import { Panel } from '../ui/panel';
import { RelativeTime } from '../ui/relative-time';

/** Every run writes these beside its result; they are for looking into it, not what somebody comes back for. */
const RECORDS = new Set(['trace.json', 'logs.txt', 'metadata.json', 'evidence.json']);
const isResult = (name: string): boolean => !RECORDS.has(name) && !/^(?:steps|test)\//.test(name);

/** The newest results of all runs. @param titles  of the runs they come from, where known */
export function RecentFiles({ titles }: { titles: ReadonlyMap<string, string> }) {
  const { data } = useQuery(artifactsQuery(100));
  const files = (data ?? []).filter((file) => isResult(file.file_name) && file.expired_at === null).slice(0, 6);
  if (files.length === 0) return null;
  return (
    <Panel title="Newest files" bodyClassName="p-0">
      <ul className="divide-y divide-rule">
        {files.map((file) => (
          <li key={file.id} className="relative px-4 py-2 hover:bg-sunken">
            <Link href={`/runs/${file.run_id}?tab=artifacts&file=${encodeURIComponent(file.file_name)}`} className="font-mono text-sm break-all after:absolute after:inset-0">{file.file_name}</Link>
            <span className="block text-sm text-muted">{titles.has(file.run_id) ? `${titles.get(file.run_id)}, ` : ''}{formatBytes(file.file_size_bytes)}, <RelativeTime iso={file.created_at} /></span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
