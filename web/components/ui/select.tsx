'use client';
import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';
import { cn } from '../../lib/class-names';

export interface SelectOption { value: string; label: string; note?: string; disabled?: boolean }
export interface SelectProps {
  id?: string;
  value: string | null;
  onValueChange: (value: string) => void;
  options: readonly SelectOption[];
  placeholder?: string;
  disabled?: boolean;
  invalid?: boolean;
  className?: string;
  'aria-label'?: string;
  'aria-labelledby'?: string;
  'aria-describedby'?: string;
}

/** One of a list. An option that cannot be chosen stays visible with the reason as its note. */
export function Select({ id, value, onValueChange, options, placeholder = 'Choose…', disabled, invalid, className, ...aria }: SelectProps) {
  return (
    <Base.Root items={options.map(({ value: key, label }) => ({ value: key, label }))} value={value} onValueChange={(next) => { if (typeof next === 'string') onValueChange(next); }} disabled={disabled}>
      <Base.Trigger
        id={id}
        data-slot="select"
        aria-invalid={invalid || undefined}
        className={cn('flex h-9 w-full items-center justify-between gap-2 rounded-md border border-control bg-surface px-3 text-left hover:bg-sunken disabled:opacity-55 aria-invalid:border-failed max-sm:h-11', className)}
        {...aria}
      >
        <Base.Value className="truncate data-[placeholder]:text-faint" placeholder={placeholder} />
        <Base.Icon><ChevronsUpDown aria-hidden className="size-4 text-muted" /></Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-none">
          <Base.Popup className="max-h-[min(22rem,var(--available-height))] min-w-[var(--anchor-width)] overflow-y-auto rounded-md border border-control bg-surface py-1 outline-none">
            {options.map((option) => (
              <Base.Item key={option.value} value={option.value} disabled={option.disabled} className="grid min-h-9 cursor-default grid-cols-[1rem_1fr] items-center gap-x-2 px-3 py-1.5 outline-none data-[disabled]:text-faint data-[highlighted]:bg-sunken data-[highlighted]:text-ink">
                <Base.ItemIndicator className="col-start-1"><Check aria-hidden className="size-4 text-accent" /></Base.ItemIndicator>
                <Base.ItemText className="col-start-2">{option.label}</Base.ItemText>
                {option.note ? <span className="col-start-2 text-xs text-muted">{option.note}</span> : null}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
