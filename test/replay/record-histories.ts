import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { catalog } from '#workflows/catalog/index';
import { subKey } from '#contracts/own/definition';
import { entryOf } from '#contracts/own/entry.schema';
import type { RunStatus } from '#contracts/runs';
import { deliverWorkflowId, WEBHOOK_TEST } from '#contracts/webhooks';
import { uuidv7 } from '#platform/ids';
import { addWebhook, secretBinding } from '#platform/repositories/webhooks';
import { wakeWebhooks } from '#platform/webhooks/wake';
import { createPayloadEncryption } from '#platform/payloads/encryption';
import { createPayloadKeys } from '#platform/payloads/payload-keys';
import { masterKeys } from '#platform/config';
import { openHistory } from '#platform/payloads/open-history';
import { EVERYTHING, snapshotOf, starterSnapshots, SUB } from '../support/own-definitions.ts';
import { startEngine, type Engine, type StartOptions } from '../support/engine.ts';
import { slimHistory } from './slim-history.ts';

/** Records the histories of test/histories from real executions on the real engine. By hand, when a workflow gets a new version:
 *
 *   node_modules/.bin/vitest run --config test/replay/record.config.ts
 *
 * A change that old runs must survive (`patched`) keeps the old files and adds new ones: pass RECORD_SUFFIX=-v2, for example.
 * Files are slimmed of what replay does not read, see slim-history.ts. */
interface Scenario { options: StartOptions; ends: RunStatus; arrange?: (engine: Engine) => void; act?: (engine: Engine, runId: string) => Promise<void> }

const GAPS = JSON.stringify({ covered: false, missing: [{ topic: 'Evaluation of agents', search_query: 'evaluate agents' }] });
// The gap check of Full: five calls of Test, then diagnosis, syllabus, two notes and quiz.
const GAP_CALL = 11;

const SCENARIOS: Record<string, Scenario> = {
  'validate-only': { options: { mode: 'validate_only' }, ends: 'completed' },
  'test-run': { options: {}, ends: 'completed' },
  'test-run-capped': { options: { caps: { outputTokens: 150 } }, ends: 'completed' },
  'full-run-with-fill': { options: { mode: 'full_run', input: { timebox_minutes: 15, export_options: ['quiz_json', 'flashcards_csv'] } }, ends: 'completed', arrange: ({ simulator }) => simulator.addFaults({ fault: { kind: 'text', text: GAPS }, nth: GAP_CALL }) },
  // The same inputs as the one before, so that its Test still counts.
  'full-run-test-skipped': { options: { mode: 'full_run', input: { timebox_minutes: 15, export_options: ['quiz_json', 'flashcards_csv'] } }, ends: 'completed' },
  'failed-key-refused': { options: { provider: 'openai' }, ends: 'failed', arrange: ({ simulator }) => simulator.addFaults({ fault: { kind: 'status', status: 401 }, nth: 2 }) },
  'retried-call': { options: { provider: 'openai' }, ends: 'completed', arrange: ({ simulator }) => simulator.addFaults({ fault: { kind: 'status', status: 503 }, times: 2 }) },
  'budget-raised': {
    options: { mode: 'full_run', provider: 'openai', caps: { costUsdMicros: 18_000 }, fullCaps: { costUsdMicros: 18_000 }, timings: { budgetWaitMs: 60_000 } }, ends: 'completed',
    act: async ({ until, runner }, runId) => {
      await until(runId, (view) => view.status === 'waiting');
      await runner.deps.temporal.workflow.getHandle(runId).executeUpdate('raiseBudgetUpdate', { args: [{ decisionId: 'recorded', waitId: 'budget-1', costUsdMicros: 1_000_000, by: 'Recorder' }] });
    },
  },
  'budget-not-raised': { options: { mode: 'full_run', provider: 'openai', caps: { costUsdMicros: 18_000 }, fullCaps: { costUsdMicros: 18_000 }, timings: { budgetWaitMs: 300 } }, ends: 'failed' },
  'provider-waited-for': { options: { provider: 'openai', timings: { outageWaitMs: 60_000 } }, ends: 'completed', arrange: ({ simulator }) => simulator.addFaults({ fault: { kind: 'status', status: 503 }, times: 4 }) },
  cancelled: {
    options: { provider: 'openai' }, ends: 'cancelled', arrange: ({ simulator }) => simulator.addFaults({ fault: { kind: 'hang', afterFrames: 2 }, nth: 3 }),
    act: async ({ simulator, runner }, runId) => {
      await simulator.until((counters) => counters.total === 3 && counters.inFlight === 1, 30_000);
      await runner.deps.temporal.workflow.getHandle(runId).cancel();
    },
  },
};

