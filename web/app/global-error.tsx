'use client';
import './globals.css';
import { HOME } from '../lib/links';

/** The last resort: the frame itself threw. */
export default function GlobalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <main className="mx-auto max-w-xl px-6 py-16">
          <h1 className="page-title">This page broke</h1>
          <p className="mt-3 text-muted">The fault is ours. Runs that were started go on and nothing you saved is lost.</p>
          <p className="mt-6 flex gap-4"><button type="button" onClick={reset} className="prose-link">Try again</button><a href={HOME} className="prose-link">To the catalog</a></p>
          {error.digest ? <p className="mt-6 font-mono text-xs text-faint">error {error.digest}</p> : null}
        </main>
      </body>
    </html>
  );
}
