import type { ComponentProps } from 'react';
import { cn } from '../../lib/class-names';

const STYLE = 'w-full rounded-md border border-control bg-surface px-3 text-ink placeholder:text-faint disabled:opacity-55 aria-invalid:border-failed';

export function Input({ className, ...props }: ComponentProps<'input'>) {
  return <input data-slot="input" className={cn(STYLE, 'h-9 max-sm:h-11 max-sm:text-md', className)} {...props} />;
}

/** Grows with its text. */
export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return <textarea data-slot="textarea" className={cn(STYLE, 'field-sizing-content max-h-80 min-h-20 py-2 max-sm:text-md', className)} {...props} />;
}
