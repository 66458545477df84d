import type { NewRunEvent, RunEvent } from '#contracts/run-events';
import { EMPTY_RUN_VIEW, reduceRun, type RunView } from '#contracts/run-reducer';
import { isTerminal, type RunStatus } from '#contracts/runs';
import { Prisma } from '#prisma/client';
import type { Database, Transaction } from '../db.ts';

/** The channel on which every append is announced; the payload is `<run id>:<sequence>` and nothing else. */
export const RUN_EVENTS_CHANNEL = 'run_events';

export interface KeyedEvent {
  /** idempotency key of the writer: `<temporal run id>/<n>` from the workflow, `<activity id>/<attempt>/<n>` from an activity */
  key: string;
  event: NewRunEvent;
}

interface LockedRun { status: string; last_sequence: number; wait_reason: string | null; started: boolean }

/** Appends events under the run row's lock: sequences rise in commit order, a repeated key writes nothing, and the row's
 * status moves through the same reducer that the page uses, in the same transaction. After the end only artifacts and log
 * lines are taken.
 * @returns the run's last sequence, or null when the run does not exist (deleted) */
export async function appendRunEvents(tx: Transaction, runId: string, entries: readonly KeyedEvent[]): Promise<number | null> {
  const [run] = await tx.$queryRaw<LockedRun[]>`SELECT status, last_sequence, wait_reason, started_at IS NOT NULL AS started FROM runs WHERE id = ${runId}::uuid FOR UPDATE`;
  if (!run) return null;
  if (entries.length === 0) return run.last_sequence;
  const known = await tx.runEvent.findMany({ where: { runId, idempotencyKey: { in: entries.map((entry) => entry.key) } }, select: { idempotencyKey: true } });
  const seen = new Set(known.map((row) => row.idempotencyKey));
  const ended = isTerminal(run.status as RunStatus);
  const fresh = entries.filter(({ key, event }) => {
    if (seen.has(key) || (ended && event.type !== 'artifact-save' && event.type !== 'log-write')) return false;
    seen.add(key);
    return true;
  });
  if (fresh.length === 0) return run.last_sequence;

  const rows = fresh.map(({ key, event }, index) => ({
    runId, sequence: run.last_sequence + index + 1, idempotencyKey: key, type: event.type, stage: event.stage ?? null, step: event.step ?? null,
    ordinal: event.ordinal ?? null, attempt: event.attempt ?? null, data: event.data as unknown as Prisma.InputJsonValue,
  }));
  await tx.runEvent.createMany({ data: rows });
  const last = run.last_sequence + rows.length;
  await updateRow(tx, runId, run, fresh.map((entry) => entry.event), last);
  await tx.$executeRaw`SELECT pg_notify(${RUN_EVENTS_CHANNEL}, ${`${runId}:${last}`})`;
  return last;
}

/** Derives the row's columns from the new events alone: the status part of the reducer needs only status and wait reason. */
async function updateRow(tx: Transaction, runId: string, run: LockedRun, events: readonly NewRunEvent[], lastSequence: number): Promise<void> {
  let view: RunView = { ...EMPTY_RUN_VIEW, status: run.status as RunStatus, waitReason: run.wait_reason as RunView['waitReason'] };
  const now = new Date();
  let sequence = 0;
  for (const event of events) view = reduceRun(view, { ...event, runId, sequence: ++sequence, position: 0, at: now.toISOString() } as RunEvent);
  const { totals } = view;
  // Money: null (unknown price) stays null for ever; known costs add up from what the ledger bought.
  const cost = totals.completions === 0 ? undefined : totals.costUsdMicros === null ? null : BigInt(totals.costUsdMicros);
  await tx.run.update({
    where: { id: runId },
    data: {
      lastSequence, status: view.status, waitReason: view.waitReason,
      // A reset execution starts again; the run does not.
      ...(view.startedAt && !run.started ? { startedAt: now } : {}),
      ...(view.completedAt ? { completedAt: now, error: (view.error as unknown as Prisma.InputJsonValue) ?? Prisma.DbNull, headline: view.headline, capReached: view.capReached } : {}),
      ...(totals.completions > 0 ? { inputTokens: { increment: totals.inputTokens }, outputTokens: { increment: totals.outputTokens } } : {}),
      ...(cost === undefined ? {} : cost === null ? { costUsdMicros: null } : { costUsdMicros: { increment: cost } }),
    },
    select: { id: true },
  });
}

/** Reads events after a sequence, oldest first. @param limit at most 5,000 */
export async function listRunEvents(db: Database | Transaction, runId: string, afterSequence = 0, limit = 5000): Promise<RunEvent[]> {
  const rows = await db.runEvent.findMany({ where: { runId, sequence: { gt: afterSequence } }, orderBy: { sequence: 'asc' }, take: Math.min(limit, 5000) });
  return rows.map((row) => ({
    runId: row.runId, sequence: row.sequence, position: Number(row.position), type: row.type, stage: row.stage, step: row.step,
    ordinal: row.ordinal, attempt: row.attempt, data: row.data, at: row.at.toISOString(),
  }) as unknown as RunEvent);
}

/** Reads the whole log in windows; a finished run's log is bounded because text deltas are pruned. */
export async function allRunEvents(db: Database | Transaction, runId: string): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for (;;) {
    const window = await listRunEvents(db, runId, events.at(-1)?.sequence ?? 0);
    events.push(...window);
    if (window.length < 5000) return events;
  }
}

/** Removes the streamed text of one call once its final event holds the whole of it. */
export async function pruneTextDeltas(tx: Transaction, runId: string, site: { stage: string; step: string; ordinal: number }): Promise<void> {
  await tx.runEvent.deleteMany({ where: { runId, type: 'text-delta', ...site } });
}
