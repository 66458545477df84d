'use client';
import { useState } from 'react';
import type { WebhookWire } from '#contracts/api/webhooks.schema';
import { WEBHOOK_EVENT_WORDS } from '#contracts/webhooks';
import { formProblem } from '../../lib/field-errors';
import { formatAbsolute } from '../../lib/format';
import { useChangeWebhook, useDeleteWebhook, useNewSecret, useTestWebhook } from '../../lib/webhook-queries';
import { standingOf } from '../../lib/webhook-words';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { notify } from '../ui/toast';
import { Deliveries } from './deliveries';
import type { NewSecret } from './secret-shown';
import { WebhookForm } from './webhook-form';

/** One endpoint: how it stands, what can be done with it, what was sent there. */
export function WebhookCard({ webhook, mayWrite, onSecret }: { webhook: WebhookWire; mayWrite: boolean; onSecret: (secret: NewSecret) => void }) {
  const { host } = new URL(webhook.url);
  const [asked, setAsked] = useState<'change' | 'secret' | 'delete' | null>(null);
  const [change, remove, rotate, test] = [useChangeWebhook(), useDeleteWebhook(), useNewSecret(), useTestWebhook()];
  const standing = standingOf(webhook);
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const { whole, fields } = formProblem(error);
      notify(what, 'problem', whole ?? Object.values(fields).join(' '));
    }
  };
  const flip = () => attempt('It could not be switched', () => change.mutateAsync({ id: webhook.id, url: webhook.url, description: webhook.description, events: webhook.events, is_active: !webhook.is_active }));
  const renew = () => attempt('No new secret was made', async () => { const { secret, overlap_until } = await rotate.mutateAsync(webhook.id); onSecret({ host, secret, overlapUntil: overlap_until }); });
  const confirm = (): void => {
    const wanted = asked;
    setAsked(null);
    if (wanted === 'secret') void renew();
    if (wanted === 'delete') void attempt('It could not be deleted', () => remove.mutateAsync(webhook.id));
  };
  return (
    <article aria-label={webhook.url} data-webhook={host} className="border bg-surface">
      <div className="border-b px-4 py-3">
        <h2 className="font-mono text-sm font-semibold break-all">{webhook.url}</h2>
        <p className="mt-1 text-sm"><span className={standing.bad ? 'font-medium text-failed' : 'text-muted'}>{standing.text}</span>{webhook.description ? <span className="text-muted"> · {webhook.description}</span> : null}</p>
        <p className="mt-1 text-sm text-muted">{webhook.events.map((event) => WEBHOOK_EVENT_WORDS[event].label).join(', ')}{webhook.secret_overlap_until ? ` · two secrets sign until ${formatAbsolute(webhook.secret_overlap_until)}` : ''}</p>
        {mayWrite ? (
          <div className="mt-3 flex flex-wrap gap-2">
            <Button size="sm" disabled={!webhook.is_active || test.isPending} onClick={() => void attempt('No test was sent', () => test.mutateAsync(webhook.id))}>Send a test</Button>
            <Button size="sm" onClick={() => setAsked('change')}>Change</Button>
            <Button size="sm" disabled={rotate.isPending} onClick={() => setAsked('secret')}>New secret</Button>
            <Button size="sm" disabled={change.isPending || webhook.off_reason === 'administrator'} onClick={() => void flip()}>{webhook.is_active ? 'Switch off' : 'Switch on'}</Button>
            <Button size="sm" variant="danger" disabled={remove.isPending} onClick={() => setAsked('delete')}>Delete</Button>
          </div>
        ) : null}
      </div>
      <Deliveries webhookId={webhook.id} isActive={webhook.is_active} mayWrite={mayWrite} />
      {asked === 'change' ? <WebhookForm webhook={webhook} onClose={() => setAsked(null)} /> : null}
      <Dialog
        open={asked === 'secret' || asked === 'delete'} onOpenChange={(open) => { if (!open) setAsked(null); }} title={asked === 'delete' ? `Delete ${host}?` : `A new secret for ${host}?`}
        description={asked === 'delete' ? 'Its deliveries go with it, and what was not sent yet is not sent.' : 'For 24 hours the present one signs as well. Is one in that time already, it ends now.'}
        footer={<><Button onClick={() => setAsked(null)}>Keep it</Button><Button variant={asked === 'delete' ? 'danger' : 'primary'} onClick={confirm}>{asked === 'delete' ? 'Delete' : 'Make a new one'}</Button></>}
      />
    </article>
  );
}
