import { cva, type VariantProps } from 'class-variance-authority';
import Link from 'next/link';
import type { ComponentProps } from 'react';
import { cn } from '../../lib/class-names';

/** Accent fill means "you can act here": one primary button a view. */
export const buttonStyles = cva(
  'inline-flex shrink-0 items-center justify-center gap-2 rounded-md border font-medium whitespace-nowrap select-none transition-colors disabled:opacity-55 aria-disabled:opacity-55 aria-disabled:cursor-not-allowed',
  {
    variants: {
      variant: {
        primary: 'border-accent bg-accent text-on-accent enabled:hover:bg-[color-mix(in_srgb,var(--accent)_88%,var(--ink))] [a]:hover:bg-[color-mix(in_srgb,var(--accent)_88%,var(--ink))]',
        secondary: 'border-control bg-surface text-ink enabled:hover:bg-sunken [a]:hover:bg-sunken',
        quiet: 'border-transparent bg-transparent text-muted enabled:hover:bg-sunken enabled:hover:text-ink [a]:hover:bg-sunken [a]:hover:text-ink',
        danger: 'border-failed bg-surface text-failed enabled:hover:bg-failed-paper',
      },
      size: { sm: 'h-7 px-2.5 text-sm', md: 'h-9 px-3.5 text-base', lg: 'h-11 px-5 text-md', icon: 'size-9' },
    },
    defaultVariants: { variant: 'secondary', size: 'md' },
  },
);

type Styles = VariantProps<typeof buttonStyles>;

export function Button({ className, variant, size, type = 'button', ...props }: ComponentProps<'button'> & Styles) {
  return <button data-slot="button" type={type} className={cn(buttonStyles({ variant, size }), className)} {...props} />;
}

export function ButtonLink({ className, variant, size, ...props }: ComponentProps<typeof Link> & Styles) {
  return <Link data-slot="button" className={cn(buttonStyles({ variant, size }), className)} {...props} />;
}

/** For addresses outside the pages of this app (downloads, API docs, Temporal Web). */
export function ButtonAnchor({ className, variant, size, children, ...props }: ComponentProps<'a'> & Styles) {
  return <a data-slot="button" className={cn(buttonStyles({ variant, size }), className)} {...props}>{children}</a>;
}
