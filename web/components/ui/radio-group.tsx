'use client';
import { Radio } from '@base-ui/react/radio';
import { RadioGroup as Base } from '@base-ui/react/radio-group';
import type { ComponentProps } from 'react';
import { cn } from '../../lib/class-names';

export function RadioGroup({ className, ...props }: ComponentProps<typeof Base>) {
  return <Base data-slot="radio-group" className={cn('grid gap-2', className)} {...props} />;
}

export function RadioItem({ className, ...props }: ComponentProps<typeof Radio.Root>) {
  return (
    <Radio.Root data-slot="radio" className={cn('grid size-5 shrink-0 place-items-center rounded-full border border-control bg-surface data-[checked]:border-accent', className)} {...props}>
      <Radio.Indicator className="size-2.5 rounded-full bg-accent" />
    </Radio.Root>
  );
}
