// Second half of `npm run bench`, under the pinned Node: starts the stack, measures, prints, stops all by itself.
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { Client, Connection } from '@temporalio/client';
import { loadConfig, masterKeys } from '#platform/config';
import { createDataConverter } from '#platform/payloads/data-converter';
import { createPayloadKeys } from '#platform/payloads/payload-keys';
import { openArtifactStorage } from '#platform/storage/artifact-storage';
import { createChecklist } from '../checklist.mjs';
import type { Bench } from './bench.ts';
import { measureCodec } from './codec.ts';
import { ApiClient, SimulatorControl } from './client.ts';
import { machine, readResult, table, type BenchResult, type Figure } from './figures.ts';
import { memoryOf } from './memory.ts';
import { HELP, parseOptions, type BenchOptions, type Part } from './options.ts';
import { measureLoad } from './load.ts';
import { measureOverhead } from './overhead.ts';
import { measurePages } from './pages.ts';
import { measureReads } from './reads.ts';
import { measureRecovery } from './recovery.ts';
import { measureRuns } from './runs.ts';
import { localKeys } from '../launch/keys.ts';
import { BenchStack } from './stack.ts';
import { measureStarts } from './starts.ts';

const MEASURES: readonly [Part, string, (bench: Bench) => Promise<void>][] = [
  ['runs', 'full runs and their streams', measureRuns],
  ['overhead', 'platform against a bare Temporal workflow', measureOverhead],
  ['reads', 'API reads', measureReads],
  ['load', 'many runs at once, with slow model calls', measureLoad],
  ['recovery', 'a worker killed in mid-call', measureRecovery],
  ['codec', 'encryption of payloads', measureCodec],
  ['pages', 'a run of 10,000 events in the browser', measurePages],
  ['starts', 'run starts, and many runs in flight', measureStarts],
];

const options = readOptions();
const before = options.againstFile === null ? null : readResult(options.againstFile);
const loadBefore = loadavg()[0] ?? 0;
const checklist = createChecklist();
const stack = new BenchStack(process.env, checklist);
const figures: Figure[] = [];
let ending: Promise<never> | null = null;

/** Stops everything in order, once, and exits. */
function end(exitCode: number): Promise<never> {
  ending ??= (async () => {
    checklist.close();
    if (exitCode !== 0 && figures.length > 0) console.log(`\n${table(figures, before?.figures ?? null)}\n\n  stopped before the end`);
    await stack.stop();
    process.exit(exitCode);
  })();
  return ending;
}

const IMPATIENT_AFTER_MS = 1_500;
let interruptedAt = 0;
process.on('SIGINT', () => {
  interruptedAt ||= Date.now();
  if (Date.now() - interruptedAt > IMPATIENT_AFTER_MS) stack.killNow();
  void end(130);
});
for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(143));
process.on('disconnect', () => void end(1)); // scripts/bench.mjs was killed

try {
  await measureAll();
  const result: BenchResult = { taken_at: new Date().toISOString(), command: ['npm run bench --', ...process.argv.slice(2)].join(' '), machine: machine(loadBefore), node: process.versions.node, figures };
  console.log(`\n${table(figures, before?.figures ?? null)}\n`);
  console.log(`  ${result.machine.cores} cores, load ${result.machine.load_before} before and ${result.machine.load_after} after (this benchmark included), Node ${result.node}\n`);
  if (options.jsonFile !== null) writeFileSync(options.jsonFile, `${JSON.stringify(result, null, 2)}\n`);
  await end(0);
} catch (error) {
  if (ending === null) {
    checklist.close();
    console.error('\n  ✗ not finished:', error);
  }
  await end(1);
}

async function measureAll(): Promise<void> {
  await checklist.run('the stack, in a temporary folder', () => stack.start());
  const connection = await Connection.connect({ address: stack.addresses.temporalAddress });
  const config = loadConfig({ AWP_HOME: stack.home, AWP_MASTER_KEY: localKeys(stack.home).masterKey, ARTIFACTS_URL: `file:${stack.home}/artifacts` });
  const dataConverter = createDataConverter(openArtifactStorage(config), createPayloadKeys(masterKeys(config)), config, { onUnstorable: 'throw' });
  const idle = memoryOf(stack.pids());
  for (const [part, name, measure] of MEASURES) {
    if (!options.parts.has(part)) continue;
    await checklist.run(name, (step) => measure({
      options, stack, api: new ApiClient(stack), simulator: new SimulatorControl(stack), temporal: new Client({ connection, dataConverter }),
      tell: step.update, record: (figure) => void figures.push(figure),
    }));
  }
  const loaded = memoryOf(stack.pids());
  for (const [name, mb] of loaded) figures.push({ key: `memory.${name}`, label: `memory of ${name}`, unit: 'MB', value: mb, detail: `after the load; ${(idle.get(name) ?? 0).toFixed(0)} MB when started` });
  await connection.close();
}

function readOptions(): BenchOptions {
  try {
    const parsed = parseOptions(process.argv.slice(2));
    if (parsed !== 'help') return parsed;
    console.log(HELP);
    process.exit(0);
  } catch (error) {
    console.error(`\n  ${error instanceof Error ? error.message : String(error)}\n${HELP}`);
    process.exit(2);
  }
}
