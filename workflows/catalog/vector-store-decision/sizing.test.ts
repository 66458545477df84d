import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCalculate } from '#activities/tools/calculate';
import type { CalculateData } from '#contracts/data-tools';
import { legalInputs } from '#test/support/legal-inputs';
import { sensitivity, totalOf, weakPoints, weighOptions, winnerOf } from './choice.ts';
import { vectorStoreDecisionDefinition as definition, type VectorStoreDecisionInput } from './definition.ts';
import { capacity, checkExpressions, chooseLayout, exactScan, layoutsOf, sizeLayout, vectorsAt } from './sizing.ts';

const base = definition.input.parse(definition.presets[0]?.inputs);
const legal = legalInputs(definition) as fc.Arbitrary<VectorStoreDecisionInput>;

describe('sizes', () => {
  it('give the figures of the library: 10 million vectors of 768 numbers are 30.7 GB and 1.3 GB of links', () => {
    const load = { ...base, vectors: 10_000_000, growth_percent: 0, headroom_percent: 0, payload_bytes: 0, dimensions: 768, recall_percent: 95 };
    expect(sizeLayout('qdrant', 'float32', load, 'now').memoryGb).toBeCloseTo(30.72 + 1.28, 6);
    expect(sizeLayout('qdrant', 'int8', load, 'now').memoryGb).toBeCloseTo(7.68 + 1.28, 6);
    expect(sizeLayout('qdrant', 'float32', load, 'now').diskGb).toBeCloseTo(30.72, 6);
  });

  it('growth is compound: 100 % a year for two years is four times as many', () => {
    expect(vectorsAt({ vectors: 1000, growth_percent: 100, horizon_months: 24 }, 'horizon')).toBe(4000);
  });

  it('pgvector takes 2,000 dimensions as vector and 4,000 as halfvec', () => {
    expect(layoutsOf('pgvector', { dimensions: 1536, densest_layout: 'int8' })).toEqual(['float32', 'float16']);
    expect(layoutsOf('pgvector', { dimensions: 3072, densest_layout: 'int8' })).toEqual(['float16']);
    expect(layoutsOf('pgvector', { dimensions: 3072, densest_layout: 'float32' })).toEqual([]);
  });

  it('exact search reads every vector once', () => {
    expect(exactScan({ ...base, vectors: 1_000_000, dimensions: 768, scan_gb_per_second: 3.072, queries_per_second: 2 }, 'now')).toEqual({ gb: 3.072, ms: 1000, busy: 2 });
  });

  it('the calculator, given the inputs, comes to the same for any legal input', async () => {
    const calculate = createCalculate();
    await fc.assert(fc.asyncProperty(legal, async (input) => {
      for (const store of input.candidates) {
        const layout = chooseLayout(store, input);
        if (!layout) continue;
        const sized = sizeLayout(store, layout, input, 'horizon');
        const wanted = checkExpressions(sized, input);
        const { data } = await calculate.run({ expressions: wanted.map(({ name, expression }) => ({ name, expression })), variables: {} }, { signal: AbortSignal.timeout(5000), capabilities: { tools: [], hosts: null } });
        (data as CalculateData).results.forEach(({ value }, index) => { expect(Math.abs(value - (wanted[index]?.wanted ?? NaN)) / Math.max(1, value)).toBeLessThan(1e-9); });
      }
    }), { numRuns: 60 });
  });

  it('what fits by capacity fits by size', () => {
    fc.assert(fc.property(legal, (input) => {
      for (const store of input.candidates) {
        const most = capacity(store, input);
        const layout = layoutsOf(store, input).at(-1);
        if (most === null || !layout) continue;
        expect(sizeLayout(store, layout, { ...input, vectors: most }, 'now').fits).toBe(true);
      }
    }), { numRuns: 60 });
  });
});

describe('the choice', () => {
  it('an excluded store never wins, points lie between 0 and 100, and the winner has the most', () => {
    fc.assert(fc.property(legal, (input) => {
      const options = weighOptions(input);
      const winner = winnerOf(options);
      for (const option of options) {
        expect(option.total).toBeGreaterThanOrEqual(-1e-9);
        expect(option.total).toBeLessThanOrEqual(100 + 1e-9);
        if (winner && option.excluded.length === 0) expect(option.total).toBeLessThanOrEqual(winner.total + 1e-6);
      }
      if (winner) expect(winner.excluded).toEqual([]);
      else expect(options.every((option) => option.excluded.length > 0)).toBe(true);
    }), { numRuns: 60 });
  });

  it('sorts out what the person forbade, and says why', () => {
    const out = (change: Partial<VectorStoreDecisionInput>, store: string) => weighOptions({ ...base, ...change }).find((option) => option.store === store)?.excluded.join(' ');
    expect(out({ hosting: ['own_servers'] }, 'pgvector')).toContain('an existing PostgreSQL');
    expect(out({ candidates: ['pgvector', 'pinecone'], hosting: ['managed'], open_source_only: true }, 'pinecone')).toContain('not open source');
    expect(out({ filtering: 'narrow' }, 'faiss')).toContain('cannot filter');
    expect(out({ vectors: 900_000_000 }, 'pgvector')).toContain('one machine of 64 GB');
    expect(out({ budget_usd_month: 1 }, 'qdrant')).toContain('above the budget');
  });

  it('a quote goes before the calculated price, and an unknown price never wins on cost', () => {
    const wishes = { ...base, candidates: ['pinecone' as const, 'qdrant' as const], hosting: ['managed' as const, 'own_servers' as const] };
    expect(weighOptions(wishes)[0]).toMatchObject({ usdMonth: null, scores: { cost: 0 } });
    expect(weighOptions({ ...wishes, quotes: [{ store: 'pinecone', usd_month: 10, source: 'mail' }] })[0]).toMatchObject({ usdMonth: 10, costFrom: 'quote: mail', scores: { cost: 1 } });
  });

  it('weights: a mean by hand, and none at all is an even one', () => {
    const scores = { cost: 1, operations: 0, features: 0.5, exit: 0.5 };
    expect(totalOf(scores, { cost: 3, operations: 1, features: 0, exit: 0 })).toBe(75);
    expect(totalOf(scores, { cost: 0, operations: 0, features: 0, exit: 0 })).toBe(50);
    expect(sensitivity(weighOptions(base), base)).toHaveLength(8);
    expect(weakPoints(weighOptions(base), base).map((each) => each.point).join(' ')).toContain('weight of operations left out, the decision turns from pgvector to Qdrant');
  });
});
