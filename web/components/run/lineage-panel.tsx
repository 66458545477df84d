import Link from 'next/link';
import { middleTruncate } from '../../lib/format';
import type { RunDetailWire } from '../../lib/queries';
import { Panel } from '../ui/panel';
import { RelativeTime } from '../ui/relative-time';

const KIND = { start: 'from the start', from_step: 'from a step', failed_only: 'only what failed' } as const;

/** From which run this one was made, and which were made from it. */
export function LineagePanel({ run }: { run: RunDetailWire }) {
  const { forked_from: parent, forks } = run;
  if (!parent && forks.length === 0) return null;
  const compare = (other: string) => <Link href={`/compare?ids=${other === parent?.run_id ? `${other},${run.id}` : `${run.id},${other}`}`} className="prose-link">Compare<span className="sr-only"> with run {other}</span></Link>;
  return (
    <Panel title="Re-runs" bodyClassName="p-0">
      <ul className="divide-y divide-rule">
        {parent ? <li className="flex flex-wrap justify-between gap-x-4 gap-y-1 px-4 py-2.5"><span>Made from <Link href={`/runs/${parent.run_id}`} className="prose-link font-mono text-sm">{middleTruncate(parent.run_id)}</Link>, {KIND[parent.kind]}</span>{compare(parent.run_id)}</li> : null}
        {forks.map((fork) => <li key={fork.run_id} className="flex flex-wrap justify-between gap-x-4 gap-y-1 px-4 py-2.5"><span>Run again as <Link href={`/runs/${fork.run_id}`} className="prose-link font-mono text-sm">{middleTruncate(fork.run_id)}</Link>, {KIND[fork.kind]}: {fork.status}, <RelativeTime iso={fork.created_at} /></span>{compare(fork.run_id)}</li>)}
      </ul>
    </Panel>
  );
}
