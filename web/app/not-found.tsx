import type { Metadata } from 'next';
import { ExtrasLater } from '../components/shell/extras-later';
import { PageFrame } from '../components/shell/page-frame';
import { ButtonLink } from '../components/ui/button';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <PageFrame signedIn extras={<ExtrasLater />}>
      <p className="font-mono text-sm text-muted">404</p>
      <h1 className="page-title mt-1">There is nothing at this address</h1>
      <p className="mt-2 max-w-prose text-muted">It may have been mistyped, or what stood here was deleted.</p>
      <div className="mt-6 flex flex-wrap gap-3"><ButtonLink href="/workflows" variant="primary">To the catalog</ButtonLink><ButtonLink href="/runs">Your runs</ButtonLink></div>
    </PageFrame>
  );
}
