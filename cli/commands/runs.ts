import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import type { RunDetailWire, RunWire } from '#contracts/api/runs.schema';
import { isTerminal } from '#contracts/runs';
import { openBundle } from '../bundle.ts';
import { compareRuns, type ComparedRun } from '../compare.ts';
import { leaf, type Context, type Host } from '../context.ts';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { followRun } from '../follow-run.ts';
import { countOf, durationOf, modeOf, readFile, usage } from '../inputs.ts';
import { between, size } from '../output.ts';
import { ASCII, UNICODE, wholeRail } from '../rail.ts';
import { allEvents, RUN_COLUMNS, viewOfRun } from '../run-text.ts';
import { RailPainter, watchRun } from '../watch.ts';
import { tellEnd } from './run.ts';
import { addRerun } from './rerun.ts';

const runPath = (id: string): string => `/api/v1/runs/${encodeURIComponent(id)}`;
const glyphs = ({ output }: Context) => (output.plain ? ASCII : UNICODE);

export function addRuns(host: Host, program: Command): void {
  const runs = program.command('runs').description('Look at runs, follow, cancel, repeat, compare, export them');
  addReading(host, runs);
  leaf(host, runs.command('cancel').argument('<id>').description('Ask a run to end; it keeps what it made'), ['awp runs cancel 0199…'], async ({ client, output }, [id = '']) => {
    const answer = await client.post<{ run_id: string; status: string }>(`${runPath(id)}/cancel`);
    if (output.json) output.document(answer);
    else output.say(`Cancel stored; ${id} ends within seconds.`);
  });
  addRerun(host, runs);
  leaf(host, runs.command('compare').argument('<run...>', 'two to four run ids or bundle files').description('Runs side by side: inputs, steps, tokens, cost, first difference'), ['awp runs compare 0199… 0199…', 'awp runs compare 0199… exported.awp.zip'], async (context, names) => {
    if (names.length < 2 || names.length > 4) throw usage('Compare takes two to four runs.');
    showComparison(context, await Promise.all(names.map((name) => comparedRun(context, name))));
  });
  addBundles(host, runs);
}

function addReading(host: Host, runs: Command): void {
  leaf<{ limit: string; status?: string; workflow?: string; mode?: string }>(host, runs.command('list').description('My runs, newest first')
    .option('-n, --limit <count>', 'how many, up to 200', '20').option('--status <status>', 'queued, validating, running, waiting, completed, failed, cancelled, timed_out').option('--workflow <slug>', 'of this workflow').option('-m, --mode <mode>', 'validate, test or full'), ['awp runs list', 'awp runs list --status failed --json', 'awp runs list --plain | cut -f1'], async ({ client, output }, _, options) => {
    output.table(await client.get<RunWire[]>('/api/v1/runs', { query: { limit: countOf(options.limit), status: options.status, workflow_id: options.workflow, run_mode: options.mode === undefined ? undefined : modeOf(options.mode) } }), RUN_COLUMNS);
  });
  leaf(host, runs.command('get').argument('<id>').description('One run: stages, steps, files, numbers'), ['awp runs get 0199…', 'awp runs get 0199… --json | jq .status'], async (context, [id = '']) => {
    const run = await context.client.get<RunDetailWire>(runPath(id));
    if (context.output.json) { context.output.document(run); return; }
    context.output.data(`${run.id}  ${run.status}`);
    for (const line of wholeRail(await viewOfRun(context.client, id), glyphs(context))) context.output.data(line);
    if (run.temporal_web_url) context.output.say(`Temporal Web: ${run.temporal_web_url}`);
  });
  leaf<{ timeout?: string }>(host, runs.command('watch').argument('<id>').description('Follow a run from its first event to its end').option('-t, --timeout <time>', 'stop watching after 90s, 15m … (exit 7)'), ['awp runs watch 0199…'], async (context, [id = ''], options) => {
    const { run, exitCode } = await watchRun(id, { ...context, client: context.client, timeoutSeconds: options.timeout === undefined ? undefined : durationOf(options.timeout) });
    tellEnd(context, run);
    return exitCode;
  });
  leaf<{ after: string; follow?: boolean }>(host, runs.command('events').argument('<id>').description('The event log; --json writes one event a line').option('--after <sequence>', 'only later ones', '0').option('-f, --follow', 'go on until the run ends'), ['awp runs events 0199… --json', 'awp runs events 0199… --follow --after 120'], async (context, [id = ''], options) => {
    const { client, output } = context;
    const after = countOf(options.after);
    const show = (event: { sequence: number; at: string; type: string; stage: string | null; step: string | null }) => {
      if (output.json) output.document(event, false);
      else output.data([event.sequence, event.at, event.type, event.stage ?? '-', event.step ?? '-'].join('\t'));
    };
    if (!options.follow) { (await allEvents(client, id, after)).forEach(show); return EXIT.ok; }
    try {
      for await (const event of followRun(client, id, { after, signal: context.interrupted })) show(event);
    } catch (error) {
      if (context.interrupted.aborted) throw new CliError(`Interrupted. The run goes on: ${id}`, null, EXIT.interrupted);
      throw error;
    }
    return EXIT.ok;
  });
}

