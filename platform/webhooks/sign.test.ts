import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { newWebhookSecret, signedHeaders } from './sign.ts';

/** The published vector of the specification (its reference libraries check themselves against it). */
const VECTOR = { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', at: 1_614_265_330, body: '{"test": 2432232314}', signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' };

it('signs as the specification\'s vector says', () => {
  expect(signedHeaders(VECTOR.id, new Date(VECTOR.at * 1000 + 999), VECTOR.body, [VECTOR.secret])).toEqual({ 'webhook-id': VECTOR.id, 'webhook-timestamp': String(VECTOR.at), 'webhook-signature': VECTOR.signature });
  const key = Buffer.from(VECTOR.secret.slice('whsec_'.length), 'base64');
  expect(VECTOR.signature).toBe(`v1,${createHmac('sha256', key).update(`${VECTOR.id}.${VECTOR.at}.${VECTOR.body}`).digest('base64')}`);
});

it('two secrets make two signatures: a receiver that has either takes the message, one that has neither does not', () => {
  const [fresh, before, other] = [newWebhookSecret(), newWebhookSecret(), newWebhookSecret()];
  const headers = signedHeaders('evt_1', new Date(), '{}', [fresh, before]);
  expect(headers['webhook-signature'].split(' ')).toHaveLength(2);
  for (const secret of [fresh, before]) expect(new Webhook(secret).verify('{}', headers)).toEqual({});
  expect(() => new Webhook(other).verify('{}', headers)).toThrow(/signature/i);
});

it('a secret has 256 bits and the form that libraries read', () => {
  const secret = newWebhookSecret();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(newWebhookSecret()).not.toBe(secret);
});
