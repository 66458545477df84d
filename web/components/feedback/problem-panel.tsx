'use client';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { ApiError } from '../../lib/api-client';
import { Button } from '../ui/button';
import { CopyButton } from '../ui/copy-button';

/** An error in three parts: what happened, what to do, and the id to report. */
export function ProblemPanel({ error, onRetry, kept, children }: { error: unknown; onRetry?: () => void; kept?: string; children?: ReactNode }) {
  const problem = error instanceof ApiError ? error.problem : null;
  const title = problem?.title ?? 'Something went wrong on this page';
  const remedy = error instanceof ApiError ? error.remedy : 'Reload the page; if it stays, report what you did.';
  return (
    <section role="alert" data-slot="problem" className="border border-l-4 border-rule border-l-failed bg-surface p-5">
      <h2 className="text-md font-semibold">{title}</h2>
      {problem?.detail ? <p className="mt-1 text-muted">{problem.detail}</p> : null}
      {kept ? <p className="mt-1 text-muted">{kept}</p> : null}
      <p className="mt-2">{remedy}</p>
      <div className="mt-4 flex flex-wrap items-center gap-3">
        {onRetry ? <Button onClick={onRetry}>Try again</Button> : null}
        {problem?.code === 'Unauthenticated' ? <Link className="prose-link" href="/sign-in">Sign in</Link> : null}
        {children}
        {problem?.request_id ? <span className="inline-flex items-center gap-1 font-mono text-xs text-faint">request {problem.request_id}<CopyButton text={problem.request_id} label="request id" /></span> : null}
      </div>
    </section>
  );
}
