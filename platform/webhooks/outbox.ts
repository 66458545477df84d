import type { PoolClient } from 'pg';
import { APPROVER_ROLES, mayApprove } from '#contracts/governance';
import { TRIAL_ENDING } from '#contracts/own/trial';
import { ROLES } from '#contracts/permissions';
import type { NewRunEvent, RunEventType } from '#contracts/run-events';
import type { TerminalStatus } from '#contracts/runs';
import type { WebhookEvent } from '#contracts/webhooks';
import type { Transaction } from '../db.ts';
import { sha256Hex } from '../ids.ts';
import { queryIn, statement } from '../sql.ts';

/** Who appends a run event of these kinds writes with it, in the same commit, what people's endpoints are to be told. */
const TELLING: ReadonlySet<RunEventType> = new Set<RunEventType>(['run-end', 'gate-open', 'wait-start']);

/** As SQL reads it. `key` is the run event's; `roles` names whose endpoints are told: null = the run's owner, else everybody else with one of these. */
interface Telling { key: string; event_id: string; event_type: WebhookEvent; data: Record<string, string | number | null>; roles: string[] | null }
interface Keyed { key: string; event: NewRunEvent }

const ENDED: Record<TerminalStatus, WebhookEvent> = { completed: 'run.completed', failed: 'run.failed', timed_out: 'run.failed', cancelled: 'run.cancelled' };

export const tellsSomething = (entries: readonly Keyed[]): boolean => entries.some(({ event }) => TELLING.has(event.type) && of(event) !== null);

/** What these events tell. Ids and numbers only: titles, reasons and what people are shown are words of the run. The id comes from what
 * happened and not from who wrote it, so that a repeated finish, or a reset that asks again, tells nothing twice. */
export function tellings(runId: string, entries: readonly Keyed[]): Telling[] {
  return entries.flatMap(({ key, event }) => {
    const told = of(event);
    return told ? [{ key, event_id: `evt_${sha256Hex(`${runId}/${told.what}`).slice(0, 32)}`, event_type: told.type, data: told.data, roles: told.roles ?? null }] : [];
  });
}

function of(event: NewRunEvent): { what: string; type: WebhookEvent; data: Telling['data']; roles?: string[] } | null {
  switch (event.type) {
    case 'run-end': return { what: 'end', type: ENDED[event.data.status], data: {} };
    case 'gate-open': {
      const { gate_id, kind, until, role } = event.data;
      const gate = { what: `gate/${gate_id}`, data: { gate_id, until } };
      if (kind === 'question') return { ...gate, type: 'question.asked' };
      const needed = APPROVER_ROLES.find((name) => name === role);
      return { ...gate, type: 'approval.requested', roles: needed ? ROLES.filter((name) => mayApprove(name, needed)) : [] };
    }
    case 'wait-start': {
      const { reason, wait_id, until, budget } = event.data;
      return reason === 'budget' ? { what: `wait/${wait_id}`, type: 'budget.exhausted', data: { wait_id, until, limit_usd_micros: budget?.limit_usd_micros ?? null, used_usd_micros: budget?.used_usd_micros ?? null, needed_usd_micros: budget?.needed_usd_micros ?? null } } : null;
    }
    default: return null;
  }
}

/** The insert, as part of a statement. A step that is tried is watched by whoever tries it, and tells nobody. @param tellings  the parameter with them, JSON @param from  has one row with `id` (the run) when they are to be told */
export const insertTellings = (tellingsAt: string, from: string): string => `
  INSERT INTO webhook_deliveries (webhook_id, user_id, run_id, event_id, event_type, data, next_try_at, created_at)
  SELECT w.id, w.user_id, told.id, t.event_id, t.event_type, t.data, clock_timestamp(), clock_timestamp()
  FROM (${from}) told JOIN runs r ON r.id = told.id AND NOT r.workflow_slug LIKE '%${TRIAL_ENDING}' CROSS JOIN jsonb_to_recordset(${tellingsAt}::jsonb) AS t(event_id text, event_type text, data jsonb, roles text[])
  JOIN webhooks w ON w.is_active AND t.event_type = ANY(w.events) AND (w.user_id = r.user_id) = (t.roles IS NULL)
  JOIN users u ON u.id = w.user_id AND u.is_active AND (t.roles IS NULL OR u.role = ANY(t.roles))
  ON CONFLICT (webhook_id, event_id) DO NOTHING RETURNING webhook_id`;

const TELL = statement(insertTellings('$2', 'SELECT $1::uuid AS id'));

/** Writes what these events tell into the outbox of every endpoint that listens. In the transaction that stores the events. */
export async function tell(tx: Transaction | PoolClient, runId: string, entries: readonly Keyed[]): Promise<void> {
  const told = tellings(runId, entries);
  if (told.length > 0) await queryIn(tx, TELL, [runId, JSON.stringify(told)]);
}
