import { useId, type ComponentProps, type ReactNode } from 'react';
import { Input } from './input';

/** A label, its input, a remark and what is wrong with it, tied together for a screen reader. */
export function Field({ label, hint, error, ...props }: { label: string; hint?: ReactNode; error?: string | null } & ComponentProps<'input'>) {
  const id = useId();
  const described = [hint ? `${id}-hint` : null, error ? `${id}-error` : null].filter(Boolean).join(' ') || undefined;
  return (
    <div>
      <label htmlFor={id} className="block font-medium">{label}</label>
      <Input id={id} className="mt-1.5" aria-invalid={error ? true : undefined} aria-describedby={described} {...props} />
      {hint ? <p id={`${id}-hint`} className="mt-1 text-sm text-muted">{hint}</p> : null}
      {error ? <p id={`${id}-error`} role="alert" className="mt-1 text-sm font-medium text-failed">{error}</p> : null}
    </div>
  );
}
