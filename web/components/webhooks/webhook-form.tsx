'use client';
import { useState, type FormEvent } from 'react';
import type { WebhookWire } from '#contracts/api/webhooks.schema';
import { WEBHOOK_EVENTS, WEBHOOK_EVENT_WORDS, type WebhookEvent } from '#contracts/webhooks';
import { formProblem, NO_PROBLEM } from '../../lib/field-errors';
import { useAddWebhook, useChangeWebhook } from '../../lib/webhook-queries';
import { Button } from '../ui/button';
import { Checkbox } from '../ui/checkbox';
import { Dialog } from '../ui/dialog';
import { Field } from '../ui/field';
import { notify } from '../ui/toast';
import type { NewSecret } from './secret-shown';

/** Adds a webhook, or changes one. */
export function WebhookForm({ webhook, onClose, onAdded }: { webhook?: WebhookWire; onClose: () => void; onAdded?: (secret: NewSecret) => void }) {
  const [add, change] = [useAddWebhook(), useChangeWebhook()];
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [description, setDescription] = useState(webhook?.description ?? '');
  const [events, setEvents] = useState<WebhookEvent[]>(webhook?.events ?? ['run.completed', 'run.failed']);
  const [problem, setProblem] = useState(NO_PROBLEM);
  const busy = add.isPending || change.isPending;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setProblem(NO_PROBLEM);
    const fields = { url: url.trim(), description: description.trim(), events };
    try {
      if (webhook) {
        await change.mutateAsync({ id: webhook.id, is_active: webhook.is_active, ...fields });
        notify('Webhook changed');
      } else {
        const made = await add.mutateAsync(fields);
        onAdded?.({ host: new URL(made.url).host, secret: made.secret, overlapUntil: null });
      }
      onClose();
    } catch (error) {
      setProblem(formProblem(error));
    }
  };
  const choose = (name: WebhookEvent, on: boolean): void => setEvents(WEBHOOK_EVENTS.filter((one) => (one === name ? on : events.includes(one))));
  return (
    <Dialog
      open onOpenChange={(open) => { if (!open) onClose(); }} title={webhook ? 'Change the webhook' : 'Add a webhook'}
      footer={<><Button onClick={onClose}>Not now</Button><Button variant="primary" type="submit" form="webhook-form" disabled={busy || url.trim() === '' || events.length === 0}>{webhook ? 'Change' : 'Add'}</Button></>}
    >
      <form id="webhook-form" onSubmit={(event) => void submit(event)} className="grid gap-4" noValidate>
        <Field label="Address" type="url" inputMode="url" autoComplete="off" placeholder="https://hooks.example.org/awp" maxLength={2048} value={url} onChange={(event) => setUrl(event.target.value)} error={problem.fields['url'] ?? problem.whole} />
        <Field label="What is it for?" hint="For you; not sent." autoComplete="off" maxLength={200} value={description} onChange={(event) => setDescription(event.target.value)} error={problem.fields['description']} />
        <fieldset>
          <legend className="font-medium">Tell it of</legend>
          <ul className="mt-1.5 grid gap-1">
            {WEBHOOK_EVENTS.map((name) => (
              <li key={name}><label className="flex min-h-9 items-center gap-2 max-sm:min-h-11"><Checkbox checked={events.includes(name)} onCheckedChange={(on) => choose(name, on)} /><span>{WEBHOOK_EVENT_WORDS[name].label} <span className="text-sm text-muted">{WEBHOOK_EVENT_WORDS[name].sentence}</span></span></label></li>
            ))}
          </ul>
        </fieldset>
      </form>
    </Dialog>
  );
}
