'use client';
import { Checkbox as Base } from '@base-ui/react/checkbox';
import { Check } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cn } from '../../lib/class-names';

export function Checkbox({ className, ...props }: ComponentProps<typeof Base.Root>) {
  return (
    <Base.Root data-slot="checkbox" className={cn('grid size-5 shrink-0 place-items-center rounded-sm border border-control bg-surface text-on-accent data-[checked]:border-accent data-[checked]:bg-accent', className)} {...props}>
      <Base.Indicator><Check aria-hidden className="size-3.5" strokeWidth={3} /></Base.Indicator>
    </Base.Root>
  );
}
