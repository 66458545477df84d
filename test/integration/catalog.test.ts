import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROVIDER_IDS, type ProviderId } from '#contracts/providers';
import { catalog } from '#workflows/catalog/index';
import { casesOf } from '../evals/runner/load-cases.ts';
import { startEngine, type Engine } from '../support/engine.ts';

let engine: Engine;
beforeAll(async () => { engine = await startEngine(); });
afterAll(() => engine.close());

// Questions to the person are answered by nobody here: each has to have a way to go on.
const timings = { gateWaitMs: 300 };

/** `npm run test:full` asks all seven vendors of each workflow. The short form asks one, another from workflow to workflow: each
 * vendor is met three times or more, and its wire format has the conformance suite besides. */
const EVERY_VENDOR = process.env['FAULTS'] === 'full';
const VENDORS = PROVIDER_IDS.filter((provider) => provider !== 'demo');
const vendorsOf = (slug: string): ProviderId[] => (EVERY_VENDOR ? VENDORS : [VENDORS[catalog.findIndex((entry) => entry.slug === slug) % VENDORS.length] ?? 'openai']);

/** Every workflow of the catalog on the real engine. What Full leaves on the demo provider, file by file, is looked at by
 * evals.test.ts; here are the presets that no case of it runs as they are. */
describe.each(await Promise.all(catalog.map(async (entry) => [entry.slug, entry, await casesOf(entry)] as const)))('%s', (slug, entry, cases) => {
  it(`through ${EVERY_VENDOR ? 'every' : 'a'} vendor's wire format: Test and Full of the first preset complete`, async () => {
    const runs = await Promise.all(vendorsOf(slug).map(async (provider) => ({ provider, ...(await engine.start({ slug, provider, mode: 'full_run', timings })) })));
    for (const { provider, runId } of runs) {
      const view = await engine.finished(runId);
      expect([provider, view.status, view.error?.detail ?? null, view.capReached]).toEqual([provider, 'completed', null, null]);
      expect(view.stages.map((stage) => [stage.stage, stage.status])).toEqual([['validate', 'passed'], ['test', 'passed'], ['full', 'passed']]);
    }
  });

  const evaluated = new Set(cases.filter(({ inputs }) => inputs === undefined).map(({ preset }) => preset ?? entry.presets[0]?.key));
  const others = entry.presets.filter(({ key }) => !evaluated.has(key));
  it.runIf(others.length > 0)('every preset that no evaluation runs completes a Test on the demo provider', async () => {
    const runs = await Promise.all(others.map(async (preset) => ({ key: preset.key, ...(await engine.start({ slug, mode: 'test_run', input: preset.inputs, timings })) })));
    for (const { key, runId } of runs) {
      const view = await engine.finished(runId);
      expect([key, view.status, view.error?.detail ?? null, view.capReached]).toEqual([key, 'completed', null, null]);
    }
  });
});
