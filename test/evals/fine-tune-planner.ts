import { parse } from 'yaml';
import { csvRows, fileOf, hasSections, recomputed, wordsBetween } from './runner/checks.ts';
import type { EvalCase, EvalOutcome } from './runner/eval-case.ts';

const budget = (outcome: EvalOutcome): Record<string, number> => Object.fromEntries(csvRows(outcome, 'budget.csv').map((row) => [row['name'] ?? '', Number(row['value'])]));

/** Llama 3.1 8B on one A10G, sequences of 512 tokens, checkpointed, rank 16: worked out here once more. */
const memory = recomputed('memory by method', (outcome) => {
  const trained = 32 * 16 * (2 * (4096 + 4096) + 2 * (4096 + 1024) + 3 * (4096 + 14_336));
  const sequence = (512 * 4096 * (2 * 32 + 34) + 4 * 512 * 128_256) / 1e9;
  const found = budget(outcome);
  return {
    found: Object.fromEntries(['need_full', 'need_lora', 'need_qlora', 'most_lora'].map((name) => [name, found[name] ?? NaN])),
    expected: { need_full: 16 * 8.03 + sequence, need_lora: 2 * 8.03 + (16 * trained) / 1e9 + sequence, need_qlora: 0.55 * 8.03 + (16 * trained) / 1e9 + sequence, most_lora: Math.floor((0.9 * 24 - 2 * 8.03 - (16 * trained) / 1e9) / sequence) },
  };
});

const configured = {
  name: 'the configuration holds the repaired setting',
  check: (outcome: EvalOutcome): string[] => {
    const config = parse(fileOf(outcome, 'config.yaml')) as Record<string, unknown>;
    return [...(config['warmup_ratio'] === 0.05 ? [] : [`warmup_ratio is ${String(config['warmup_ratio'])}`]), ...('warmup_ration' in config ? ['the misspelt name is still there'] : []), ...(config['sequence_len'] === 512 ? [] : ['sequence_len is not what the form said'])];
  },
};

export const cases: readonly EvalCase[] = [
  { name: 'tone on one A10G', preset: 'support', checks: [hasSections('runbook.md', 'Decision', 'The sample', 'Memory', 'Time and money', 'Configuration', 'Run it', 'Recommended next steps'), wordsBetween('runbook.md', 300, 2_500), memory, configured] },
  { name: 'a model that fits nowhere', preset: 'support', inputs: { model: 'llama_3_1_70b', accelerator: 't4', devices: 1 }, checks: [{ name: 'no plan is made up', check: (outcome) => [...(fileOf(outcome, 'runbook.md').includes('No method fits') ? [] : ['the runbook does not say that nothing fits']), ...('config.yaml' in outcome.files ? ['there is a configuration for nothing'] : [])] }] },
];
