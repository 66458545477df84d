import type { Metadata } from 'next';
import { ExtrasLater } from '../../components/shell/extras-later';
import { PageFrame } from '../../components/shell/page-frame';
import { ButtonLink } from '../../components/ui/button';

export const metadata: Metadata = { title: 'The API is away' };

/** Shown by web/proxy.ts in place of an API page while the API does not answer. */
export default function ApiAway() {
  return (
    <PageFrame signedIn extras={<ExtrasLater />}>
      <p className="font-mono text-sm text-muted">503</p>
      <h1 className="page-title mt-1">The API is away for a moment</h1>
      <p className="mt-2 max-w-prose text-muted">This address is served by the API, which does not answer right now. Accepted runs go on. Reload in a few seconds; <code className="font-mono">npm run doctor</code> says more when it stays.</p>
      <div className="mt-6"><ButtonLink href="/workflows" variant="primary">To the catalog</ButtonLink></div>
    </PageFrame>
  );
}
