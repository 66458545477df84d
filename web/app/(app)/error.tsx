'use client';
import { ProblemPanel } from '../../components/feedback/problem-panel';
import { ButtonLink } from '../../components/ui/button';

/** The error boundary of a page: the frame stays, the person has two ways on. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <ProblemPanel error={error} onRetry={reset} kept="Runs are not affected by an error on this page.">
      <ButtonLink href="/workflows" variant="quiet">To the catalog</ButtonLink>
      {error.digest ? <span className="font-mono text-xs text-faint">error {error.digest}</span> : null}
    </ProblemPanel>
  );
}
