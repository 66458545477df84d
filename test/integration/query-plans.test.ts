import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TERMINAL_STATUSES } from '#contracts/runs';
import { uuidv7 } from '#platform/ids';
import { listInvitations } from '#platform/repositories/account-links';
import { listApiTokens } from '#platform/repositories/api-tokens';
import { appendEvents } from '#platform/repositories/append-events';
import { findGate, listDecidable } from '#platform/repositories/approvals';
import { artifactsOfRun, findArtifact, listArtifacts } from '#platform/repositories/artifact-queries';
import { listAudit } from '#platform/repositories/audit';
import { findFreshEvidence, evidenceOfRun } from '#platform/repositories/evidence';
import { forksOfRun } from '#platform/repositories/fork-answers';
import { ledgerOfRun } from '#platform/repositories/ledger-queries';
import { numberedPageFrom, pageFrom } from '#platform/repositories/paging';
import { listVersions } from '#platform/repositories/own-workflows';
import { pastStageUse } from '#platform/repositories/past-runs';
import { openNewCall } from '#platform/repositories/quick-calls';
import { deleteExpiredRows, dueArtifacts } from '#platform/repositories/retention';
import { pendingDecisions } from '#platform/repositories/run-decisions';
import { countLiveRuns, usedOf } from '#platform/repositories/budgets';
import { openTries } from '#platform/repositories/completions';
import { listRunEvents, pruneTextDeltas, toolResultsOf } from '#platform/repositories/run-events';
import { deleteEndedRun, evidenceSubjectOfRun, findRun, findRunDetail, findRunRequest, listRuns, liveRuns, requestCancel } from '#platform/repositories/run-queries';
import { listSessions } from '#platform/repositories/sessions';
import { deleteOldDeliveries, findDelivery, listDeliveries, nextDueMs, oldestDueSeconds, overdueWebhooks, settleTry, takeDue, waitingForRun } from '#platform/repositories/webhook-deliveries';
import { switchWebhook } from '#platform/repositories/webhooks';
import { closeRun } from '#platform/repositories/close-run';
import { unendedRuns } from '#platform/repositories/unended-runs';
import { recentSpend, usageOf } from '#platform/repositories/usage';
import { openTestRows, type TestRows } from '../support/rows.ts';
import { asOwner } from '../support/servers.ts';

/** Tables that grow with every run: none of them may be read from end to end for one person's page or one step of a run. */
const GROWING = ['runs', 'run_events', 'completions', 'completion_attempts', 'artifacts', 'approvals', 'run_decisions', 'evidence', 'idempotency_keys', 'deleted_spend', 'audit_events', 'sessions', 'api_tokens', 'account_links', 'workflow_versions', 'webhook_deliveries'];
const USERS = 100;
const RUNS = 8_000;

let rows: TestRows;
let userId: string;
let runId: string;
let webhookId: string;
const seen: { text: string; values: unknown[] }[] = [];
const { query: ask } = pg.Client.prototype;

beforeAll(async () => {
  rows = await openTestRows();
  const example = await rows.run();
  const { workflowVersionId } = await rows.db.run.findUniqueOrThrow({ where: { id: example } });
  await fill(workflowVersionId);
  ({ id: runId, userId } = await rows.db.run.findFirstOrThrow({ where: { status: 'running', id: { not: example } } }));
  ({ id: webhookId } = await rows.db.webhook.findFirstOrThrow({ where: { userId } }));
  pg.Client.prototype.query = function remember(this: pg.Client, ...args: unknown[]) {
    const [first, second] = args as [{ text: string; values?: unknown[] } | string, unknown[] | undefined];
    if (typeof first === 'object' && 'text' in first) seen.push({ text: first.text, values: first.values ?? (Array.isArray(second) ? second : []) });
    else if (typeof first === 'string') seen.push({ text: first, values: Array.isArray(second) ? second : [] });
    return (ask as (...all: unknown[]) => unknown).apply(this, args);
  } as typeof ask;
});
afterAll(async () => {
  pg.Client.prototype.query = ask;
  await rows.close();
});

