import type { ComponentProps } from 'react';
import { cn } from '../../lib/class-names';
import { formatDay } from '../../lib/format';
import { Input } from './input';

/** A day, written as everywhere else (`3 Dec 2026`) until it is edited: the browser writes it in the form of its own language. */
export function DayInput({ value, className, ...props }: Omit<ComponentProps<'input'>, 'type' | 'value'> & { /** `2026-12-03`, or empty */ value: string }) {
  return (
    <span className={cn('day-input relative block', className)}>
      <Input {...props} type="date" value={value} data-filled={value === '' ? undefined : ''} />
      {value === '' ? null : <span aria-hidden className="day-words pointer-events-none absolute inset-y-0 left-3 hidden items-center max-sm:text-md">{formatDay(value, 'UTC')}</span>}
    </span>
  );
}
