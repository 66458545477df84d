'use client';
import { useQuery } from '@tanstack/react-query';
import { approvalsQuery } from '../../lib/queries';

/** How many decisions wait for this person, beside the word in the header; nothing when none do. */
export function WaitingCount() {
  const { data } = useQuery(approvalsQuery);
  const count = data?.length ?? 0;
  return count === 0 ? null : <span data-slot="waiting-count" className="rounded-full bg-waiting-paper px-1.5 font-mono text-xs text-waiting"><span aria-hidden>{count}</span><span className="sr-only">, {count} waiting</span></span>;
}
