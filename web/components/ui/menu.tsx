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

/** One of a few; the menu stays open, so that the choice can be seen and changed. */
export function MenuChoice<Value extends string>({ label, value, onValue, options }: { label: string; value: Value; onValue: (value: Value) => void; options: readonly { value: Value; label: string }[] }) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-3 pt-1 text-xs text-muted">{label}</Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={(next: Value) => onValue(next)}>
        {options.map((option) => <Base.RadioItem key={option.value} value={option.value} closeOnClick={false} className="grid min-h-9 cursor-default grid-cols-[1.25rem_1fr] items-center gap-2 px-3 outline-none data-[highlighted]:bg-sunken"><Base.RadioItemIndicator><Check aria-hidden className="size-4 text-accent" /></Base.RadioItemIndicator><span className="col-start-2">{option.label}</span></Base.RadioItem>)}
      </Base.RadioGroup>
    </Base.Group>
  );
}

export function MenuSeparator() {
  return <Base.Separator className="my-1 h-px bg-rule" />;
}
