import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { masterKeys } from '#platform/config';
import { createDataConverter } from '#platform/payloads/data-converter';
import { createPayloadEncryption } from '#platform/payloads/encryption';
import { openHistory } from '#platform/payloads/open-history';
import { createPayloadKeys } from '#platform/payloads/payload-keys';
import { retirePayloadKeys } from '#platform/repositories/payload-keys';
import { createKeyRing } from '#platform/secrets/key-ring';
import { anyFreePort } from '#scripts/launch/ports';
import { Service } from '#scripts/launch/service';
import { temporalBinary } from '#scripts/launch/temporal-binary';
import { temporalService } from '#scripts/launch/temporal-server';
import { workflowBundle } from '#worker/workflow-bundle';
import { startEngine, startRun, type Engine } from '../support/engine.ts';
import { WORKFLOW_BUNDLES } from '../support/folders.ts';

/** What Temporal keeps of a run: nothing that can be read without the master key. On a server of its own with its file on disk, so that
 * the bytes themselves can be searched. */
const CANARY = `canary-${randomUUID()}`;
const GOAL = `Build a small agent that calls tools; my code word is ${CANARY}`;
const home = mkdtempSync(path.join(tmpdir(), 'awp-codec-'));
let engine: Engine;
let temporal: Service;
let connection: Connection;
beforeAll(async () => {
  const { path: binary } = await temporalBinary(process.env, () => undefined);
  const port = await anyFreePort();
  temporal = new Service(temporalService({ binary, port, uiPort: null, databaseFile: path.join(home, 'temporal.db'), namespace: 'default', env: process.env }), home, { say: () => undefined, gaveUp: () => undefined });
  await temporal.start();
  connection = await Connection.connect({ address: `127.0.0.1:${port}` });
  engine = await startEngine({ TEMPORAL_ADDRESS: `127.0.0.1:${port}` });
});
afterEach(async () => { engine.simulator.reset(); await engine.db.providerHealth.deleteMany(); });
afterAll(async () => {
  await engine.close();
  await connection.close();
  await temporal.stop();
  rmSync(home, { recursive: true, force: true });
});

const encryption = () => createPayloadEncryption(createPayloadKeys(masterKeys(engine.config)), 'required');
/** Everything that the server has written to disk, its log of changes included. */
const stored = (): string => readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.db')).map((name) => readFileSync(path.join(home, name), 'latin1')).join('\n');
/** The history with every base64 payload opened, as anybody may who can read the server. */
const seenByServer = async (handle: WorkflowHandle): Promise<string> => historyToJSON(await handle.fetchHistory()).replaceAll(/"(?:data|[\w-]+)":\s*"([\w+/]+={0,2})"/g, (whole, base64: string) => `${whole}${Buffer.from(base64, 'base64').toString('utf8')}`);
const start = (client: Client) => startRun({ db: engine.db, config: engine.config, userId: engine.userId, taskQueue: engine.taskQueue, client }, { input: { learning_goal: GOAL } });
/** Waits until the worker has refused a task of this run. @returns its words and how many activities the run came to */
async function refusal(runId: string): Promise<{ words: string; activities: number }> {
  const handle = engine.runner.deps.temporal.workflow.getHandle(runId);
  await expect.poll(async () => (await handle.fetchHistory()).events?.some((event) => event.workflowTaskFailedEventAttributes), { timeout: 20_000 }).toBe(true);
  const json = await openHistory(await handle.fetchHistory(), { encode: (all) => Promise.resolve(all), decode: (all, context) => (context ? Promise.resolve(all) : encryption().decode(all)) }, runId);
  const { events } = JSON.parse(json) as { events: { workflowTaskFailedEventAttributes?: { failure: { message: string } }; activityTaskScheduledEventAttributes?: object }[] };
  return { words: events.find((event) => event.workflowTaskFailedEventAttributes)?.workflowTaskFailedEventAttributes?.failure.message ?? '', activities: events.filter((event) => event.activityTaskScheduledEventAttributes).length };
}

