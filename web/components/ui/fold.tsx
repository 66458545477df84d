'use client';
import { ChevronRight } from 'lucide-react';
import { useState, type ReactNode } from 'react';

/** A part that is folded away until it is wanted; `aside` says on the fold what is inside. `forced` opens it, and it then stays. */
export function Fold({ title, aside, forced = false, children, onOpen, className = 'border-t pt-3' }: { title: ReactNode; aside?: ReactNode; forced?: boolean; children: ReactNode; onOpen?: () => void; className?: string }) {
  const [open, setOpen] = useState(false);
  return (
    <details open={open || forced} onToggle={(event) => { setOpen(event.currentTarget.open); if (event.currentTarget.open) onOpen?.(); }} className={`group ${className}`} data-slot="fold">
      <summary className="-mx-1 flex min-h-7 items-center gap-2 rounded-md px-1 max-sm:min-h-11">
        <ChevronRight aria-hidden className="size-3.5 shrink-0 text-faint transition-transform group-open:rotate-90" />
        <span className="min-w-0 font-medium">{title}</span>{aside ? <span className="ml-auto text-right text-sm text-muted">{aside}</span> : null}
      </summary>
      {open || forced ? <div className="mt-3">{children}</div> : null}
    </details>
  );
}
