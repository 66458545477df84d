import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { RunDetailWire, RunEventWire, RunWire } from '#contracts/api/runs.schema';
import { openBundle } from '#cli/bundle';
import { projectRoot } from '#scripts/launch/paths';
import { runningStack } from '#scripts/launch/lock';
import { workflowBundle } from '#worker/workflow-bundle';
import '../support/temporal-runtime.ts';

/** The command line as a person's shell runs it, against the whole product but its pages. Nothing is told to it but AWP_HOME:
 * address and token are what the launcher left there. */
const home = mkdtempSync(join(tmpdir(), 'awp-cli-stack-'));
const work = mkdtempSync(join(tmpdir(), 'awp-cli-work-'));
const CANARY = 'sk-canary-0123456789abcdefghij';
const TYPED = 'sk-typed-by-mistake-0123456789abcdef';
let launcher: ChildProcess;
let launcherSaid = '';

const until = (condition: () => unknown, timeout = 90_000) => vi.waitFor(condition, { timeout, interval: 100 });
const environment = { PATH: process.env['PATH'], HOME: work, AWP_HOME: home, XDG_CONFIG_HOME: join(work, 'config') };

beforeAll(async () => {
  launcher = spawn(process.execPath, [join(projectRoot, 'scripts/launch/main.ts'), '--no-open', '--no-web'], {
    cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'], HOME: process.env['HOME'], AWP_HOME: home, AWP_RUN_STARTS_PER_MINUTE: '0', AWP_RECONCILE_SECONDS: '1', AWP_HEARTBEAT_TIMEOUT_MS: '4000', OPENAI_API_KEY: CANARY,
      ...Object.fromEntries(['API_PORT', 'WEB_PORT', 'POSTGRES_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'DEMO_PORT'].map((name) => [name, '0'])),
    },
  });
  for (const stream of [launcher.stdout, launcher.stderr]) stream?.on('data', (chunk: Buffer) => { launcherSaid += chunk.toString(); });
  await until(() => { if (launcher.exitCode !== null) throw new Error(launcherSaid); expect(runningStack(home)?.urls).toBeTruthy(); });
}, 120_000);

afterAll(async () => {
  const gone = new Promise((resolve) => launcher.once('exit', resolve));
  launcher.kill('SIGTERM');
  await gone;
  rmSync(home, { recursive: true, force: true });
  rmSync(work, { recursive: true, force: true });
}, 60_000);

interface Ended { code: number | null; out: string; err: string }
function start(args: string[], options: { env?: Record<string, string>; stdin?: string } = {}): { child: ChildProcess; said: () => Ended; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [join(projectRoot, 'cli/awp.mjs'), ...args], { cwd: work, env: { ...environment, ...options.env }, stdio: ['pipe', 'pipe', 'pipe'] });
  const said: Ended = { code: null, out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => { said.out += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { said.err += chunk.toString(); });
  child.stdin.on('error', () => undefined).end(options.stdin ?? '');
  return { child, said: () => said, ended: new Promise((resolve) => child.once('close', (code) => resolve({ ...said, code }))) };
}
const awp = (args: string[], options = {}): Promise<Ended> => start(args, options).ended;
const GOAL = 'Understand how an agent calls tools, in a few minutes';

it('awp demo: Validate and Test without a browser, exit 0; doctor finds nothing', async () => {
  const { code, out, err } = await awp(['demo']);
  expect([code, err]).toEqual([0, expect.stringContaining('completed')]);
  expect(out).toMatch(/^[0-9a-f-]{36}\n$/);
  for (const word of ['VALIDATE', 'TEST', 'DEMO', 'notes.md']) expect(err).toContain(word);
  expect(await awp(['doctor', '--plain'])).toMatchObject({ code: 0, out: expect.not.stringContaining('FAIL') as string });
  // The next command starts four times as quickly: what V8 made of the modules is kept among the person's own files.
  expect(existsSync(join(work, '.cache/agentic-workflow-platform/compiled'))).toBe(true);
}, 120_000);

it('run --watch --json: one document on stdout, talk on stderr; its files are pulled and checked; compare sees what differs', async () => {
  const first = await awp(['run', 'learn_agentic_ai', '--input', '-', '--provider', 'demo', '--watch', '--json'], { stdin: JSON.stringify({ learning_goal: GOAL }) });
  expect(first.code).toBe(0);
  const run = JSON.parse(first.out) as RunDetailWire;
  expect(run).toMatchObject({ status: 'completed', run_mode: 'test_run', simulated: true });
  const { code, out } = await awp(['artifacts', 'pull', run.id, '-o', join(work, 'files')]);
  expect([code, out.trim().split('\n').length]).toEqual([0, run.artifacts.length]);
  expect(readdirSync(join(work, 'files'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => relative(join(work, 'files'), join(entry.parentPath, entry.name))).sort()).toEqual(run.artifacts.map((file) => file.file_name).sort());
  const events = (await awp(['runs', 'events', run.id, '--json'])).out.trim().split('\n').map((line) => JSON.parse(line) as RunEventWire);
  expect(events.at(-1)?.sequence).toBe(run.last_sequence);
  const followed = (await awp(['runs', 'events', run.id, '--json', '--follow'])).out.trim().split('\n').map((line) => JSON.parse(line) as RunEventWire);
  expect(followed).toEqual(events);
  const other = JSON.parse((await awp(['run', 'learn_agentic_ai', '--set', `learning_goal=${GOAL}`, '--set', 'timebox_minutes=30', '-p', 'demo', '-w', '--json', '-q'])).out) as RunDetailWire;
  const compared = JSON.parse((await awp(['runs', 'compare', run.id, other.id, '--json'])).out) as { rows: { what: string; same: boolean }[] };
  expect(compared.rows.find((row) => row.what === 'input timebox_minutes')).toMatchObject({ same: false });
}, 180_000);

it('Ctrl-C while watching: 130, the id, and the run goes on; --timeout: 7, and cancel ends it', async () => {
  const watching = start(['run', 'learn_agentic_ai', '--set', `learning_goal=${GOAL}`, '-p', 'demo', '--watch']);
  await until(() => expect(watching.said().err).toContain('TEST'));
  watching.child.kill('SIGINT');
  const { code, out, err } = await watching.ended;
  const id = out.trim();
  expect([code, err]).toEqual([130, expect.stringContaining(`The run goes on: ${id}`)]);
  expect(await awp(['runs', 'watch', id, '-q'])).toMatchObject({ code: 0 });

  // A Full run: it outlasts the start of two command lines on a busy machine.
  const late = await awp(['run', 'learn_agentic_ai', '--mode', 'full', '--set', `learning_goal=${GOAL}`, '-p', 'demo', '--watch', '--timeout', '1s']);
  expect(late.code).toBe(7);
  expect((await awp(['runs', 'cancel', late.out.trim()])).code).toBe(0);
  expect(await awp(['runs', 'watch', late.out.trim()])).toMatchObject({ code: 1, err: expect.stringContaining('cancelled') as string });
}, 180_000);

it('what the server refuses has its words and its exit code', async () => {
  expect(await awp(['runs', 'list'], { env: { AWP_API_TOKEN: 'not-a-token-of-anybody' } })).toMatchObject({ code: 4, out: '', err: expect.stringMatching(/awp login[\s\S]*request id/) as string });
  expect(await awp(['run', 'learn_agentic_ai', '--set', 'learning_goal=x'])).toMatchObject({ code: 3, err: expect.stringContaining('#/inputs/learning_goal') as string });
  expect((await awp(['runs', 'get', '01990000-0000-7000-8000-000000000001'])).code).toBe(3);
  expect((await awp(['runs', 'list', '--status', 'odd'])).code).toBe(3);
  const key = ['run', 'learn_agentic_ai', '-p', 'demo', '-m', 'validate', '--idempotency-key', 'cli-test', '--set'];
  const first = await awp([...key, `learning_goal=${GOAL}`]);
  expect((await awp([...key, `learning_goal=${GOAL}`])).out).toBe(first.out);
  expect((await awp([...key, `learning_goal=${GOAL} again`])).code).toBe(3);
}, 120_000);

it('export and import: no key in it, its history replays, it plays back as it was, and a changed one is refused', async () => {
  const { out: started } = await awp(['run', 'learn_agentic_ai', '--set', `learning_goal=${GOAL} with ${TYPED}`, '-p', 'demo', '--watch', '-q']);
  const id = started.trim();
  const file = join(work, 'run.awp.zip');
  expect(await awp(['runs', 'export', id, '-o', file])).toMatchObject({ code: 0, out: `${file}\n`, err: expect.stringContaining('starred') as string });
  expect((await awp(['runs', 'export', id, '-o', file])).code).toBe(2);
  expect(statSync(file).mode & 0o077).toBe(0);
  const bundle = await openBundle(readFileSync(file));
  expect(bundle.manifest).toMatchObject({ run_id: id, missing: [], simulated: true });

  // What the bundle says of itself, with every payload of the history opened.
  const { masterKey } = JSON.parse(readFileSync(join(home, 'keys.json'), 'utf8')) as { masterKey: string };
  const opened = JSON.stringify(bundle.history).replaceAll(/"data":"([\w+/=]+)"/g, (_, data: string) => Buffer.from(data, 'base64').toString('utf8'));
  expect(opened).toContain(GOAL); // it really was opened
  const ours = [JSON.stringify([bundle.run, bundle.events, bundle.ledger]), opened].join('\n');
  const all = [ours, ...[...bundle.files.values()].map(String)].join('\n');
  for (const secret of [CANARY, masterKey, readFileSync(join(home, 'cli-token'), 'utf8').trim()]) expect(all).not.toContain(secret);
  expect(ours).not.toContain(TYPED);

  const replayed = [];
  for await (const result of Worker.runReplayHistories({ workflowBundle: await workflowBundle(join(work, 'cache')) }, [{ workflowId: id, history: historyFromJSON(bundle.history) }])) replayed.push(result.error?.message ?? 'ok');
  expect(replayed).toEqual(['ok']);

  const server = JSON.parse((await awp(['runs', 'get', id, '--json'])).out) as RunDetailWire;
  const away = { env: { AWP_HOME: join(work, 'nowhere') } }; // another machine: no platform at all
  const played = await awp(['runs', 'import', file, '--play', '--speed', '0', '--json'], away);
  expect([played.code, JSON.parse(played.out)]).toEqual([0, expect.objectContaining({ totals: expect.objectContaining({ inputTokens: server.totals.input_tokens, outputTokens: server.totals.output_tokens, completions: server.metrics.completions }) as unknown })]);
  expect(played.err).toContain('completed');
  expect(await awp(['runs', 'import', file, '--compare', id])).toMatchObject({ code: 0, err: expect.stringContaining('Every step wrote the same') as string });

  const bytes = readFileSync(file);
  const notes = bytes.indexOf('artifacts/notes.md');
  bytes.writeUInt8((bytes.readUInt8(notes + 40) + 1) % 256, notes + 40);
  writeFileSync(join(work, 'changed.zip'), bytes);
  expect(await awp(['runs', 'import', join(work, 'changed.zip')], away)).toMatchObject({ code: 3, out: '', err: expect.stringContaining('artifacts/notes.md') as string });
}, 180_000);

it('export needs an ended run of one\'s own', async () => {
  const live = (await awp(['run', 'learn_agentic_ai', '--set', `learning_goal=${GOAL}`, '-p', 'demo'])).out.trim();
  expect(await awp(['runs', 'export', live])).toMatchObject({ code: 1, err: expect.stringContaining('a bundle is made of an ended run') as string });
  expect((await awp(['runs', 'watch', live, '-q'])).code).toBe(0);
  const list = JSON.parse((await awp(['runs', 'list', '--json'])).out) as RunWire[];
  expect(list[0]?.id).toBe(live);
}, 120_000);

it('awp drill: kill -9 of the worker under a call; nothing finished is called again, nothing is bought twice', async () => {
  const { code, out, err } = await awp(['drill', '--json']);
  expect(err).toContain('kill -9');
  expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ passed: true, status: 'completed', called_again: 0, bought_twice: 0, possibly_billed: 1 })]);
  expect((JSON.parse(out) as { seconds_to_recover: number }).seconds_to_recover).toBeLessThan(60);
  expect((await awp(['drill'], { env: { AWP_API_URL: 'http://127.0.0.1:1' } })).code).toBe(2);
}, 240_000);
