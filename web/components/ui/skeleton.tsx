import type { ReactNode } from 'react';
import { cn } from '../../lib/class-names';

/** A grey stand-in in the shape of what comes; appears only after 150 ms. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden data-slot="skeleton" className={cn('appear-late block rounded-sm bg-rule', className)} />;
}

export function Loading({ label, children, className }: { label: string; children: ReactNode; className?: string }) {
  return <div role="status" aria-busy="true" className={className}><span className="sr-only">{label}</span>{children}</div>;
}