/** As after a few months: most runs have ended, a handful is under way. */
async function fill(versionId: string): Promise<void> {
  await rows.db.$executeRaw`INSERT INTO users (id, name, email) SELECT gen_random_uuid(), 'u' || n, 'u' || n || '@example.test' FROM generate_series(1, ${USERS}::int) n`;
  await rows.db.$executeRaw`
    WITH people AS (SELECT id, row_number() OVER () AS n FROM users)
    INSERT INTO runs (id, user_id, workflow_version_id, workflow_slug, workflow_type, persona, inputs, input_digest, run_mode, provider, model, request, status, created_at, completed_at)
    SELECT gen_random_uuid(), people.id, ${versionId}::uuid, 'learn_agentic_ai', 'learnAgenticAi', 'student', '{}', 'd' || k % 50, 'test_run', 'openai', 'gpt-4o-mini', '{}', CASE WHEN k % 500 = 0 THEN 'running' ELSE 'completed' END, now() - k * interval '3 minutes', now()
    FROM generate_series(1, ${RUNS}::int) k JOIN people ON people.n = 1 + k % ${USERS}::int`;
  await rows.db.$executeRaw`
    INSERT INTO run_events (run_id, sequence, idempotency_key, type, stage, step, ordinal, data)
    SELECT id, s + 1, 'k' || s, CASE WHEN s % 5 = 0 THEN 'tool-result' ELSE 'log-write' END, 'test', 'notes', 1, '{}' FROM runs, generate_series(1, 6) s WHERE workflow_slug = 'learn_agentic_ai'`;
  await rows.db.$executeRaw`UPDATE runs SET last_sequence = 7`;
  await rows.db.$executeRaw`
    INSERT INTO completions (id, run_id, user_id, stage, step, ordinal, request_digest, provider, model, state, request, max_output_tokens, input_tokens, output_tokens, cost_usd_micros, created_at, completed_at)
    SELECT gen_random_uuid(), id, user_id, 'test', 'notes', o, 'r' || o, provider, model, 'done', '{}', 100, 10, 10, 5, created_at, created_at FROM runs, generate_series(1, 2) o`;
  await rows.db.$executeRaw`INSERT INTO completion_attempts (id, completion_id, attempt, state) SELECT gen_random_uuid(), id, 1, 'done' FROM completions`;
  await rows.db.$executeRaw`
    INSERT INTO artifacts (id, run_id, user_id, artifact_type, file_name, storage_key, file_size_bytes, mime_type, sha256, expires_at, created_at)
    SELECT gen_random_uuid(), id, user_id, 'notes', 'f' || o || '.md', id || '/f' || o, 10, 'text/markdown', 'x', now() + interval '30 days', created_at FROM runs, generate_series(1, 2) o`;
  await rows.db.$executeRaw`
    INSERT INTO approvals (id, run_id, user_id, gate_id, kind, title, shown, shown_hash, approvers, state, expires_at)
    SELECT gen_random_uuid(), id, user_id, 'g', 'approval', 't', '{}', 'h', 1, CASE WHEN status = 'running' THEN 'open' ELSE 'approved' END, now() + interval '1 day' FROM runs`;
  await rows.db.$executeRaw`INSERT INTO run_decisions (id, run_id, wait_id, decided_by, update_name, payload, state) SELECT gen_random_uuid(), id, 'w', user_id, 'approve', '{}', 'delivered' FROM runs`;
  await rows.db.$executeRaw`
    INSERT INTO evidence (id, run_id, user_id, stage, workflow_slug, workflow_version, definition_hash, input_digest, provider, model, simulated, outcome, record, key_id, signature, tested_at)
    SELECT gen_random_uuid(), id, user_id, 'test', workflow_slug, 1, 'test', input_digest, provider, model, false, 'passed', '{}', 'k', 's', created_at FROM runs`;
  await rows.db.$executeRaw`INSERT INTO idempotency_keys (user_id, key, operation, request_digest, expires_at) SELECT user_id, id::text, 'post-run', 'd', now() + interval '1 day' FROM runs`;
  await rows.db.$executeRaw`
    INSERT INTO deleted_spend (user_id, day, workflow_slug, provider, model, started, runs, calls, unpriced_calls, input_tokens, output_tokens, cost_usd_micros, possibly_billed_usd_micros)
    SELECT id, (now() - d * interval '1 day')::date, 'learn_agentic_ai', 'openai', 'gpt-4o-mini', 1, 1, 2, 0, 20, 20, 10, 0 FROM users, generate_series(0, 300) d`;
  await rows.db.$executeRaw`
    INSERT INTO audit_events (id, type, subject, actor_kind, resource, outcome, data, previous_hash, hash, at)
    SELECT gen_random_uuid(), (ARRAY['run.queued', 'secret.read', 'run.completed', 'session.created', 'access.denied'])[1 + k % 5], user_id::text, 'session', 'run/' || id, CASE WHEN k % 5 = 4 THEN 'denied' ELSE 'success' END, '{}', 'h', 'h', created_at
    FROM runs, generate_series(1, 5) k ORDER BY created_at`;
  await rows.db.$executeRaw`INSERT INTO sessions (id, user_id, token, expires_at, created_at) SELECT gen_random_uuid(), id, id || '/' || k, now() + interval '12 hours', now() - k * interval '1 minute' FROM users, generate_series(1, 40) k`;
  await rows.db.$executeRaw`INSERT INTO api_tokens (id, user_id, name, public_id, secret_hash, revoked_at, created_at) SELECT gen_random_uuid(), id, 't', id || '/' || k, 'h', CASE WHEN k > 20 THEN now() END, now() - k * interval '1 day' FROM users, generate_series(1, 100) k`;
  await rows.db.$executeRaw`INSERT INTO account_links (id, kind, token_hash, email, expires_at, created_at) SELECT gen_random_uuid(), CASE WHEN k % 10 = 0 THEN 'invitation' ELSE 'password_reset' END, 't' || k, 'a@example.test', now(), now() - k * interval '1 hour' FROM generate_series(1, 5000) k`;
  await rows.db.$executeRaw`INSERT INTO workflows (id, slug, kind, name, description, difficulty, estimated_seconds, current_version) SELECT gen_random_uuid(), 'w' || k, 'own', 'w', '', 'beginner', 60, 100 FROM generate_series(1, 50) k`;
  await rows.db.$executeRaw`INSERT INTO workflow_versions (id, workflow_id, version, content_hash, definition) SELECT gen_random_uuid(), id, k, 'h' || k, '{}' FROM workflows, generate_series(1, 100) k WHERE kind = 'own'`;
  await rows.db.$executeRaw`INSERT INTO webhooks (id, user_id, url, events) SELECT gen_random_uuid(), id, 'https://hooks.example.org/', '{run.completed,approval.requested}' FROM users`;
  await rows.db.$executeRaw`
    INSERT INTO webhook_deliveries (webhook_id, user_id, run_id, event_id, event_type, data, state, next_try_at, created_at)
    SELECT w.id, w.user_id, r.id, 'evt_' || r.id, 'run.completed', '{}', CASE WHEN r.status = 'running' THEN 'pending' ELSE 'delivered' END, CASE WHEN r.status = 'running' THEN now() END, r.created_at FROM runs r JOIN webhooks w ON w.user_id = r.user_id`;
  // The product's role owns no table, and ANALYZE passes over what is not one's own.
  await asOwner(rows.url, (client) => client.query('ANALYZE'));
}