function addBundles(host: Host, runs: Command): void {
  leaf<{ output?: string; force?: boolean }>(host, runs.command('export').argument('<id>').description('An ended run as one file without any key').option('-o, --output <file>', 'where to; - writes to stdout').option('--force', 'write over a file'), ['awp runs export 0199… -o run.awp.zip'], async ({ client, output, terminal }, [id = ''], options) => {
    const response = await client.send('GET', `${runPath(id)}/export`, { unbounded: true, headers: { Accept: 'application/zip, application/problem+json' } });
    const bytes = Buffer.from(await response.arrayBuffer());
    const { manifest } = await openBundle(bytes); // a download that broke is told here, not in a year
    if (options.output === '-') { (terminal.stdout as NodeJS.WritableStream).write(bytes); return; }
    const file = options.output ?? `${manifest.workflow_id}-${id.slice(0, 8)}.awp.zip`;
    write(file, bytes, options.force === true);
    for (const { name, reason } of manifest.missing) output.say(`! not in it: ${name} (${reason})`);
    if (manifest.masked > 0) output.say(`! ${manifest.masked} parts held something that looks like a key; it is starred in the bundle.`);
    if (output.json) output.document({ file, bytes: bytes.length, manifest });
    else output.data(file);
    output.say(`${size(bytes.length)}, ${manifest.entries.length} entries, hashes checked.`);
  });
  leaf<{ play?: boolean; speed: string; compare?: string[] }>(host, runs.command('import').argument('<file>').description('Check a bundle and open it read-only, without any server')
    .option('--play', 'play the run back').option('--speed <factor>', '1 is as it was; 0 is without pauses', '10').option('--compare <run...>', 'beside these runs or bundles'), ['awp runs import run.awp.zip', 'awp runs import run.awp.zip --play --speed 20', 'awp runs import run.awp.zip --compare 0199…'], async (context, [file = ''], options) => {
    const { output } = context;
    const bundle = await openBundle(readFile(file));
    const { manifest } = bundle;
    output.say(`${file}: run ${manifest.run_id} of awp ${manifest.product_version}, exported ${manifest.exported_at}; ${manifest.entries.length} entries, every hash fits. Read-only.`);
    for (const { name, reason } of manifest.missing) output.say(`! not in it: ${name} (${reason})`);
    if (options.compare) { showComparison(context, [{ label: file, view: bundle.view, inputs: bundle.run.inputs }, ...(await Promise.all(options.compare.map((name) => comparedRun(context, name))))]); return; }
    if (options.play) await play(context, bundle.events, Number(options.speed));
    if (output.json) { output.document({ manifest, run: bundle.run, totals: bundle.view.totals }); return; }
    if (!options.play) for (const line of wholeRail(bundle.view, glyphs(context))) output.data(line);
  });
}

/** As it was, in less time: no pause is longer than two seconds. */
async function play({ output, interrupted }: Context, events: Awaited<ReturnType<typeof allEvents>>, speed: number): Promise<void> {
  if (!Number.isFinite(speed) || speed < 0) throw usage('--speed takes a number, 0 or more.');
  const painter = new RailPainter(output);
  let before: string | null = null;
  for (const event of events) {
    const waitMs = speed === 0 ? 0 : Math.min(2000, Math.max(0, between(before, event.at) ?? 0) / speed);
    if (waitMs >= 1) await pause(waitMs, undefined, { signal: interrupted }).catch(() => { throw new CliError('Interrupted.', null, EXIT.interrupted); });
    painter.show(event);
    before = event.at;
  }
  painter.close();
}

function write(file: string, bytes: Buffer, force: boolean): void {
  try {
    writeFileSync(file, bytes, { flag: force ? 'w' : 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw usage(`${file} is there already.`, 'Choose another name, or --force.');
    throw usage(`${file} cannot be written (${(error as NodeJS.ErrnoException).code}).`);
  }
}

/** A run of the server by id, or a bundle by its file. */
async function comparedRun({ client }: Context, name: string): Promise<ComparedRun> {
  if (/^[0-9a-f-]{36}$/i.test(name)) {
    const [run, view] = await Promise.all([client.get<RunDetailWire>(runPath(name)), viewOfRun(client, name)]);
    if (!isTerminal(run.status)) throw usage(`${name} is ${run.status}; only ended runs compare.`);
    return { label: name.slice(0, 13), view, inputs: run.inputs };
  }
  const bundle = await openBundle(readFile(name));
  return { label: name, view: bundle.view, inputs: bundle.run.inputs };
}

function showComparison({ output }: Context, runs: readonly ComparedRun[]): void {
  const comparison = compareRuns(runs);
  if (output.json) { output.document(comparison); return; }
  type Row = (typeof comparison.rows)[number];
  output.table(comparison.rows, [['', (row: Row) => (row.same ? '=' : '≠')], ['WHAT', (row: Row) => row.what], ...runs.map((run, index) => [run.label, (row: Row) => row.values[index] ?? null] as const)]);
  output.say(comparison.first_divergence ? `First difference in what was written: ${comparison.first_divergence}` : 'Every step wrote the same.');
}
