import { planFor, totalPerMonth, type Plan } from './plan.ts';
import { capacityOf, simulate, type Capacity } from './simulate.ts';

export const STEPS = [1_000, 10_000, 100_000, 1_000_000];
const whole = (value: number) => Math.round(value).toLocaleString('en-US');
const some = (value: number) => (value >= 10 ? whole(value) : value.toFixed(1));

const ROWS: readonly (readonly [string, (plan: Plan) => string])[] = [
  ['runs a second, mean · peak', (plan) => `${plan.meanPerSecond.toFixed(2)} · ${plan.peakPerSecond.toFixed(2)}`],
  ['processors at the peak: worker · Temporal · PostgreSQL · API', ({ cores }) => [cores.worker, cores.temporal, cores.postgres, cores.api].map(some).join(' · ')],
  ['model calls in flight', (plan) => whole(plan.callsInFlight)],
  ['pods of 2 cores: workers · API', (plan) => `${plan.workers} · ${plan.apis}`],
  ['database connections · statements a second', (plan) => `${plan.databaseConnections} · ${whole(plan.statementsPerSecond)}`],
  ['tasks a second in Temporal\'s queues', (plan) => whole(plan.taskQueueTasksPerSecond)],
  ['history shards (fixed for ever)', (plan) => whole(plan.historyShards)],
  ['database with every run of a year, GB', (plan) => whole(plan.databaseGb)],
  ['kept for 30 days: histories · files, GB', (plan) => [plan.historyGb, plan.artifactGb].map(whole).join(' · ')],
  ['US dollars a month: cluster · database · Temporal on own servers', ({ monthly }) => [monthly.cluster, monthly.database, monthly.temporalOwn].map(whole).join(' · ')],
  ['… storage · balancer · egress · monitoring', ({ monthly }) => [monthly.storage, monthly.loadBalancer, monthly.egress, monthly.monitoring].map(whole).join(' · ')],
  ['**US dollars a month, together**', (plan) => `**${whole(totalPerMonth(plan))}**`],
  ['Temporal Cloud instead of own servers', ({ monthly }) => whole(monthly.temporalCloud)],
];

/** The two tables of docs/scale.md. @returns Markdown */
export function scaleTables(steps: readonly number[] = STEPS): string {
  const plans = steps.map((runs) => planFor(runs));
  const head = (first: string) => `| ${first} | ${plans.map((plan) => whole(plan.runsPerDay)).join(' | ')} |\n|---|${plans.map(() => '---:|').join('')}`;
  const planned = ROWS.map(([name, of]) => `| ${name} | ${plans.map(of).join(' | ')} |`).join('\n');
  const results = plans.map((plan) => ({ plan, whole: simulate(plan, capacityOf(plan)), half: simulate(plan, halved(capacityOf(plan))) }));
  const played: readonly (readonly [string, (result: (typeof results)[number]) => string])[] = [
    ['runs played in four minutes', (each) => whole(each.whole.runs)],
    ['busy: worker · Temporal · PostgreSQL, %', ({ whole: { busy } }) => [busy.worker, busy.temporal, busy.postgres].map((value) => whole(value * 100)).join(' · ')],
    ['in lines, p50 · p95 a run, ms', ({ whole: { waitedMs } }) => `${whole(waitedMs.p50)} · ${whole(waitedMs.p95)}`],
    ['with half of everything: p95 a run, ms', ({ half }) => whole(half.waitedMs.p95)],
  ];
  return `${head('runs a day')}\n${planned}\n\n${head('simulated peak')}\n${played.map(([name, of]) => `| ${name} | ${results.map(of).join(' | ')} |`).join('\n')}\n`;
}

const half = (value: number) => Math.max(1, Math.floor(value / 2));
const halved = ({ api, postgres, temporal, worker, slots }: Capacity): Capacity => ({ api: half(api), postgres: half(postgres), temporal: half(temporal), worker: half(worker), slots: half(slots) });
