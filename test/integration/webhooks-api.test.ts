import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebhookSchema, type CreatedWebhookWire, type DeliveryDetailWire, type DeliveryWire, type SomebodysWebhookWire } from '#contracts/api/webhooks.schema';
import { MAX_WEBHOOKS, WEBHOOK_OVERLAP_HOURS } from '#contracts/webhooks';
import { deleteReplacedWebhookSecrets, openWebhookSecrets, secretBinding, signingTarget } from '#platform/repositories/webhooks';
import { deleteOldDeliveries } from '#platform/repositories/webhook-deliveries';
import { rotateSecrets } from '#platform/repositories/rotate-secrets';
import { openSecret, sealSecret } from '#platform/secrets/envelope';
import { createKeyRing } from '#platform/secrets/key-ring';
import { startApi, type ApiUnderTest } from '../support/api.ts';

/** What the API keeps and refuses; nothing is sent here (no worker), and the addresses exist nowhere. */
let api: ApiUnderTest;
let alice: { id: string; token: string };
let bob: { id: string; token: string };
beforeAll(async () => { api = await startApi(); });
beforeEach(async () => { [alice, bob] = await Promise.all([api.person('student'), api.person('researcher')]); await api.deps.pool.query('DELETE FROM rate_limits'); });
afterAll(() => api.close());

const body = (more: object = {}) => ({ url: 'https://hooks.example.org/awp?team=7', events: ['run.completed', 'run.failed'], ...more });
const post = (as: string, json: object = body()) => api.call('POST', '/api/v1/webhooks', { as, json });
const made = async (as: string, json: object = body()): Promise<CreatedWebhookWire> => {
  const reply = await post(as, json);
  expect(reply.status, reply.text).toBe(201);
  return reply.body;
};
const put = (as: string, { id, url, events }: CreatedWebhookWire, more: object = {}) => api.call('PUT', `/api/v1/webhooks/${id}`, { as, json: { url, description: '', events, is_active: true, ...more } });

