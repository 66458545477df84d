import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROVIDER_IDS, type ProviderId } from '#contracts/providers';
import type { RunEvent } from '#contracts/run-events';
import { allRunEvents } from '#platform/repositories/run-events';
import { catalog } from '#workflows/catalog/index';
import { expectFormat } from '../support/artifact-formats.ts';
import { startEngine, type Engine } from '../support/engine.ts';

let engine: Engine;
beforeAll(async () => { engine = await startEngine(); });
afterAll(() => engine.close());

// Questions to the person are answered by nobody here: each has to have a way to go on.
const timings = { gateWaitMs: 300 };
const starts = (events: RunEvent[], stage: string) => events.filter((event) => event.type === 'completion-start' && event.stage === stage) as Extract<RunEvent, { type: 'completion-start' }>[];

/** `npm run test:full` asks all seven vendors of each workflow. The short form asks one, another from workflow to workflow: each
 * vendor is met three times or more, and its wire format has the conformance suite besides. */
const EVERY_VENDOR = process.env['FAULTS'] === 'full';
const VENDORS = PROVIDER_IDS.filter((provider) => provider !== 'demo');
const vendorsOf = (slug: string): ProviderId[] => (EVERY_VENDOR ? VENDORS : [VENDORS[catalog.findIndex((entry) => entry.slug === slug) % VENDORS.length] ?? 'openai']);

/** Every workflow of the catalog, through all stages, on the real engine; the first preset is what a new person runs. */
describe.each(catalog.map((entry) => [entry.slug, entry] as const))('%s', (slug, entry) => {
  it('on the demo provider: Test and Full leave the files they promise, whole, stamped, inside the plan', async () => {
    const { runId } = await engine.start({ slug, mode: 'full_run', timings });
    const view = await engine.finished(runId);
    expect(view.error).toBeNull();
    expect(view).toMatchObject({ status: 'completed', capReached: null });
    expect(view.headline, 'what came out, in a sentence').not.toBe('All done.');
    expect(view.stages.map((stage) => [stage.stage, stage.status])).toEqual([['validate', 'passed'], ['test', 'passed'], ['full', 'passed']]);

    const own = view.artifacts.filter((artifact) => !artifact.fileName.startsWith('test/') && !artifact.fileName.startsWith('steps/'));
    const [main] = Object.values(entry.artifacts);
    expect(own.map((artifact) => artifact.fileName)).toContain(main?.fileName);
    for (const artifact of own.filter(({ fileName }) => !['trace.json', 'logs.txt', 'metadata.json', 'evidence.json'].includes(fileName))) {
      const content = await engine.readArtifact(runId, artifact.fileName);
      expectFormat(artifact.fileName, content);
      if (!artifact.fileName.endsWith('.md')) continue;
      expect(content, artifact.fileName).toContain('**DEMO**');
      expect(content, artifact.fileName).not.toMatch(/\*\*Unresolved:\*\*|undefined|\[object Object\]|lorem ipsum/i);
    }

    const events = await allRunEvents(engine.db, runId);
    const input = entry.input.parse(entry.presets[0]?.inputs);
    for (const stage of ['test', 'full'] as const) {
      const planned = entry.plan(input, stage).reduce((sum, call) => sum + call.maxOutputTokens * call.repeat, 0);
      const asked = starts(events, stage).reduce((sum, event) => sum + event.data.max_output_tokens, 0);
      expect(asked, `${stage}: tokens asked for against tokens planned`).toBeLessThanOrEqual(planned);
    }
  });

  it(`through ${EVERY_VENDOR ? 'every' : 'a'} vendor's wire format: Test and Full complete`, async () => {
    const runs = await Promise.all(vendorsOf(slug).map(async (provider) => ({ provider, ...(await engine.start({ slug, provider, mode: 'full_run', timings })) })));
    for (const { provider, runId } of runs) {
      const view = await engine.finished(runId);
      expect([provider, view.status, view.error?.detail ?? null, view.capReached]).toEqual([provider, 'completed', null, null]);
    }
  });

  it('every other preset completes a Test', async () => {
    const runs = await Promise.all(entry.presets.slice(1).map(async (preset) => ({ key: preset.key, ...(await engine.start({ slug, mode: 'test_run', input: preset.inputs, timings })) })));
    for (const { key, runId } of runs) {
      const view = await engine.finished(runId);
      expect([key, view.status, view.error?.detail ?? null, view.capReached]).toEqual([key, 'completed', null, null]);
    }
  });
});
