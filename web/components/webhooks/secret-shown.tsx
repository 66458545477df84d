'use client';
import { WEBHOOK_RETRY_SECONDS, WEBHOOK_TRIES } from '#contracts/webhooks';
import { formatAbsolute } from '../../lib/format';
import { VERIFY_SNIPPET } from '../../lib/webhook-words';
import { Button } from '../ui/button';
import { CopyButton } from '../ui/copy-button';
import { Fold } from '../ui/fold';

export interface NewSecret { host: string; secret: string; /** of the one before */ overlapUntil: string | null }

/** The secret, this once. */
export function SecretShown({ host, secret, overlapUntil, onClose }: NewSecret & { onClose: () => void }) {
  return (
    <section role="status" aria-label="New signing secret" className="mt-4 border border-l-4 border-l-accent bg-surface p-4">
      <p className="font-medium">Signing secret of {host}: shown only now.</p>
      <p className="mt-2"><span className="font-mono text-sm break-all" data-secret>{secret}</span> <CopyButton text={secret} label="signing secret" /></p>
      <p className="mt-2 text-sm text-muted">{overlapUntil ? `The one before signs as well until ${formatAbsolute(overlapUntil)}: change your receiver until then.` : 'Your receiver checks each message with it.'}</p>
      <Button size="sm" className="mt-3" onClick={onClose}>I have it</Button>
    </section>
  );
}

/** How a receiver knows that a message is ours, and what it may rely on. */
export function VerifyHelp() {
  return (
    <Fold title="What a receiver does" aside="signature, retries" className="border bg-surface px-4 py-3">
      <p className="max-w-prose text-muted">Messages are signed as <span className="font-medium">Standard Webhooks</span> says, so a library of that name checks them in your language. Answer with any 2xx within ten seconds. The same message may come twice, and messages in another order than things happened: keep <code className="font-mono text-sm">webhook-id</code>.</p>
      <div className="relative mt-3"><pre tabIndex={0} aria-label="A receiver in Node" className="overflow-x-auto border bg-sunken p-3 font-mono text-sm">{VERIFY_SNIPPET}</pre><CopyButton text={VERIFY_SNIPPET} label="receiver in Node" className="absolute top-2 right-2 bg-sunken" /></div>
      <p className="mt-3 max-w-prose text-muted">What is not taken is tried {WEBHOOK_TRIES} times over about {Math.round(WEBHOOK_RETRY_SECONDS.reduce((sum, seconds) => sum + seconds, 0) / 3600)} hours. An answer of 410 switches the webhook off.</p>
    </Fold>
  );
}
