import type { Gpu, Job } from './sizes.ts';

/** What the runs cost on which device: arithmetic by formula, checked again by the calculator. Pure. */
export interface Device { title: string; /** dense 16-bit tensor operations a second, in 10^12 */ teraflops: number; memoryGb: number }
/** @source the vendor's data sheets (dense, without sparsity), read 2026-11 */
export const DEVICES: Readonly<Record<Gpu, Device>> = {
  t4: { title: 'NVIDIA T4', teraflops: 65, memoryGb: 16 }, l4: { title: 'NVIDIA L4', teraflops: 121, memoryGb: 24 }, rtx_4090: { title: 'NVIDIA RTX 4090', teraflops: 165, memoryGb: 24 }, v100: { title: 'NVIDIA V100', teraflops: 125, memoryGb: 32 },
  a100_40: { title: 'NVIDIA A100 40 GB', teraflops: 312, memoryGb: 40 }, a100_80: { title: 'NVIDIA A100 80 GB', teraflops: 312, memoryGb: 80 }, h100: { title: 'NVIDIA H100 SXM', teraflops: 989, memoryGb: 80 },
};
/** Operations a parameter and token: forward 2, backward 4 (2 when the base weights stand still). @source J. Kaplan et al., arXiv 2001.08361, section 2.1 */
export const FACTORS: Readonly<Record<Job, number>> = { training: 6, fine_tuning: 4, evaluation: 2 };
/** Bytes a parameter without activations: 16-bit weights and gradients with 32-bit weights and two moments; frozen 16-bit weights, adapters aside; weights alone. @source S. Rajbhandari et al., arXiv 1910.02054, section 3.1 */
export const BYTES: Readonly<Record<Job, number>> = { training: 16, fine_tuning: 2.2, evaluation: 2 };

export interface Workload { job: Job; parameters_millions: number; tokens_millions: number; epochs: number; seeds: number; gpu: Gpu; gpu_count: number; utilisation_percent: number; budget_gpu_hours: number; price_per_gpu_hour: number }
export interface StageCost { id: string; title: string; /** of one full run */ share: number; gpuHours: number; /** with all devices at work */ wallHours: number; cost: number; stop: string }
export interface Budget { operations: number; runHours: number; stages: StageCost[]; totalHours: number; totalCost: number; memoryGb: number; memoryFits: boolean; devicesNeeded: number; /** seeds that the budget pays for, 0 = not one whole run */ seedsPaid: number; /** of one run's tokens that the budget pays for, 0 to 1 */ affordableShare: number; verdict: 'fits' | 'fewer_seeds' | 'scale_down' }

const OVERFIT = 0.01;
const SMALL = 0.1;

export function budgetOf(work: Workload): Budget {
  const device = DEVICES[work.gpu];
  const operations = FACTORS[work.job] * work.parameters_millions * 1e6 * work.tokens_millions * 1e6 * work.epochs;
  const runHours = operations / (device.teraflops * 1e12 * (work.utilisation_percent / 100)) / 3600;
  const stage = (id: string, title: string, share: number, stop: string): StageCost => ({ id, title, share, gpuHours: share * runHours, wallHours: (share * runHours) / work.gpu_count, cost: share * runHours * work.price_per_gpu_hour, stop });
  const stages = [
    stage('install', 'Install in a clean container', 0, 'It imports, and one unit of the code runs.'),
    stage('evaluate', 'Run the evaluation on released outputs or a known model', 0, 'The published figure of that model comes out within rounding.'),
    stage('smoke', 'One batch, one step', 0, 'The first loss is where theory puts it, and memory holds.'),
    stage('overfit', 'Overfit a small subset', OVERFIT, 'The training loss goes to almost nothing; if not, stop and look for the bug.'),
    stage('small', 'A tenth of the data', SMALL, 'The curve has the form of the paper; if not, stop before the full run.'),
    ...Array.from({ length: work.seeds }, (_, index) => stage(`full-${index + 1}`, `Full run, seed ${index + 1}`, 1, index === 0 ? 'The result is compared with the tolerance before another seed is paid.' : 'The spread over seeds is known.')),
  ];
  const totalHours = stages.reduce((sum, { gpuHours }) => sum + gpuHours, 0);
  const memoryGb = (work.parameters_millions * 1e6 * BYTES[work.job]) / 1e9;
  const before = (OVERFIT + SMALL) * runHours;
  const left = Math.max(0, work.budget_gpu_hours - before);
  // A hair of tolerance: a budget that is exactly enough is enough.
  const seedsPaid = runHours === 0 ? work.seeds : Math.min(work.seeds, Math.floor(left / runHours + 1e-9));
  const affordableShare = runHours === 0 ? 1 : Math.min(1, work.budget_gpu_hours / ((1 + OVERFIT + SMALL) * runHours));
  return { operations, runHours, stages, totalHours, totalCost: totalHours * work.price_per_gpu_hour, memoryGb, memoryFits: memoryGb <= device.memoryGb * 0.8 * work.gpu_count, devicesNeeded: Math.max(1, Math.ceil(memoryGb / (device.memoryGb * 0.8))), seedsPaid, affordableShare, verdict: seedsPaid >= work.seeds ? 'fits' : seedsPaid >= 1 ? 'fewer_seeds' : 'scale_down' };
}

