import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalog } from '#workflows/catalog/index';
import { startBench, type Bench } from '../evals/runner/bench.ts';
import { evaluateCase } from '../evals/runner/evaluate.ts';
import { casesOf } from '../evals/runner/load-cases.ts';

let bench: Bench;
beforeAll(async () => { bench = await startBench(['demo']); });
afterAll(() => bench.close());

/** `npm run eval` on the demo provider: each case of each workflow, through the API, with every check. */
describe.each(catalog.map((entry) => [entry.slug, entry] as const))('%s', async (_slug, entry) => {
  it.each((await casesOf(entry)).map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    const result = await evaluateCase(bench, entry, one, { provider: 'demo' });
    expect(result.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(result).toMatchObject({ passed: true, provider: 'demo', costUsdMicros: 0 });
  });
});