interface Plan { 'Node Type': string; 'Relation Name'?: string; 'Index Name'?: string; Plans?: Plan[] }
interface Explained { 'QUERY PLAN': [{ Plan: Plan }] }
const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];

/** The growing tables that PostgreSQL would read whole for what `work` asks. Planned, not run again: for these values, and for any, as the
 * worker has its statements planned (platform/db.ts). */
async function wholeReads(work: () => Promise<unknown>, asks: 'any process' | 'the API' = 'any process'): Promise<string[]> {
  seen.length = 0;
  await work();
  const asked = seen.filter(({ text }) => /^\s*(select|with|insert|update|delete)/i.test(text));
  expect(asked.length, 'statements seen').toBeGreaterThan(0);
  const found: string[] = [];
  const client = await rows.pool.connect();
  try {
    for (const { text, values } of asked) {
      const plans = [await client.query<Explained>(`EXPLAIN (FORMAT JSON) ${text}`, values)];
      if (asks === 'any process') plans.push(await client.query<Explained>(`EXPLAIN (FORMAT JSON, GENERIC_PLAN) ${text}`));
      for (const node of plans.flatMap(({ rows: [row] }) => nodes(row?.['QUERY PLAN'][0].Plan as Plan))) if (node['Node Type'] === 'Seq Scan' && GROWING.includes(node['Relation Name'] ?? '')) found.push(`${node['Relation Name']} in: ${text.replaceAll(/\s+/g, ' ').trim().slice(0, 160)}`);
    }
  } finally {
    client.release();
  }
  return found;
}