/** The same sums as expressions for the calculator; what it gives is held against `budgetOf`. */
export function expressionsOf(work: Workload): { expressions: { name: string; expression: string }[]; variables: Record<string, number> } {
  const device = DEVICES[work.gpu];
  return {
    expressions: [{ name: 'run_hours', expression: 'factor * params * 1000000 * tokens * 1000000 * epochs / (teraflops * 1000000000000 * utilisation / 100) / 3600' }, { name: 'total_hours', expression: `run_hours * (${OVERFIT} + ${SMALL} + seeds)` }, { name: 'total_cost', expression: 'total_hours * price' }, { name: 'memory_gb', expression: 'params * 1000000 * bytes / 1000000000' }],
    variables: { factor: FACTORS[work.job], params: work.parameters_millions, tokens: work.tokens_millions, epochs: work.epochs, teraflops: device.teraflops, utilisation: work.utilisation_percent, seeds: work.seeds, price: work.price_per_gpu_hour, bytes: BYTES[work.job] },
  };
}

export const agrees = (budget: Budget, results: readonly { name: string | null; value: number }[]): boolean => ([['run_hours', budget.runHours], ['total_hours', budget.totalHours], ['total_cost', budget.totalCost], ['memory_gb', budget.memoryGb]] as const).every(([name, value]) => { const other = results.find((result) => result.name === name)?.value; return other !== undefined && Math.abs(other - value) <= 1e-6 * Math.abs(value); });

export const round = (value: number): number => (value >= 100 ? Math.round(value) : Number(value.toPrecision(3)));

export function verdictWords(budget: Budget, work: Workload): string {
  const total = `${round(budget.totalHours)} GPU hours for ${work.seeds} ${work.seeds === 1 ? 'seed' : 'seeds'} against a budget of ${round(work.budget_gpu_hours)}`;
  if (budget.verdict === 'fits') return `It fits: ${total}.`;
  if (budget.verdict === 'fewer_seeds') return `It fits with ${budget.seedsPaid} of ${work.seeds} seeds: ${total}.`;
  return `Not one full run fits: ${total}. ${round(budget.affordableShare * 100)} % of the tokens of one run can be paid, which makes it a scaled-down replication.`;
}

/** The estimate as sentences that the plan can cite. */
export const budgetText = (budget: Budget, work: Workload): string => [
  verdictWords(budget, work),
  `One full run takes ${round(budget.runHours)} GPU hours on ${DEVICES[work.gpu].title} at ${work.utilisation_percent} % of its peak, ${round(budget.runHours / work.gpu_count)} hours on ${work.gpu_count}.`,
  `All stages together cost ${round(budget.totalCost)} at ${work.price_per_gpu_hour} an hour.`,
  `Weights, gradients and optimizer need ${round(budget.memoryGb)} GB without activations; ${budget.memoryFits ? 'that fits' : `that needs at least ${budget.devicesNeeded} of these devices`}.`,
  ...budget.stages.filter(({ share }) => share > 0 && share < 1).map(({ title, gpuHours, stop }) => `${title} takes ${round(gpuHours)} GPU hours. ${stop}`),
].join('\n');
