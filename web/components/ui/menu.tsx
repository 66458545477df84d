'use client';
import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ComponentProps, ReactElement, ReactNode } from 'react';
import { cn } from '../../lib/class-names';

export function Menu({ trigger, defaultOpen, children }: { trigger: ReactElement<Record<string, unknown>>; defaultOpen?: boolean; children: ReactNode }) {
  return (
    <Base.Root defaultOpen={defaultOpen}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align="end" className="z-50 outline-none">
          <Base.Popup className="min-w-48 rounded-md border border-control bg-surface py-1 outline-none">{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export function MenuItem({ className, ...props }: ComponentProps<typeof Base.Item>) {
  return <Base.Item className={cn('flex min-h-9 cursor-default items-center gap-2 px-3 outline-none data-[disabled]:text-faint data-[highlighted]:bg-sunken', className)} {...props} />;
}

/** Can be ticked; the menu stays open, so that several can. */
export function MenuCheck({ children, ...props }: ComponentProps<typeof Base.CheckboxItem>) {
  return <Base.CheckboxItem closeOnClick={false} className="grid min-h-9 cursor-default grid-cols-[1.25rem_1fr] items-center gap-2 px-3 outline-none data-[highlighted]:bg-sunken" {...props}><Base.CheckboxItemIndicator><Check aria-hidden className="size-4 text-accent" /></Base.CheckboxItemIndicator><span className="col-start-2">{children}</span></Base.CheckboxItem>;
}

export function MenuSeparator() {
  return <Base.Separator className="my-1 h-px bg-rule" />;
}
