import type { z } from 'zod';
import type { CalculateData } from '#contracts/data-tools';
import { CalculateArgs } from '#contracts/data-tools.schema';
import { evaluate } from './stats/evaluate.ts';
import type { Tool } from './tool.ts';

/** Arithmetic, one expression after the other; a named result is there for the next. */
export function createCalculate(): Tool<z.output<typeof CalculateArgs>> {
  return {
    name: 'calculate', title: 'Calculator', networked: false, timeoutMs: 10_000, args: CalculateArgs,
    description: 'Works out arithmetic expressions exactly as a calculator does. Use it for every figure that follows from others.',
    availability: () => ({ available: true, detail: 'Computed here, without the network.', remedy: null }),
    run({ expressions, variables }) {
      const names = new Map([['pi', Math.PI], ['e', Math.E], ...Object.entries(variables)]);
      const results: CalculateData['results'] = expressions.map(({ name = null, expression }) => {
        const value = evaluate(expression, names);
        if (name !== null) names.set(name, value);
        return { name, expression, value };
      });
      const lines = results.map(({ name, expression, value }) => `${name === null ? '' : `${name} = `}${expression} = ${Number(value.toPrecision(12))}`);
      return Promise.resolve({ outcome: 'ok', summary: `Worked out ${results.length} ${results.length === 1 ? 'expression' : 'expressions'}.`, items: [{ id: 'calculation', title: 'Calculation', url: null, source: 'calculation', snippet: lines[0] ?? '', text: lines.join('\n') }], data: { results } satisfies CalculateData });
    },
  };
}
