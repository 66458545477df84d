import type { ReactNode } from 'react';

/** Label and value in two columns; rows without a value are left out. */
export function Facts({ rows }: { rows: readonly (readonly [label: string, value: ReactNode])[] }) {
  return (
    <dl className="divide-y divide-rule border-y">
      {rows.filter(([, value]) => value !== null && value !== undefined && value !== '').map(([label, value]) => <div key={label} className="grid grid-cols-[8.5rem_1fr] gap-x-3 py-1.5"><dt className="text-sm text-muted">{label}</dt><dd className="min-w-0 break-words">{value}</dd></div>)}
    </dl>
  );
}

export function Part({ title, children }: { title: string; children: ReactNode }) {
  return <section className="mt-4"><h3 className="mb-1.5 text-sm font-semibold">{title}</h3>{children}</section>;
}
