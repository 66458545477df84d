import { randomUUID } from 'node:crypto';
import { Connection, type WorkflowHandle } from '@temporalio/client';
import { afterEach, expect, it } from 'vitest';
import { DECIDE_GATE_UPDATE, type DecideGate } from '#contracts/governance';
import { makeCurrent } from '#worker/versioning';
import { startEngine, type Engine } from '../support/engine.ts';
import { temporalAddress } from '../support/servers.ts';

/** Two builds of the workers, and a run that waits for a person while one is deployed over the other. */
let engine: Engine;
let connection: Connection;
afterEach(async () => { await connection.close(); await engine.close(); });

async function firstBuild(behaviour: 'pinned' | 'auto_upgrade'): Promise<void> {
  engine = await startEngine({ WORKER_VERSIONING: behaviour, WORKER_DEPLOYMENT: `deployment-${randomUUID()}`, WORKER_BUILD_ID: 'one' });
  connection = await Connection.connect({ address: temporalAddress() });
  await makeCurrent(connection, 'default', engine.config);
}
async function secondBuild(): Promise<void> {
  engine.config.WORKER_BUILD_ID = 'two';
  await engine.startWorker();
  await makeCurrent(connection, 'default', engine.config);
}
const waiting = async () => {
  const { runId, handle } = await engine.start({ mode: 'full_run', request: { fullApproval: { approvers: 1, role: 'admin' } } });
  const view = await engine.until(runId, (seen) => seen.status === 'waiting' && seen.gates.length === 1, 60_000);
  return { runId, handle, shownHash: view.gates[0]?.shownHash ?? '' };
};
const approve = (handle: WorkflowHandle, shownHash: string) => handle.executeUpdate<unknown, [DecideGate]>(DECIDE_GATE_UPDATE, { args: [{ decisionId: randomUUID(), gateId: 'full.full-run', shownHash, by: { id: randomUUID(), name: 'Approver' }, decision: 'approve', reason: null }] });
const buildsOf = async (handle: WorkflowHandle) => [...new Set(((await handle.fetchHistory()).events ?? []).flatMap((event) => event.workflowTaskCompletedEventAttributes?.deploymentVersion?.buildId ?? []))];

it('pinned: a run that waits ends on the build that began it, new runs go to the new one', async () => {
  await firstBuild('pinned');
  const { runId, handle, shownHash } = await waiting();
  await secondBuild();
  const fresh = await engine.start();
  expect((await engine.finished(fresh.runId)).status).toBe('completed');
  await approve(handle, shownHash);
  expect((await engine.finished(runId)).status).toBe('completed');
  expect([await buildsOf(handle), await buildsOf(fresh.handle)]).toEqual([['one'], ['two']]);
});

it('auto_upgrade: it goes on on the new build, also when the old one is gone', async () => {
  await firstBuild('auto_upgrade');
  const { runId, handle, shownHash } = await waiting();
  await secondBuild();
  await engine.stopWorker();
  await approve(handle, shownHash);
  expect((await engine.finished(runId)).status).toBe('completed');
  expect(await buildsOf(handle)).toEqual(['one', 'two']);
});
