'use client';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { cn } from '../../lib/class-names';
import { notify } from './toast';

/** Copies a text; says so by shape and to a screen reader. */
export function CopyButton({ text, label, className }: { text: string; label: string; className?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), 2000);
    } catch {
      notify('Could not copy', 'problem', 'The browser did not allow access to the clipboard.');
    }
  };
  const Icon = copied ? Check : Copy;
  return (
    <button type="button" data-slot="copy" onClick={() => void copy()} aria-label={copied ? 'Copied' : `Copy ${label}`} className={cn('inline-grid size-6 place-items-center rounded-md text-faint hover:bg-sunken hover:text-ink', className)}>
      <Icon aria-hidden className="size-3.5" />
    </button>
  );
}
