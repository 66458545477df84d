// What Temporal and a restored database disagree about: their states are of different moments.
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import type pg from 'pg';

/** Run ids of live executions. */
export interface Strays {
  /** the database has no such run: it began after the backup */
  unknown: string[];
  /** the database says that the run has ended: Temporal's state is older */
  ended: string[];
  /** went on after the backup: what it found and saved meanwhile is in no row, and a question that it asked is shown to nobody */
  ahead: string[];
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** A run's row ends a moment before its execution does. */
const SETTLED = "interval '1 minute'";
const { EVENT_TYPE_WORKFLOW_TASK_COMPLETED, EVENT_TYPE_ACTIVITY_TASK_COMPLETED } = proto.temporal.api.enums.v1.EventType;

/** On our queue alone: the namespace may be shared with others. */
export async function strayExecutions(client: Client, database: pg.ClientBase, taskQueue: string): Promise<Strays> {
  const strays: Strays = { unknown: [], ended: [], ahead: [] };
  const restored = await lastRestore(database);
  // Runs have ids of their own kind; Schedules and short helper workflows end by themselves.
  for await (const { workflowId: id } of client.workflow.list({ query: `ExecutionStatus = "Running" AND TaskQueue = "${taskQueue}"` })) {
    if (!UUID.test(id)) continue;
    const [run] = (await database.query<{ ended: boolean }>(`select completed_at is not null and completed_at < now() - ${SETTLED} as ended from runs where id = $1`, [id])).rows;
    if (!run) strays.unknown.push(id);
    else if (run.ended) strays.ended.push(id);
    else if (restored && (await workedWithin(client, id, restored))) strays.ahead.push(id);
  }
  return strays;
}

interface Lost { from: number; to: number }

/** The hours that are lost, ms: from the backup to the restore, which the audit log tells. */
async function lastRestore(database: pg.ClientBase): Promise<Lost | null> {
  const [row] = (await database.query<{ data: { taken_at: string }; at: Date }>("select data, at from audit_events where type = 'platform.restored' order by sequence desc limit 1")).rows;
  return row ? { from: Date.parse(row.data.taken_at), to: row.at.getTime() } : null;
}

/** Whether a worker did something for it in that time; a timer that ran out while none was there is no work. */
async function workedWithin(client: Client, workflowId: string, { from, to }: Lost): Promise<boolean> {
  for (let nextPageToken: Uint8Array | null | undefined; ;) {
    const page = await client.workflowService.getWorkflowExecutionHistoryReverse({ namespace: client.options.namespace, execution: { workflowId }, maximumPageSize: 50, ...(nextPageToken ? { nextPageToken } : {}) });
    for (const { eventTime, eventType } of page.history?.events ?? []) {
      const at = Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1e6;
      if (at <= from) return false;
      if (at <= to && (eventType === EVENT_TYPE_WORKFLOW_TASK_COMPLETED || eventType === EVENT_TYPE_ACTIVITY_TASK_COMPLETED)) return true;
    }
    nextPageToken = page.nextPageToken;
    if (!nextPageToken?.length) return false;
  }
}
