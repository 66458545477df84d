import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import path from 'node:path';
import type { AddressInfo } from 'node:net';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { findCatalogEntry } from '#activities/index';
import { createDeps } from '#api/create-deps';
import type { Principal } from '#api/endpoint';
import { permissionsOf } from '#contracts/permissions';
import { prepareRun } from '#api/routes/runs/prepare-run';
import type { RunRequest } from '#contracts/workflow';
import { loadConfig } from '#platform/config';
import { createLogger } from '#platform/logger';
import { createSession, registerSignInLink } from '#platform/repositories/sessions';
import { insertRun } from '#platform/repositories/run-queries';
import { createUser, ensureLocalAdmin, type UserRecord } from '#platform/repositories/users';
import { transaction } from '#platform/sql';
import { startRunExecution } from '#platform/start-run';
import { createWorker } from '#worker/create-worker';
import { catalog } from '#workflows/catalog/index';

/** The end-to-end tests' second person and second workflow: what the catalog of today cannot show, a Full run that needs an
 * approval and a run that asks, made with the product's own parts on the stack's own database and Temporal. `POST /session`,
 * `POST /link` (a fresh one-time link of the administrator, as a start prints it), `POST /gated`, `POST /asking`. */
const config = loadConfig();
const logger = createLogger(config, 'desk');
Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
const { deps, close } = createDeps(config, logger, catalog);
const runner = await createWorker(config, logger, findCatalogEntry, undefined, path.join(import.meta.dirname, 'workflows.ts'));
const running = runner.worker.run();
const colleague = await createUser(deps.db, { name: 'Bea Colleague', email: 'bea@example.test', role: 'researcher' });

const principal = (user: UserRecord): Principal => ({ userId: user.id, name: user.name, email: user.email, role: user.role, kind: 'session', credentialId: 'desk', permissions: permissionsOf(user.role), expiresAt: null });
const INPUTS = { learning_goal: 'Build a small agent that calls tools, and understand why it sometimes fails', timebox_minutes: 15 };

async function start(user: UserRecord, mode: 'test_run' | 'full_run', change: Partial<RunRequest>, execution: { workflowType?: string; taskQueue?: string }): Promise<string> {
  const { run, entry } = await prepareRun(deps, principal(user), { workflow_id: 'learn_agentic_ai', inputs: INPUTS, run_mode: mode, provider: 'demo' });
  const request = { ...run.request, ...change };
  await transaction(deps.db.pool, (client) => insertRun(client, { ...run, request }, { mode, workflow_id: run.workflowSlug, workflow_title: entry.title, workflow_version: entry.version, provider: run.provider, model: run.model, simulated: run.simulated }));
  await startRunExecution(deps.temporal, request, { workflowType: run.workflowType, title: entry.title, persona: run.persona, ...execution });
  return run.id;
}

const ROUTES: Record<string, () => Promise<object>> = {
  '/session': async () => {
    const session = await deps.db.$transaction((tx) => createSession(tx, colleague.id, { idleMs: null, absoluteMs: 86_400_000 }, { ipAddress: null, userAgent: null }));
    return { token: session.token };
  },
  '/link': async () => {
    const token = randomBytes(32).toString('base64url');
    await registerSignInLink(deps.db, token, new Date(Date.now() + 3_600_000));
    return { token };
  },
  '/gated': async () => ({ id: await start(colleague, 'full_run', { fullApproval: { approvers: 1, role: 'admin' } }, {}) }),
  '/asking': async () => ({ id: await start(await ensureLocalAdmin(deps.db), 'test_run', {}, { workflowType: 'askingWork', taskQueue: config.WORKER_TASK_QUEUE }) }),
};

const server = createServer((request, response) => {
  const route = ROUTES[request.url ?? ''];
  if (!route) { response.writeHead(404).end(); return; }
  route().then((answer) => response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer)), (error: unknown) => response.writeHead(500).end(String(error)));
}).listen(0, '127.0.0.1', () => process.send?.({ type: 'ready', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));

async function stop(): Promise<void> {
  server.close();
  runner.worker.shutdown();
  await running;
  await runner.close();
  await close();
  process.exit(0);
}
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, () => void stop());
