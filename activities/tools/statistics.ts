import type { z } from 'zod';
import { StatisticsArgs } from '#contracts/data-tools.schema';
import { analyse } from './stats/analyse.ts';
import type { Tool } from './tool.ts';

const here = { available: true, detail: 'Computed here, without the network.', remedy: null };

/** The textbook tests of an experiment or a table. */
export function createStatistics(): Tool<z.output<typeof StatisticsArgs>> {
  return {
    name: 'statistics', title: 'Statistics', networked: false, timeoutMs: 20_000, args: StatisticsArgs, availability: () => here,
    description: 'Computes describe, t_test, welch, chi_square, two_proportions, bootstrap_mean_difference, sample_ratio, mann_whitney, correlation, holm or sample_size exactly. Use it instead of working figures out.',
    run({ analysis }) {
      const data = analyse(analysis);
      const figures = Object.entries(data).filter(([key]) => key !== 'test').map(([key, value]) => `${key} = ${shown(value)}`);
      return Promise.resolve({ outcome: 'ok', summary: `${data.test.replaceAll('_', ' ')}: ${figures.slice(0, 4).join(', ')}.`, items: [{ id: `statistics-${data.test.replaceAll('_', '-')}`, title: data.test.replaceAll('_', ' '), url: null, source: 'calculation', snippet: figures.slice(0, 4).join(', '), text: figures.join('\n') }], data });
    },
  };
}

function shown(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(6)));
  return Array.isArray(value) ? `[${value.slice(0, 20).map(shown).join(', ')}]` : String(value);
}