const page = pageFrom({ limit: 50 });
const numbered = numberedPageFrom({ limit: 50 });
const reads: [what: string, work: () => Promise<unknown>, asks?: 'the API'][] = [
  ['one run', () => findRun(rows.db, userId, runId)],
  ['a run with its files and forks', () => findRunDetail(rows.db, userId, runId)],
  ['my runs', () => listRuns(rows.db, userId, {}, page)],
  ['my runs of a workflow that failed', () => listRuns(rows.db, userId, { workflow: 'learn_agentic_ai', status: 'failed', runMode: 'test_run', provider: 'openai' }, page)],
  ['my runs with words', () => listRuns(rows.db, userId, { search: 'agent' }, page)],
  ['how many of mine are live', () => countLiveRuns(rows.db, userId)],
  ['how many of everybody are live, at each scrape', () => liveRuns(rows.db)],
  ['what I spent', () => usedOf(rows.db, { scope: 'user', period: 'day', metric: 'cost' }, userId)],
  ['how many I started', () => usedOf(rows.db, { scope: 'user', period: 'month', metric: 'runs' }, userId)],
  ['how many all started today', () => usedOf(rows.db, { scope: 'workspace', period: 'day', metric: 'runs' }, userId)],
  ['my usage', () => usageOf(rows.db, { groupBy: 'model', from: new Date(Date.now() - 86_400_000), until: new Date(), userId }), 'the API'],
  ['my money of these days', () => recentSpend(rows.db, userId, new Date())],
  ['what Temporal is given', () => findRunRequest(rows.db, userId, runId)],
  ['events of a run after a sequence', () => listRunEvents(rows.db, runId, 3)],
  ['what tools brought in', () => toolResultsOf(rows.db, runId)],
  ['files of a run', () => artifactsOfRun(rows.db, userId, runId)],
  ['my files', () => listArtifacts(rows.db, userId, {}, page)],
  ['one file', () => findArtifact(rows.db, userId, uuidv7())],
  ['the ledger of a run', () => ledgerOfRun(rows.db, userId, runId)],
  ['tries of a run that are in flight', () => openTries(rows.db, runId)],
  ['forks of a run', () => forksOfRun(rows.db, userId, runId)],
  ['evidence of a run', () => evidenceOfRun(rows.db, userId, runId)],
  ['evidence that is fresh', async () => {
    const subject = await evidenceSubjectOfRun(rows.db, runId);
    if (!subject) throw new Error('no such run');
    return findFreshEvidence(rows.db, { verify: () => false }, subject, 24);
  }],
  ['what I am asked', () => listDecidable(rows.db, { userId, role: 'admin' }, page), 'the API'],
  ['one gate', () => findGate(rows.db, { userId, role: 'admin' }, runId, 'g')],
  ['decisions that were not delivered', () => pendingDecisions(rows.db, 1000, 50)],
  ['the next page of them', () => pendingDecisions(rows.db, 1000, 50, { createdAt: new Date(0), id: uuidv7() })],
  ['runs that have not ended', () => unendedRuns(rows.db, 10_000, 200, null)],
  ['the next page of those', () => unendedRuns(rows.db, 10_000, 200, { createdAt: new Date(0).toISOString(), id: uuidv7() })],
  ['files whose days are over', () => dueArtifacts(rows.db, 100)],
  ['my sessions', () => listSessions(rows.db, userId, page), 'the API'],
  ['my tokens', () => listApiTokens(rows.db, userId, page)],
  ['invitations', () => listInvitations(rows.db, page), 'the API'],
  ['versions of a workflow', async () => listVersions(rows.db, (await rows.db.workflow.findFirstOrThrow({ where: { slug: 'w7' } })).id, null, numbered)],
  ['the next page of what one person did', () => listAudit(rows.db, { subject: userId }, { ...numbered, before: 30_000n }), 'the API'],
  ['all that was refused', () => listAudit(rows.db, { outcome: 'denied' }, numbered), 'the API'],
  ['what happened to secrets', () => listAudit(rows.db, { type: 'secret.' }, numbered), 'the API'],
  ['what happened to a run', () => listAudit(rows.db, { resource: `run/${runId}` }, numbered), 'the API'],
  ['what happened today', () => listAudit(rows.db, { from: new Date(Date.now() - 86_400_000).toISOString() }, numbered), 'the API'],
  ['what was sent to an endpoint', () => listDeliveries(rows.db, userId, webhookId, {}, page)],
  ['one delivery', () => findDelivery(rows.db, userId, webhookId, uuidv7())],
  ['endpoints that nobody sends to', () => overdueWebhooks(rows.db, 5_000, 200)],
  ['how long the oldest message waits, at each scrape', () => oldestDueSeconds(rows.db)],
  ['when the next one is due', () => nextDueMs(rows.db, webhookId)],
  ['whom a run has to tell', () => waitingForRun(rows.db, runId)],
  ['what past runs used', () => pastStageUse(rows.db, { userId, slug: 'learn_agentic_ai', version: 1, provider: 'openai', model: 'gpt-4o-mini' })],
];
const writes: typeof reads = [
  ['events of a step', () => appendEvents(rows.db, runId, [{ key: uuidv7(), event: { type: 'log-write', data: { level: 'info', message: 'x' } } }])],
  ['a call is opened', () => openNewCall(rows.db, { runId, userId, stage: 'test', step: 'plan', ordinal: 1, requestDigest: 'q', provider: 'openai', model: 'gpt-4o-mini', messages: [], maxOutputTokens: 10 } as never, [], 'h', 70)],
  ['streamed text is pruned', () => rows.db.$transaction((tx) => pruneTextDeltas(tx, runId, { stage: 'test', step: 'notes', ordinal: 1 }))],
  ['a cancel is marked', () => rows.db.$transaction((tx) => requestCancel(tx, userId, runId))],
  ['a run is deleted', async () => {
    const ended = await rows.db.run.findFirstOrThrow({ where: { userId, status: { in: [...TERMINAL_STATUSES] } } });
    return rows.db.$transaction((tx) => deleteEndedRun(tx, userId, ended.id));
  }],
  ['messages are taken', () => takeDue(rows.db, webhookId, 4)],
  ['a try is settled', () => settleTry(rows.pool, uuidv7(), { state: 'failed', nextMs: 5, status: 500, answer: null, problem: 'x', durationMs: 1, gone: false })],
  ['an endpoint is switched off', () => rows.db.$transaction((tx) => switchWebhook(tx, webhookId, 'owner'))],
  ['old deliveries are removed', () => rows.db.$transaction((tx) => deleteOldDeliveries(tx, 100))],
  ['a run ends, and tells', () => closeRun(rows.db, runId, [{ key: 'plan/end', event: { type: 'run-end', data: { status: 'completed', cap_reached: null, error: null, headline: 'x' } } }], null)],
  ['rows that ran out are removed', () => rows.db.$transaction((tx) => deleteExpiredRows(tx, 100))],
];

describe(`with ${RUNS} runs of ${USERS} people, an index serves`, () => {
  it.each([...reads, ...writes])('%s', async (_, work, asks) => expect(await wholeReads(work, asks)).toEqual([]));
});

it('a table without its index is noticed', async () => {
  await asOwner(rows.url, (client) => client.query('DROP INDEX "runs_user_id_created_at_id_idx", "runs_user_id_workflow_slug_created_at_idx", "runs_user_id_status_created_at_idx"'));
  expect((await wholeReads(() => listRuns(rows.db, userId, {}, page))).join()).toContain('runs in:');
});
