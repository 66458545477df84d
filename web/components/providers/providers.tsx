'use client';
import { useProviders } from '../../lib/queries';
import { ProblemPanel } from '../feedback/problem-panel';
import { Loading, Skeleton } from '../ui/skeleton';
import { FallbackOrder } from './fallback-order';
import { ProviderCard } from './provider-card';

/** Where keys come in. The demo first: it is what works before any key. */
export function Providers() {
  const providers = useProviders();
  const list = [...(providers.data ?? [])].sort((a, b) => Number(b.simulated) - Number(a.simulated) || Number(b.connected) - Number(a.connected));
  return (
    <div>
      <h1 className="page-title">Providers</h1>
      <p className="mt-1 max-w-prose text-md text-muted">A key is stored encrypted on the server, used by your runs and shown to nobody. Without any key the demo provider works: honest, free, and no language model.</p>
      <div className="mt-6">
        {providers.isPending ? <Loading label="Loading providers" className="grid gap-4 md:grid-cols-2 xl:grid-cols-3"><Skeleton className="h-52" /><Skeleton className="h-52" /><Skeleton className="h-52" /></Loading> : null}
        {providers.error && !providers.data ? <ProblemPanel error={providers.error} onRetry={() => void providers.refetch()} /> : null}
        {list.length > 0 ? <ul className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">{list.map((provider) => <ProviderCard key={provider.provider} provider={provider} />)}</ul> : null}
        {providers.data ? <FallbackOrder providers={providers.data} /> : null}
      </div>
    </div>
  );
}
