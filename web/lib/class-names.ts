import { cx, type CxOptions } from 'class-variance-authority';
import { twMerge } from 'tailwind-merge';

/** Joins class names; a later Tailwind class wins over an earlier one of the same kind. */
export function cn(...classes: CxOptions): string {
  return twMerge(cx(classes));
}
