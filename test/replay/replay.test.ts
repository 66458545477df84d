import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { bundleWorkflowCode, DefaultLogger, makeTelemetryFilterString, Runtime, Worker, type WorkerOptions, type WorkflowBundleOption } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { catalog } from '#workflows/catalog/index';
import { redact } from '#platform/redact';
import { workflowBundle } from '#worker/workflow-bundle';
import { WORKFLOW_BUNDLES } from '../support/folders.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const FOLDER = path.join(ROOT, 'test/histories');
/** Suffix of the recordings by today's engine (test/replay/record.config.ts). */
const NEWEST = '-v4';
/** A busy machine takes a second a history. */
const MINUTES = 180_000;
const silent = new DefaultLogger('ERROR', () => undefined);
// A replay that fails on purpose is no news.
Runtime.install({ logger: silent, shutdownSignals: [], telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} } } });

const names = (await readdir(FOLDER)).filter((file) => file.endsWith('.json')).map((file) => path.basename(file, '.json'));
const texts = new Map(await Promise.all(names.map(async (name) => [name, await readFile(path.join(FOLDER, `${name}.json`), 'utf8')] as const)));
const historyOf = (name: string) => ({ workflowId: name, history: historyFromJSON(JSON.parse(texts.get(name) ?? '')) });

/** Replays on this code. @returns the error of each history, undefined where it fits */
async function replay(bundle: WorkflowBundleOption, which: readonly string[], sinks: WorkerOptions['sinks'] & object = {}): Promise<Record<string, string | undefined>> {
  const found: Record<string, string | undefined> = {};
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: bundle, sinks }, which.map(historyOf))) found[workflowId] = error?.message;
  return found;
}

describe('runs recorded before today', () => {
  let bundle: WorkflowBundleOption;
  beforeAll(async () => { bundle = await workflowBundle(WORKFLOW_BUNDLES); });

  it('are here for every way a run can go', () => {
    expect(names).toEqual(expect.arrayContaining(['validate-only', 'test-run', 'test-run-capped', 'full-run-with-fill', 'failed-key-refused', 'cancelled', 'retried-call', 'full-run-test-skipped', ...catalog.map((entry) => `catalog-${entry.slug}`)]));
  });

  it('replay on today\'s workflow code', async () => {
    expect(await replay(bundle, names)).toEqual(Object.fromEntries(names.map((name) => [name, undefined])));
  }, MINUTES);

  it('also with the interceptors of live traces, which were off when they were recorded', async () => {
    const spans: unknown[] = [];
    const traced = await workflowBundle(WORKFLOW_BUNDLES, undefined, true);
    // The interceptors stand around every workflow alike: each way a run can go as it was recorded last, and a part of all others.
    const some = names.filter((name, index) => (name.endsWith(NEWEST) && !name.startsWith('catalog-')) || index % 8 === 0);
    const found = await replay(traced, some, { exporter: { export: { fn: (_info: unknown, given: unknown[]) => { spans.push(...given); }, callDuringReplay: true } } });
    expect(found).toEqual(Object.fromEntries(some.map((name) => [name, undefined])));
    expect(spans.length).toBeGreaterThan(some.length);
  }, MINUTES);

  it('also when the history is cut at any workflow task, as for a worker that died there', async () => {
    const [name] = ['full-run-with-fill'];
    const { events } = JSON.parse(texts.get(name) ?? '') as { events: { eventType: string }[] };
    const ends = events.flatMap((event, index) => (event.eventType === 'EVENT_TYPE_WORKFLOW_TASK_COMPLETED' ? [index + 1] : []));
    const cuts = ends.map((end) => ({ workflowId: `${name}@${end}`, history: historyFromJSON({ events: events.slice(0, end) }) }));
    for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: bundle }, cuts)) expect(error, workflowId).toBeUndefined();
  });
});

describe('a change of the workflow', () => {
  it('that moves a step is caught by the histories that went through it, and only by those', async () => {
    // Inside the project, for the import map of package.json, and where nothing looks for sources.
    await mkdir(path.join(ROOT, '.awp-test'), { recursive: true });
    const folder = await mkdtemp(path.join(ROOT, '.awp-test/mutated-workflows-'));
    try {
      await cp(path.join(ROOT, 'workflows'), folder, { recursive: true, filter: (file) => !file.endsWith('.test.ts') });
      const file = path.join(folder, 'catalog/learn-agentic-ai/workflow.ts');
      const source = await readFile(file, 'utf8');
      const notes = source.split('\n').findLast((line) => line.includes('await mapItems(syllabus.topics'));
      const gaps = source.split('\n').find((line) => line.includes('await closeGaps(context'));
      // The quiz before the notes it asks about.
      const moved = source.replace(`${notes}\n`, '').replace(`${gaps}\n`, `${notes}\n${gaps}\n`);
      expect(moved).not.toBe(source);
      await writeFile(file, moved);
      const mutated = await bundleWorkflowCode({ workflowsPath: path.join(folder, 'index.ts'), logger: silent });
      const found = await replay(mutated, ['validate-only', 'test-run', 'full-run-with-fill']);
      expect(found).toEqual({ 'validate-only': undefined, 'test-run': expect.stringMatching(/nondeterminism/i) as string, 'full-run-with-fill': expect.stringMatching(/nondeterminism/i) as string });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('the recorded files', () => {
  it.each(names)('%s holds no secret and names no machine', (name) => {
    const text = texts.get(name) ?? '';
    const payloads = [...text.matchAll(/"data":"([A-Za-z0-9+/=]+)"/g)].map((match) => Buffer.from(match[1] as string, 'base64').toString('utf8'));
    for (const part of [text, ...payloads]) {
      expect(redact(part)).toBe(part);
      expect(part).not.toMatch(/sk-test|\/(?:root|home|work|Users)\/|file:\/\/|node_modules/);
    }
    expect(text).not.toMatch(/"identity":"[^"]/);
  });

  it('stay small', () => {
    for (const [name, text] of texts) expect(text.length, name).toBeLessThan(300_000);
  });
});
