'use client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { MAX_WEBHOOKS } from '#contracts/webhooks';
import { useSession } from '../../lib/queries';
import { webhooksQuery } from '../../lib/webhook-queries';
import { EmptyState } from '../feedback/empty-state';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button } from '../ui/button';
import { Loading, Skeleton } from '../ui/skeleton';
import { EverybodysWebhooks } from './everybodys-webhooks';
import { SecretShown, VerifyHelp, type NewSecret } from './secret-shown';
import { WebhookCard } from './webhook-card';
import { WebhookForm } from './webhook-form';

/** Addresses of this person that are told what happens, what was sent there, and (administrators) everybody's. */
export function WebhooksPage() {
  const { data: session } = useSession();
  const webhooks = useQuery(webhooksQuery);
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<NewSecret | null>(null);
  const { data } = webhooks;
  const mayWrite = session?.permissions.includes('webhook:write') ?? false;
  const add = mayWrite ? <Button variant="primary" disabled={(data?.length ?? 0) >= MAX_WEBHOOKS} onClick={() => setAdding(true)}>Add a webhook</Button> : null;
  return (
    <div className="max-w-4xl">
      <h1 className="page-title">Webhooks</h1>
      <p className="mt-1 max-w-prose text-md text-muted">A server of yours gets a signed message when a run of yours ends or somebody is waited for. It says which run, how it stands and where to look; never what is in it.</p>
      {secret ? <SecretShown {...secret} onClose={() => setSecret(null)} /> : null}
      <div className="mt-6 grid gap-6">
        {webhooks.isPending ? <Loading label="Loading your webhooks"><Skeleton className="h-40" /></Loading> : null}
        {webhooks.error && !data ? <ProblemPanel error={webhooks.error} onRetry={() => void webhooks.refetch()} /> : null}
        {data?.length === 0 ? <EmptyState title="Nobody is told yet" action={add}>Add the address of a server that takes POST requests: a chat, a pipeline, a small script.</EmptyState> : null}
        {data && data.length > 0 ? (
          <>
            <div className="flex flex-wrap items-center gap-3">{add}<span className="text-sm text-muted">{data.length} of at most {MAX_WEBHOOKS}</span></div>
            {data.map((webhook) => <WebhookCard key={webhook.id} webhook={webhook} mayWrite={mayWrite} onSecret={setSecret} />)}
          </>
        ) : null}
        <VerifyHelp />
        {session?.permissions.includes('settings:manage') ? <EverybodysWebhooks /> : null}
      </div>
      {adding ? <WebhookForm onClose={() => setAdding(false)} onAdded={setSecret} /> : null}
    </div>
  );
}
