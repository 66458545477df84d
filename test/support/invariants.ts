import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { EMPTY_RUN_VIEW, reduceRun, type RunView } from '#contracts/run-reducer';
import { canMove, isTerminal } from '#contracts/runs';
import { verifyAuditChain } from '#platform/repositories/audit';
import { allRunEvents } from '#platform/repositories/run-events';
import type { Engine } from './engine.ts';
import { historySize } from './history.ts';

export interface Planted { /** a key that may be nowhere but encrypted in its row */ canary: string; /** what the processes printed */ logs: string }

/** What holds after every fault, whatever the fault was. One sentence of docs/guarantees.md each. */
export async function assertInvariants(engine: Engine, planted?: Planted): Promise<void> {
  const runs = await engine.db.run.findMany({ where: { userId: engine.userId } });
  expect(runs.length).toBeGreaterThan(0);
  for (const run of runs) {
    expect(isTerminal(run.status as RunView['status']), `accepted run ${run.id} is ${run.status}`).toBe(true);
    await oneExecution(engine, run.id);
    await oneWayLog(engine, run);
    await ledgerAgrees(engine, run);
    await filesMatch(engine, run.id);
  }
  expect((await verifyAuditChain(engine.db)).brokenAt).toBeNull();
  if (planted) await secretNowhere(engine, planted, runs.map((run) => run.id));
}

async function oneExecution(engine: Engine, runId: string): Promise<void> {
  const events = await allRunEvents(engine.db, runId);
  const started = new Set(events.flatMap((event) => (event.type === 'run-start' ? [event.data.temporal_run_id] : [])));
  const description = await engine.runner.deps.temporal.workflow.getHandle(runId).describe();
  expect([...started].every((id) => id === description.runId), `run ${runId} was executed as ${[...started].join(', ')}`).toBe(true);
}

/** Sequences rise without a duplicate or a gap but for pruned text; status moves along legal edges and equals the row's. */
async function oneWayLog(engine: Engine, run: { id: string; status: string; lastSequence: number }): Promise<void> {
  const events = await allRunEvents(engine.db, run.id);
  let view: RunView = EMPTY_RUN_VIEW;
  for (const event of events) {
    expect(event.sequence).toBeGreaterThan(view.lastSequence);
    const next = reduceRun(view, event);
    expect(next.status === view.status || canMove(view.status, next.status), `${view.status} → ${next.status}`).toBe(true);
    view = next;
  }
  expect([view.status, view.lastSequence]).toEqual([run.status, run.lastSequence]);
  expect(new Set(events.map((event) => event.position)).size).toBe(events.length);
  expect(events.filter((event) => event.type === 'run-end')).toHaveLength(1);
}

/** One row a call, no try left open, and list, log and ledger tell the same sums. */
async function ledgerAgrees(engine: Engine, run: { id: string; inputTokens: number; outputTokens: number; costUsdMicros: bigint | null }): Promise<void> {
  const calls = await engine.db.completion.findMany({ where: { runId: run.id }, include: { attempts: true } });
  expect(new Set(calls.map((call) => [call.stage, call.step, call.ordinal, call.requestDigest].join('/'))).size).toBe(calls.length);
  const done = calls.filter((call) => call.state === 'done');
  for (const call of done) expect(call.attempts.filter((attempt) => attempt.state === 'done')).toHaveLength(1);
  const { totals } = await engine.view(run.id);
  const sum = (of: (call: (typeof calls)[number]) => number) => done.reduce((total, call) => total + of(call), 0);
  expect([run.inputTokens, run.outputTokens]).toEqual([sum((call) => call.inputTokens ?? 0), sum((call) => call.outputTokens ?? 0)]);
  expect([totals.inputTokens, totals.outputTokens, totals.costUsdMicros]).toEqual([run.inputTokens, run.outputTokens, run.costUsdMicros === null ? null : Number(run.costUsdMicros)]);
  expect(calls.flatMap((call) => call.attempts).filter((attempt) => attempt.state === 'in_flight')).toEqual([]);
  expect(totals.possiblyBilled).toBe(calls.flatMap((call) => call.attempts).filter((attempt) => attempt.state === 'possibly_billed').length);
  if (run.costUsdMicros !== null) expect(Number(run.costUsdMicros)).toBe(sum((call) => Number(call.costUsdMicros ?? 0)));
}

async function filesMatch(engine: Engine, runId: string): Promise<void> {
  const rows = await engine.db.artifact.findMany({ where: { runId, expiredAt: null } });
  expect(new Set(rows.map((row) => row.fileName)).size).toBe(rows.length);
  for (const row of rows) {
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of (await engine.runner.deps.storage.get(row.storageKey)).stream) {
      hash.update(chunk as Buffer);
      size += (chunk as Buffer).length;
    }
    expect([row.fileName, size, hash.digest('hex')]).toEqual([row.fileName, Number(row.fileSizeBytes), row.sha256]);
  }
}

/** The key that ran through all this is in no table, history, log or file. */
async function secretNowhere(engine: Engine, { canary, logs }: Planted, runIds: readonly string[]): Promise<void> {
  const found: string[] = [];
  const tables = await engine.db.$queryRaw<{ name: string }[]>`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`;
  for (const { name } of tables) {
    const [row] = await engine.db.$queryRawUnsafe<{ hits: bigint }[]>(`SELECT count(*) AS hits FROM "${name}" AS row WHERE to_jsonb(row)::text LIKE $1`, `%${canary}%`);
    if (Number(row?.hits) > 0) found.push(`table ${name}`);
  }
  for (const runId of runIds) if ((await historySize(engine.runner.deps.temporal.workflow.getHandle(runId))).text.includes(canary)) found.push(`history of ${runId}`);
  if (logs.includes(canary)) found.push('the logs');
  const home = path.join(engine.config.home, 'artifacts');
  for (const entry of await readdir(home, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (entry.isFile() && (await readFile(path.join(entry.parentPath, entry.name))).includes(canary)) found.push(path.join(entry.parentPath, entry.name));
  }
  expect(found).toEqual([]);
}