describe('a webhook', () => {
  it('is made with a secret that is shown once and stored sealed', async () => {
    const hook = await made(alice.token, body({ description: '  Team‮ chat  ' }));
    expect(hook).toMatchObject({ url: 'https://hooks.example.org/awp?team=7', description: 'Team chat', is_active: true, off_reason: null, secret_overlap_until: null });
    expect(hook.secret).toMatch(/^whsec_/);
    const later = await api.call('GET', `/api/v1/webhooks/${hook.id}`, { as: alice.token });
    expect(WebhookSchema.strict().parse(later.body)).toBeTruthy();
    expect(later.text + (await api.call('GET', '/api/v1/webhooks', { as: alice.token })).text).not.toContain('whsec_');
    const [table] = await api.deps.db.$queryRaw<{ text: string }[]>`SELECT string_agg(row_to_json(t)::text, '') AS text FROM (SELECT * FROM webhook_secrets) t`;
    expect(table?.text).not.toContain(hook.secret.slice('whsec_'.length));
    const target = await signingTarget(api.deps.db, hook.id);
    expect(target && await openWebhookSecrets(api.deps.secrets.keeper, target)).toEqual([hook.secret]);
    expect(api.log.join('')).not.toContain(hook.secret.slice('whsec_'.length));
  });

  it.each([
    ['url', { url: 'http://hooks.example.org/' }], ['url', { url: 'https://localhost/' }], ['url', { url: 'https://169.254.169.254/latest' }], ['url', { url: 'https://hooks.example.org:8080/' }], ['url', { url: 'https://u:p@hooks.example.org/' }], ['url', { url: 'nowhere' }],
    ['events', { events: [] }], ['events', { events: ['run.completed', 'run.completed'] }], ['events/0', { events: ['run.started'] }], ['description', { description: 'x'.repeat(201) }], ['secret', { secret: 'whsec_mine' }],
  ])('with a wrong %s is refused, naming the field and what to do: %j', async (field, wrong) => {
    const reply = await post(alice.token, body(wrong));
    expect(reply).toMatchObject({ status: 400, body: { code: 'InvalidInput', remedy: expect.any(String), errors: [{ pointer: `#/${field}`, detail: expect.any(String) }] } });
  });

  it('can be there once a person and address, ten times a person, also for many at the same moment', async () => {
    const twice = await Promise.all([post(alice.token), post(alice.token)]);
    expect(twice.map(({ status }) => status).sort()).toEqual([201, 409]);
    await made(bob.token);
    const many = await Promise.all(Array.from({ length: MAX_WEBHOOKS + 2 }, (_, n) => post(alice.token, body({ url: `https://hooks.example.org/${n}` }))));
    expect(many.filter(({ status }) => status === 201)).toHaveLength(MAX_WEBHOOKS - 1);
    expect(many.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'Conflict', remedy: 'Delete one that is not used any more.' });
    expect((await api.call('GET', '/api/v1/webhooks', { as: alice.token })).headers.get('x-total-count')).toBe(String(MAX_WEBHOOKS));
  });

  it('is changed, switched off and on, and deleted by its person, and each is audited without its address', async () => {
    const hook = await made(alice.token);
    const other = await made(alice.token, body({ url: 'https://hooks.example.org/other' }));
    expect((await put(alice.token, hook, { url: other.url })).body).toMatchObject({ code: 'Conflict', errors: [{ pointer: '#/url' }] });
    expect((await put(alice.token, hook, { url: 'https://10.0.0.1/' })).status).toBe(400);
    expect((await put(alice.token, hook, { events: ['question.asked'], is_active: false, description: 'Mine' })).body).toMatchObject({ events: ['question.asked'], is_active: false, off_reason: 'owner', off_at: expect.any(String), description: 'Mine' });
    expect((await put(alice.token, hook)).body).toMatchObject({ is_active: true, off_reason: null, off_at: null });
    expect((await api.call('DELETE', `/api/v1/webhooks/${hook.id}`, { as: alice.token })).status).toBe(204);
    expect((await api.call('GET', `/api/v1/webhooks/${hook.id}`, { as: alice.token })).status).toBe(404);
    expect(await api.deps.db.webhookSecret.count({ where: { webhookId: hook.id } })).toBe(0);
    const events = await api.deps.db.auditEvent.findMany({ where: { subject: alice.id, resource: `webhook/${hook.id}` }, orderBy: { sequence: 'asc' } });
    expect(events.map(({ type, data }) => [type, data])).toEqual([
      ['webhook.created', { host: 'hooks.example.org', events: 'run.completed run.failed' }], ['webhook.changed', { host: 'hooks.example.org', events: 'question.asked', is_active: false }],
      ['webhook.changed', { host: 'hooks.example.org', events: 'run.completed run.failed', is_active: true }], ['webhook.deleted', { host: 'hooks.example.org' }],
    ]);
  });

  it('gets a new secret: the one before signs on for a day, the one before that ends at once', async () => {
    const hook = await made(alice.token);
    const rotate = async () => (await api.call('POST', `/api/v1/webhooks/${hook.id}/secret`, { as: alice.token })).body as { secret: string; overlap_until: string };
    const signing = async () => { const target = await signingTarget(api.deps.db, hook.id); return target ? openWebhookSecrets(api.deps.secrets.keeper, target) : []; };
    const second = await rotate();
    expect(Math.abs(Date.parse(second.overlap_until) - Date.now() - WEBHOOK_OVERLAP_HOURS * 3_600_000)).toBeLessThan(60_000);
    expect(await signing()).toEqual([second.secret, hook.secret]);
    expect((await api.call('GET', `/api/v1/webhooks/${hook.id}`, { as: alice.token })).body).toMatchObject({ secret_overlap_until: second.overlap_until });
    const third = await rotate();
    expect(await signing()).toEqual([third.secret, second.secret]);
    await api.deps.db.webhookSecret.updateMany({ where: { webhookId: hook.id, validUntil: { not: null } }, data: { validUntil: new Date(Date.now() - 1000) } });
    expect(await signing()).toEqual([third.secret]);
    expect(await api.deps.db.$transaction((tx) => deleteReplacedWebhookSecrets(tx, 100))).toHaveLength(1);
    expect(await signing()).toEqual([third.secret]);
  });

  it('its secret belongs to its row, and is rewrapped with the other secrets when the master key changes', async () => {
    const hook = await made(alice.token);
    const row = await api.deps.db.webhookSecret.findFirstOrThrow({ where: { webhookId: hook.id } });
    const [old, fresh] = [Buffer.alloc(32, 7), Buffer.alloc(32, 9)];
    const sealed = sealSecret(createKeyRing([old]), hook.secret, secretBinding(alice.id, row.id));
    expect(() => openSecret(createKeyRing([old]), sealed, secretBinding(bob.id, row.id))).toThrow(/cannot be read/);
    await api.deps.db.webhookSecret.update({ where: { id: row.id }, data: { secretEnvelope: sealed as never } });
    expect(await rotateSecrets(api.deps.db, createKeyRing([fresh, old]))).toMatchObject({ rewrapped: 1 });
    const rewrapped = await api.deps.db.webhookSecret.findFirstOrThrow({ where: { webhookId: hook.id } });
    expect(openSecret(createKeyRing([fresh]), rewrapped.secretEnvelope as never, secretBinding(alice.id, row.id))).toBe(hook.secret);
  });

  it('a token that was not given the right reads none and makes none', async () => {
    const narrow = await api.person('researcher', ['run:read']);
    expect([(await api.call('GET', '/api/v1/webhooks', { as: narrow.token })).status, (await post(narrow.token)).status]).toEqual([403, 403]);
  });
});

