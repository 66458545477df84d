'use client';
import { Tabs as Base } from '@base-ui/react/tabs';
import type { ComponentProps } from 'react';
import { cn } from '../../lib/class-names';
import { useChosenInSight } from '../../lib/use-chosen-in-sight';

export const Tabs = Base.Root;

/** A row of tabs on a rule; scrolls sideways on a phone instead of wrapping. */
export function TabsList({ className, ...props }: ComponentProps<typeof Base.List>) {
  const row = useChosenInSight<HTMLDivElement>('[aria-selected="true"]');
  return <Base.List ref={row} data-slot="tabs-list" className={cn('flex gap-1 overflow-x-auto overflow-y-hidden border-b [scrollbar-width:none]', className)} {...props} />;
}

export function Tab({ className, ...props }: ComponentProps<typeof Base.Tab>) {
  return (
    <Base.Tab
      data-slot="tab"
      className={cn('-mb-px flex h-10 shrink-0 items-center gap-2 border-b-2 border-transparent px-3 font-medium whitespace-nowrap text-muted outline-offset-[-2px] transition-colors hover:text-ink aria-selected:border-accent aria-selected:text-ink', className)}
      {...props}
    />
  );
}

export function TabPanel({ className, ...props }: ComponentProps<typeof Base.Panel>) {
  return <Base.Panel data-slot="tab-panel" className={cn('outline-offset-4', className)} {...props} />;
}
