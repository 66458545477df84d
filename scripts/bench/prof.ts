import { Client, Connection } from '@temporalio/client';
import { loadConfig, masterKeys } from '#platform/config';
import { createDataConverter } from '#platform/payloads/data-converter';
import { createPayloadKeys } from '#platform/payloads/payload-keys';
import { openArtifactStorage } from '#platform/storage/artifact-storage';
import { createChecklist } from '../checklist.mjs';
import { ended } from './bench.ts';
import { randomUUID } from 'node:crypto';
import { modelCallsOnly, planOf } from './bare/plan.ts';
import { BARE_TASK_QUEUE, startBareWorker } from './bare/worker.ts';
import { ApiClient, SimulatorControl } from './client.ts';
import { cpuOf } from './memory.ts';
import { localKeys } from '../launch/keys.ts';
import { BenchStack } from './stack.ts';
const checklist = createChecklist();
const stack = new BenchStack(process.env, checklist);
if (process.env.PROF) stack.env.NODE_OPTIONS = `--cpu-prof --cpu-prof-dir=${process.env.PROF}`;
try {
  await stack.start();
  const connection = await Connection.connect({ address: stack.addresses.temporalAddress });
  const config = loadConfig({ AWP_HOME: stack.home, AWP_MASTER_KEY: localKeys(stack.home).masterKey, ARTIFACTS_URL: `file:${stack.home}/artifacts` });
  const dataConverter = createDataConverter(openArtifactStorage(config), createPayloadKeys(masterKeys(config)), config, { onUnstorable: 'throw' });
  const temporal = new Client({ connection, dataConverter });
  const api = new ApiClient(stack); const sim = new SimulatorControl(stack);
  await sim.delay(0);
  const N = 20, R = Number(process.env.ROUNDS ?? 3);
  const first = await api.startRun('full_run'); await ended({ temporal }, first);
  const batches = await planOf(api, first, await sim.requests());
  const bare = await startBareWorker(stack);
  for (const [name, plan] of [['calls', modelCallsOnly(batches)], ['work', batches]] as const) for (let r = 0; r <= R; r++) {
    const before = cpuOf(stack.pids()); const own = process.cpuUsage(); const t = performance.now();
    await Promise.all(Array.from({ length: N }, () => new Client({ connection }).workflow.execute('bareLoop', { taskQueue: BARE_TASK_QUEUE, workflowId: `bare-${randomUUID()}`, args: [plan, 3] })));
    const used = process.cpuUsage(own); const after = cpuOf(stack.pids());
    console.log(name, r, (performance.now() - t).toFixed(0), 'ms wall;', [...after].map(([n, s]) => `${n} ${((s - before.get(n)!) * 1000 / N).toFixed(0)}`).join(' '), 'own', ((used.user + used.system) / 1000 / N).toFixed(0), 'cpu ms a run');
  }
  await bare.stop();
  for (let r = 0; r <= R; r++) {
    const before = cpuOf(stack.pids()); const t = performance.now();
    await Promise.all(Array.from({ length: N }, async () => ended({ temporal }, await api.startRun('full_run'))));
    const ms = performance.now() - t; const after = cpuOf(stack.pids());
    console.log(r, ms.toFixed(0), 'ms wall;', [...after].map(([n, s]) => `${n} ${((s - before.get(n)!) * 1000 / N).toFixed(0)}`).join(' '), 'cpu ms a run');
  }
  const run = await api.startRun('full_run'); await ended({ temporal }, run);
  const { historyLength, historySize } = await temporal.workflow.getHandle(run).describe();
  console.log('history', historyLength, historySize, 'events', (await api.events(run)).length);
  const h = await temporal.workflow.getHandle(run).fetchHistory();
  const sizes = new Map<string, number>(); for (const e of h.events ?? []) { const k = Object.keys(e).find((x) => x.endsWith('Attributes') && (e as any)[x]) ?? '?'; sizes.set(k, (sizes.get(k) ?? 0) + JSON.stringify(e).length); } console.log('sizes', JSON.stringify([...sizes]));
  const kinds = new Map<string, number>();
  for (const e of h.events ?? []) { const k = Object.keys(e).find((x) => x.endsWith('Attributes') && (e as any)[x]) ?? '?'; kinds.set(k, (kinds.get(k) ?? 0) + 1); }
  console.log(JSON.stringify([...kinds]));
  console.log((h.events ?? []).filter((e) => e.activityTaskScheduledEventAttributes).map((e) => e.activityTaskScheduledEventAttributes!.activityType!.name + ' ' + e.activityTaskScheduledEventAttributes!.activityId).join('\n'));
  console.log(JSON.stringify((h.events ?? []).filter((e) => e.markerRecordedEventAttributes).slice(0,3).map((e)=>e.markerRecordedEventAttributes?.markerName)));
} finally { await stack.stop(); process.exit(0); }