describe('deliveries', () => {
  it('are listed page by page and by state; a test is one, its body says that nothing happened; too many by hand are refused', async () => {
    const hook = await made(alice.token);
    for (let n = 0; n < 3; n += 1) expect((await api.call('POST', `/api/v1/webhooks/${hook.id}/test`, { as: alice.token })).body).toMatchObject({ event: 'webhook.test', state: 'pending', tries: 0, run_id: null });
    const first = await api.call('GET', `/api/v1/webhooks/${hook.id}/deliveries?limit=2&state=pending`, { as: alice.token });
    expect(first.headers.get('x-total-count')).toBe('3');
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await api.call('GET', next, { as: alice.token });
    expect(new Set([...(first.body as DeliveryWire[]), ...(second.body as DeliveryWire[])].map(({ id }) => id)).size).toBe(3);
    expect((await api.call('GET', `/api/v1/webhooks/${hook.id}/deliveries?state=failed`, { as: alice.token })).body).toEqual([]);
    const [{ id }] = first.body as [DeliveryWire];
    const detail = (await api.call('GET', `/api/v1/webhooks/${hook.id}/deliveries/${id}`, { as: alice.token })).body as DeliveryDetailWire;
    expect(JSON.parse(detail.body)).toMatchObject({ specversion: '1.0', type: 'awp.webhook.test', data: { message: 'This is a test. Nothing happened.' } });
    const rest = await Promise.all(Array.from({ length: 20 }, () => api.call('POST', `/api/v1/webhooks/${hook.id}/deliveries/${id}/send`, { as: alice.token })));
    expect(rest.filter(({ status }) => status === 202)).toHaveLength(17);
    const refused = rest.find(({ status }) => status === 429);
    expect([refused?.body, refused?.headers.get('retry-after')]).toEqual([expect.objectContaining({ code: 'RateLimited' }), expect.stringMatching(/^\d+$/)]);
    expect(await api.deps.db.auditEvent.count({ where: { resource: `webhook/${hook.id}`, type: 'webhook.tested' } })).toBe(3);
  });

  it('go after their days', async () => {
    const hook = await made(alice.token);
    const row = (at: Date, n: number) => ({ webhookId: hook.id, userId: alice.id, eventId: `old-${n}`, eventType: 'webhook.test', data: {}, state: 'delivered', createdAt: at });
    await api.deps.db.webhookDelivery.createMany({ data: [row(new Date(Date.now() - 31 * 86_400_000), 1), row(new Date(Date.now() - 29 * 86_400_000), 2)] });
    expect(await api.deps.db.$transaction((tx) => deleteOldDeliveries(tx, 100))).toBe(1);
    expect((await api.deps.db.webhookDelivery.findMany({ where: { webhookId: hook.id } })).map(({ eventId }) => eventId)).toEqual(['old-2']);
  });
});

describe('an administrator', () => {
  it('sees everybody\'s by host and owner, never the whole address, and switches one off so that its owner cannot switch it on', async () => {
    const hook = await made(alice.token);
    await api.call('POST', `/api/v1/webhooks/${hook.id}/test`, { as: alice.token });
    expect((await api.call('GET', '/api/v1/webhooks/everybody', { as: bob.token })).status).toBe(403);
    const listed = await api.call('GET', '/api/v1/webhooks/everybody?limit=200');
    expect(listed.text).not.toContain('team=7');
    expect((listed.body as SomebodysWebhookWire[]).find(({ id }) => id === hook.id)).toMatchObject({ host: 'hooks.example.org', is_active: true, owner: { id: alice.id } });
    const flip = (is_active: boolean, as?: string) => api.call('PUT', `/api/v1/webhooks/${hook.id}/switch`, { ...(as ? { as } : {}), json: { is_active } });
    expect((await flip(false, bob.token)).status).toBe(403);
    expect((await flip(false)).body).toMatchObject({ is_active: false, off_reason: 'administrator' });
    expect(await api.deps.db.webhookDelivery.count({ where: { webhookId: hook.id, state: 'stopped' } })).toBe(1);
    expect((await put(alice.token, hook)).body).toMatchObject({ code: 'Conflict', remedy: 'Ask an administrator to switch it on.', errors: [{ pointer: '#/is_active' }] });
    expect((await put(alice.token, hook, { is_active: false })).body).toMatchObject({ off_reason: 'administrator' });
    expect((await flip(true)).body).toMatchObject({ is_active: true, off_reason: null });
    expect((await api.deps.db.auditEvent.findMany({ where: { resource: `webhook/${hook.id}`, type: { in: ['webhook.switched_off', 'webhook.switched_on'] } }, orderBy: { sequence: 'asc' } })).map(({ type, data }) => [type, data])).toEqual([
      ['webhook.switched_off', { host: 'hooks.example.org', owner: alice.id }], ['webhook.switched_on', { host: 'hooks.example.org', owner: alice.id }],
    ]);
  });
});

it('metrics tell since when a message waits for a worker', async () => {
  const hook = await made(alice.token);
  await api.deps.db.webhookDelivery.deleteMany();
  const figure = async () => Number(/^webhook_oldest_due_seconds (\S+)$/m.exec((await api.call('GET', '/metrics')).text)?.[1] ?? Number.NaN);
  expect(await figure()).toBe(0);
  const row = (eventId: string, ms: number) => ({ webhookId: hook.id, userId: alice.id, eventId, eventType: 'webhook.test', data: {}, nextTryAt: new Date(Date.now() + ms) });
  await api.deps.db.webhookDelivery.createMany({ data: [row('later', 3_600_000), row('due', -400_000)] });
  expect(Math.round(await figure() / 100)).toBe(4);
});
