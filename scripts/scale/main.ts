// `npm run scale [-- RUNS_A_DAY …] [--json]`: what so many runs a day need, and the simulation of their busiest minutes. docs/scale.md.
import { parseArgs } from 'node:util';
import { planFor } from './plan.ts';
import { capacityOf, simulate } from './simulate.ts';
import { scaleTables, STEPS } from './table.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean', default: false } } });
const steps = positionals.length > 0 ? positionals.map(Number) : STEPS;
if (steps.some((runs) => !(runs >= 1 && Number.isFinite(runs)))) {
  console.error('npm run scale -- RUNS_A_DAY …: numbers of at least 1');
  process.exit(2);
}
console.log(values.json ? JSON.stringify(steps.map((runs) => { const plan = planFor(runs); return { plan, simulated: simulate(plan, capacityOf(plan)) }; }), null, 1) : scaleTables(steps));
