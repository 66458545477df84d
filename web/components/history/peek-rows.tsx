import type { ReactNode } from 'react';

/** Names and values of the peek, three lines of each at most. */
export function Rows({ rows }: { rows: readonly (readonly [string, ReactNode])[] }) {
  return <dl className="mt-1.5 grid grid-cols-[6.5rem_1fr] gap-x-3 gap-y-1">{rows.map(([name, value]) => <div key={name} className="contents"><dt className="text-sm text-muted">{name}</dt><dd className="line-clamp-3 min-w-0 text-sm break-words">{value}</dd></div>)}</dl>;
}
