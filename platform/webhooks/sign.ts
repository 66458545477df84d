import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** A signing secret in the form of Standard Webhooks: 256 bits. */
export const newWebhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** Headers of Standard Webhooks: one signature a secret, so that a receiver that still has the one before accepts it too.
 * @param secrets  the newest first @param at  whole seconds count */
export function signedHeaders(id: string, at: Date, body: string, secrets: readonly string[]): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  return { 'webhook-id': id, 'webhook-timestamp': String(Math.floor(at.getTime() / 1000)), 'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' ') };
}