// Every workflow of the catalog, through all of its stages, with its first preset. A later version gets a file of its own: the
// earlier ones stay as they are, for the runs that began with them.
const NOWHERE = 'http://127.0.0.1:9';
const INPUTS: Record<string, Record<string, unknown>> = {
  vendor_due_diligence: { sources: ['web_search'] }, citation_audit: { look_further: ['fetch_url', 'web_search'] }, dataset_contract: { data_url: `${NOWHERE}/table.csv` }, provider_cost_model: { tools_enabled: ['library_search', 'web_search'] },
  mock_review_panel: { venue_url: `${NOWHERE}/guidelines` }, red_team_guardrails: { policy_urls: [`${NOWHERE}/policy`] }, literature_review: { full_text_urls: [`${NOWHERE}/paper.pdf`] },
};
for (const { slug, version } of catalog) SCENARIOS[`catalog-${slug}${version > 1 ? `-v${version}` : ''}`] = { options: { slug, mode: 'full_run', timings: { gateWaitMs: 300 }, ...(INPUTS[slug] ? { input: INPUTS[slug] } : {}) }, ends: 'completed' };

// Every starter and one of every step type: the interpreter.
const written = [...starterSnapshots(), snapshotOf(EVERYTHING, { [subKey('shorten', 1)]: snapshotOf(SUB).definition })];
for (const own of written) SCENARIOS[`own-${own.definition.slug}`] = { options: { slug: own.definition.slug, mode: own.definition.slug === 'everything' ? 'test_run' : 'full_run', request: { own } }, ends: 'completed' };

// All of it in Full as well, with an answer and an approval.
const whole = written.at(-1);
if (whole) SCENARIOS['own-everything-full'] = {
  options: { slug: 'everything', mode: 'full_run', request: { own: whole } }, ends: 'completed',
  act: async ({ until, runner, userId }, runId) => {
    for (const [gateId, by, decision] of [['full.style', userId, { decision: 'answer', answer: { style: 'formal' } }], ['full.go', '0199aaaa-0000-7000-8000-000000000001', { decision: 'approve', reason: null }]] as const) {
      const { gates } = await until(runId, (view) => view.waits.some(({ waitId }) => waitId === gateId), 60_000);
      await runner.deps.temporal.workflow.getHandle(runId).executeUpdate('decideGateUpdate', { args: [{ decisionId: `recorded-${gateId}`, gateId, shownHash: gates.find((gate) => gate.gateId === gateId)?.shownHash, by: { id: by, name: 'Recorder' }, ...decision }] });
    }
  },
};

let engine: Engine;
beforeAll(async () => { engine = await startEngine({}, { entries: written.map((own) => entryOf(own, 1)) }); });
afterEach(async () => { engine.simulator.reset(); await engine.db.providerHealth.deleteMany(); });
afterAll(() => engine.close());

it.each(Object.entries(SCENARIOS))('%s', async (name, { options, ends, arrange, act }) => {
  arrange?.(engine);
  const { runId, handle } = await engine.start(options);
  await act?.(engine, runId);
  const view = await engine.finished(runId);
  expect(view.status, JSON.stringify(view.error)).toBe(ends);
  if (name === 'full-run-with-fill') expect(view.stages.at(-1)?.steps.map((step) => step.step)).toContain('fill-1');
  if (name === 'full-run-test-skipped') expect(view.stages[1]).toMatchObject({ stage: 'test', status: 'skipped' });
  if (name === 'retried-call') expect(view.totals.retries).toBe(2);
  await keep(name, handle);
});

// Sent at once and after five seconds, both times to a name that is not there; the third time is the reconciler's.
it('deliver-webhooks', async () => {
  const [id, now] = [uuidv7(), new Date()];
  const { keeper } = engine.runner.deps.secrets;
  const secretId = uuidv7();
  const secret = { id: secretId, stored: await keeper.put('whsec_recorded', secretBinding(engine.userId, secretId)) };
  await engine.db.$transaction((tx) => addWebhook(tx, engine.userId, id, { url: 'https://receiver.invalid/', description: '', events: [] }, secret));
  await engine.db.webhookDelivery.create({ data: { id: uuidv7(), webhookId: id, userId: engine.userId, eventId: `evt_${id}`, eventType: WEBHOOK_TEST, data: {}, nextTryAt: now, createdAt: now } });
  await wakeWebhooks({ ...engine.runner.deps, temporal: engine.runner.deps.temporal }, [id]);
  const handle = engine.runner.deps.temporal.workflow.getHandle(deliverWorkflowId(id));
  await handle.result();
  expect(await engine.db.webhookDelivery.findFirstOrThrow({ where: { webhookId: id } })).toMatchObject({ state: 'pending', tries: 2 });
  await keep('deliver-webhooks', handle);
});

async function keep(name: string, handle: WorkflowHandle): Promise<void> {
  const folder = path.join(import.meta.dirname, '../histories');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, `${name}${process.env['RECORD_SUFFIX'] ?? ''}.json`), slimHistory(await openHistory(await handle.fetchHistory(), createPayloadEncryption(createPayloadKeys(masterKeys(engine.config)), 'required'), handle.workflowId)));
}
