import type { ReactNode } from 'react';
import { cn } from '../../lib/class-names';

/** A ruled part of a page with its heading on the rule. No shadow, no float. */
export function Panel({ title, level = 2, aside, children, className, bodyClassName }: { title: ReactNode; level?: 2 | 3; aside?: ReactNode; children: ReactNode; className?: string; bodyClassName?: string }) {
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <section data-slot="panel" className={cn('border border-rule bg-surface', className)}>
      <div className="flex min-h-10 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b px-4 py-2">
        <Heading className="text-base font-semibold">{title}</Heading>
        {aside ? <div className="min-w-0 text-sm text-muted">{aside}</div> : null}
      </div>
      <div className={cn('p-4', bodyClassName)}>{children}</div>
    </section>
  );
}
