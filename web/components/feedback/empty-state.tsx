import type { ReactNode } from 'react';

/** Says what will be here, and offers one action. */
export function EmptyState({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div data-slot="empty" className="border border-dashed border-control px-6 py-10 text-center">
      <h2 className="font-serif text-lg font-semibold">{title}</h2>
      <p className="mx-auto mt-2 max-w-prose text-muted">{children}</p>
      {action ? <div className="mt-5 flex flex-wrap justify-center gap-3">{action}</div> : null}
    </div>
  );
}
