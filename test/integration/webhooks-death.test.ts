import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { uuidv7 } from '#platform/ids';
import { addWebhook, secretBinding } from '#platform/repositories/webhooks';
import { wakeWebhooks } from '#platform/webhooks/wake';
import { newWebhookSecret } from '#platform/webhooks/sign';
import { simulatorEnvironment, startEngine, type Engine } from '../support/engine.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { startProcess, type ProcessUnderTest } from '../support/worker-process.ts';

/** Real worker processes that are killed while they send. */
let engine: Engine;
let receiver: Receiver;
const workers: ProcessUnderTest[] = [];
beforeAll(async () => { [engine, receiver] = await Promise.all([startEngine(), startReceiver()]); });
afterEach(() => Promise.all(workers.splice(0).map((worker) => worker.kill())));
afterAll(async () => { await engine.close(); await receiver.close(); });

async function startWorker(taskQueue: string): Promise<ProcessUnderTest> {
  const { config } = engine;
  const worker = await startProcess('worker/main.ts', {
    AWP_HOME: config.home, DATABASE_URL: config.DATABASE_URL ?? '', TEMPORAL_ADDRESS: config.TEMPORAL_ADDRESS, AWP_MASTER_KEY: config.AWP_MASTER_KEY ?? '', LOG_LEVEL: 'warn', WORKER_TASK_QUEUE: taskQueue,
    AWP_ALLOWED_PRIVATE_HOSTS: receiver.host, ...simulatorEnvironment(engine.simulator.url),
  });
  workers.push(worker);
  return worker;
}

it('kill -9 while messages are under way: every message arrives, those that were cut a second time with the same id and signature', { timeout: 120_000 }, async () => {
  const taskQueue = `webhooks-${randomUUID()}`;
  const { db, runner: { deps }, userId } = engine;
  const [id, secretId, secret] = [uuidv7(), uuidv7(), newWebhookSecret()];
  await db.$transaction(async (tx) => addWebhook(tx, userId, id, { url: receiver.url, description: '', events: ['run.completed'] }, { id: secretId, stored: await deps.secrets.keeper.put(secret, secretBinding(userId, secretId)) }));
  const eventIds = Array.from({ length: 10 }, (_, n) => `evt_${n}`);
  await db.webhookDelivery.createMany({ data: eventIds.map((eventId) => ({ webhookId: id, userId, eventId, eventType: 'webhook.test', data: {}, nextTryAt: new Date() })) });
  receiver.answer = () => 'hang';
  const first = await startWorker(taskQueue);
  await wakeWebhooks({ ...deps, config: { WORKER_TASK_QUEUE: taskQueue } }, [id]);
  await receiver.until((messages) => messages.length === 4);
  await first.kill('SIGKILL');
  receiver.answer = () => 200;
  await startWorker(taskQueue);
  // What the dead one had taken is due again when its lease is over.
  await db.webhookDelivery.updateMany({ where: { webhookId: id, state: 'pending' }, data: { nextTryAt: new Date() } });
  await expect.poll(() => db.webhookDelivery.count({ where: { webhookId: id, state: 'delivered', tries: 1 } }), { timeout: 90_000, interval: 200 }).toBe(eventIds.length);
  const seen = Map.groupBy(receiver.messages, ({ event }) => event.id);
  expect([...seen.keys()].sort()).toEqual(eventIds);
  const counts = [...seen.values()].map((messages) => messages.length).sort();
  expect(counts).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2, 2]);
  for (const message of receiver.messages) receiver.verify(message, secret);
});
