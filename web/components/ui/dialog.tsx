'use client';
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '../../lib/class-names';

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons, the safe one first. */
  footer?: ReactNode;
  className?: string;
}

/** Modal dialog: focus is kept inside and goes back where it came from; on a phone it is a sheet at the bottom. */
export function Dialog({ open, onOpenChange, title, description, children, footer, className }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-[color-mix(in_srgb,#0a0c11_55%,transparent)]" />
        <Base.Popup data-slot="dialog" className={cn('fixed z-50 flex max-h-[calc(100dvh-2rem)] w-full flex-col border border-control bg-surface text-ink outline-none max-sm:inset-x-0 max-sm:bottom-0 max-sm:border-x-0 max-sm:border-b-0 sm:top-1/2 sm:left-1/2 sm:max-w-lg sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-md', className)}>
          <div className="flex items-start justify-between gap-4 border-b px-5 pt-4 pb-3">
            <Base.Title className="font-serif text-lg font-semibold">{title}</Base.Title>
            <Base.Close aria-label="Close" className="-mr-2 grid size-8 place-items-center rounded-md text-muted hover:bg-sunken hover:text-ink"><X aria-hidden className="size-4" /></Base.Close>
          </div>
          <div className="overflow-y-auto px-5 py-4">
            {description ? <Base.Description render={<div />} className="text-muted">{description}</Base.Description> : null}
            {children}
          </div>
          {footer ? <div className="flex flex-wrap justify-end gap-2 border-t bg-sunken px-5 py-3">{footer}</div> : null}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
