'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { approvalsQuery } from '../../lib/queries';
import { RelativeTime } from '../ui/relative-time';
import { HomeSection } from './section';

/** Decisions of this person that runs wait for; nothing when there are none. */
export function Waiting() {
  const { data } = useQuery(approvalsQuery);
  if (!data || data.length === 0) return null;
  return (
    <HomeSection id="waiting" title="Waiting for you" all={{ href: '/approvals', label: `All ${data.length}` }}>
      <ul className="divide-y divide-rule border border-l-4 border-l-waiting bg-surface">
        {data.slice(0, 3).map((gate) => (
          <li key={gate.id} className="relative px-4 py-2.5 hover:bg-sunken">
            <Link href={`/runs/${gate.run_id}`} className="font-medium after:absolute after:inset-0">{gate.title}</Link>
            <span className="block text-sm text-muted">{gate.workflow_title}, by {gate.requested_by}, asked <RelativeTime iso={gate.created_at} /></span>
          </li>
        ))}
      </ul>
    </HomeSection>
  );
}
