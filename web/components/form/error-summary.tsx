'use client';
import { useEffect, useRef } from 'react';

export interface SummaryEntry { field: string; title: string; tab: string | null; message: string }

/** All errors at the top with the focus on it; each entry leads to its field, whatever tab it is on. */
export function ErrorSummary({ entries, shownAt, onGo }: { entries: SummaryEntry[]; /** changes with each attempt */ shownAt: number; onGo: (field: string) => void }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => { if (shownAt > 0) box.current?.focus(); }, [shownAt]);
  if (entries.length === 0) return null;
  return (
    <div ref={box} tabIndex={-1} role="alert" data-slot="error-summary" className="border border-l-4 border-rule border-l-failed bg-surface p-4">
      <h2 className="font-semibold">{entries.length === 1 ? 'One thing needs a change' : `${entries.length} things need a change`}</h2>
      <ul className="mt-2 grid gap-1">
        {entries.map((entry) => (
          <li key={entry.field}><button type="button" onClick={() => onGo(entry.field)} className="prose-link text-left">{entry.title}</button>{entry.tab ? <span className="text-muted"> ({entry.tab})</span> : null}: {entry.message}</li>
        ))}
      </ul>
      <p className="mt-2 text-sm text-muted">Nothing was started and nothing was spent.</p>
    </div>
  );
}