it('a word of the inputs, of an answer and of a failure is nowhere in what Temporal stores; the opened history has it and replays without a key', async () => {
  const plain = await new Client({ connection }).workflow.start('nobody', { taskQueue: 'nobody', workflowId: randomUUID(), args: ['control-word-of-this-test'] });
  engine.simulator.addFaults({ fault: { kind: 'text', text: `An answer with ${CANARY} in it.` }, nth: 3 });
  const good = await engine.start({ provider: 'openai', input: { learning_goal: GOAL } });
  expect((await engine.finished(good.runId)).status).toBe('completed');
  engine.simulator.reset();
  engine.simulator.addFaults({ fault: { kind: 'status', status: 400, body: { error: { message: `refused because of ${CANARY}` } } } });
  const bad = await engine.start({ provider: 'openai', input: { learning_goal: GOAL } });
  expect((await engine.finished(bad.runId)).status).toBe('failed');

  expect(stored()).toContain('control-word-of-this-test'); // the search sees what is there
  expect(stored()).not.toContain(CANARY);
  expect(stored()).not.toContain('learning_goal');
  for (const { handle } of [good, bad]) expect(await seenByServer(handle)).not.toContain(CANARY);
  await plain.terminate();

  const opened = await openHistory(await good.handle.fetchHistory(), encryption(), good.runId);
  expect(Buffer.concat([...opened.matchAll(/"data":\s*"([\w+/=]+)"/g)].map(([, data]) => Buffer.from(data as string, 'base64'))).toString()).toContain(CANARY);
  const outcomes = [];
  for await (const { error } of Worker.runReplayHistories({ workflowBundle: await workflowBundle(WORKFLOW_BUNDLES) }, [{ workflowId: good.runId, history: historyFromJSON(JSON.parse(opened)) }])) outcomes.push(error?.message ?? 'replayed');
  expect(outcomes).toEqual(['replayed']);
});

it('a run that somebody starts with plain text is refused before it does anything', async () => {
  const { runId, handle } = await start(new Client({ connection }));
  expect(await refusal(runId)).toEqual({ words: expect.stringContaining('not encrypted') as string, activities: 0 });
  await handle.terminate();
});

it('a payload that was changed in the store, or taken from another run, is refused', async () => {
  const sealed = encryption();
  const through = (change: (payload: Payload) => Payload): PayloadCodec => ({ encode: async (payloads, context) => (await sealed.encode(payloads, context)).map(change), decode: (payloads) => Promise.resolve(payloads) });
  const flipped = await start(new Client({ connection, dataConverter: { payloadCodecs: [through((payload) => { const data = Uint8Array.from(payload.data ?? []); data[20] = (data[20] as number) ^ 1; return { ...payload, data }; })] } }));
  expect((await refusal(flipped.runId)).words).toContain('changed after it was written');
  const foreign = await start(new Client({ connection, dataConverter: { payloadCodecs: [{ encode: (payloads) => sealed.encode(payloads, { type: 'workflow', namespace: 'default', workflowId: flipped.runId }), decode: (payloads) => Promise.resolve(payloads) }] } }));
  expect((await refusal(foreign.runId)).words).toContain('another execution');
  for (const { handle } of [flipped, foreign]) await handle.terminate();
});

it('while histories migrate, a run from before the codec goes on to its end', async () => {
  const migrating = await startEngine({ AWP_PAYLOAD_ENCRYPTION: 'migrating', TEMPORAL_ADDRESS: engine.config.TEMPORAL_ADDRESS });
  try {
    const { runId } = await startRun({ db: migrating.db, config: migrating.config, userId: migrating.userId, taskQueue: migrating.taskQueue, client: new Client({ connection }) }, {});
    expect((await migrating.finished(runId)).status).toBe('completed');
  } finally {
    await migrating.close();
  }
});

it('the master key changes in the middle of a run; it goes on, and the old master key is needed nowhere', async () => {
  const { runId } = await engine.start({ mode: 'full_run', provider: 'openai', caps: { costUsdMicros: 18_000 }, fullCaps: { costUsdMicros: 18_000 }, timings: { budgetWaitMs: 60_000 } });
  await engine.until(runId, (view) => view.status === 'waiting');
  await engine.stopWorker();
  const [old, next] = [...masterKeys(engine.config), randomBytes(32)] as [Buffer, Buffer];
  expect(await retirePayloadKeys(engine.db, createKeyRing([next, old]), [old])).toEqual({ kept: 1, unreadable: 0 });
  expect(JSON.stringify(await engine.db.retiredPayloadKey.findMany())).not.toContain(old.toString('base64'));
  engine.config.AWP_MASTER_KEY = next.toString('base64');
  await engine.startWorker();
  const api = new Client({ connection, dataConverter: createDataConverter(engine.runner.deps.storage, createPayloadKeys([next]), engine.config, { onUnstorable: 'throw' }) });
  await api.workflow.getHandle(runId).executeUpdate('raiseBudgetUpdate', { args: [{ decisionId: 'raised', waitId: 'budget-1', costUsdMicros: 1_000_000, by: 'Test' }] });
  await expect.poll(async () => (await engine.view(runId)).status, { timeout: 30_000 }).toBe('completed');
  // A second change wraps what was kept by the key of that day.
  const third = randomBytes(32);
  expect(await retirePayloadKeys(engine.db, createKeyRing([third, next]), [next])).toEqual({ kept: 2, unreadable: 0 });
  expect(await retirePayloadKeys(engine.db, createKeyRing([randomBytes(32)]), [])).toEqual({ kept: 0, unreadable: 2 });
});
