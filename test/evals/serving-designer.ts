import { parse } from 'yaml';
import { contains, csvRows, fileOf, hasSections, recomputed, wordsBetween } from './runner/checks.ts';
import type { EvalCase, EvalOutcome } from './runner/eval-case.ts';

const sizing = (outcome: EvalOutcome): Record<string, number> => Object.fromEntries(csvRows(outcome, 'sizing.csv').map((row) => [row['name'] ?? '', Number(row['value'])]));

/** Llama 3.1 8B in 8 bit on two L4, worked out here once more: cache, batch within the promise, replicas. */
const load = recomputed('cache, batch and replicas', (outcome) => {
  const cache = (2 * 32 * 8 * 128 * 2 * (1800 + 250)) / 1e9;
  const bandwidth = 300 * 2 * 0.6;
  const prompt = (2 * 8.03e9 * 1800 * 0.7) / (121e12 * 2 * 0.5);
  const batch = Math.floor((0.7 * 25 - (250 * 8.03) / bandwidth) / (prompt + (250 * cache) / bandwidth));
  const goodput = batch / ((250 * 8.03) / bandwidth + batch * (prompt + (250 * cache) / bandwidth));
  const found = sizing(outcome);
  return { found: { batch: found['batch_bits8_2'] ?? NaN, goodput: found['goodput_bits8_2'] ?? NaN, replicas: found['replicas_bits8_2'] ?? NaN }, expected: { batch, goodput, replicas: Math.ceil(3 / (0.7 * goodput)) + 1 } };
});

const composed = {
  name: 'the compose file is that of the design',
  check: (outcome: EvalOutcome): string[] => {
    const { services } = parse(fileOf(outcome, 'compose.yml')) as { services: { model: { command: string[]; deploy: { resources: { reservations: { devices: { count: number }[] } } } } } };
    return services.model.deploy.resources.reservations.devices[0]?.count === 2 ? [] : ['it does not reserve two devices'];
  },
};

export const cases: readonly EvalCase[] = [
  { name: 'support on L4', preset: 'support', checks: [hasSections('design.md', 'Decision', 'Workload', 'Sizing', 'Engines', 'Manifests', 'Where it breaks first', 'Recommended next steps'), wordsBetween('design.md', 300, 2_500), load, composed, contains('loadtest.js', 'ramping-arrival-rate', 'p(95)<25000')] },
  { name: 'a promise that cannot be kept', preset: 'support', inputs: { p95_seconds: 0.3, answer_tokens: 4000 }, checks: [contains('design.md', 'No precision keeps'), { name: 'no manifest for nothing', check: (outcome) => ('compose.yml' in outcome.files ? ['there is a compose file'] : []) }] },
];
