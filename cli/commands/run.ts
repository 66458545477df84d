import { isCancel, text as ask } from '@clack/prompts';
import type { Command } from 'commander';
import type { RunBodyWire, RunDetailWire, RunWire } from '#contracts/api/runs.schema';
import type { WorkflowSchemaWire } from '#contracts/api/workflows.schema';
import { MODE_WORDS } from '#contracts/runs';
import { leaf, type Context, type Host } from '../context.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { applySets, durationOf, modeOf, readInputs, usage } from '../inputs.ts';
import { wholeRail, ASCII, UNICODE } from '../rail.ts';
import { watchRun } from '../watch.ts';
import { viewOfDetail } from '../run-text.ts';

export type StartedRun = RunWire & { provider_reason: string };
interface RunOptions { mode: string; provider?: string; model?: string; input?: string; set: string[]; preset?: string; channel?: string; watch?: boolean; timeout?: string; idempotencyKey?: string }

export function addRun(host: Host, program: Command): void {
  const command = program.command('run').argument('<workflow>', 'slug, from "awp workflows list"').description('Start a run')
    .option('-m, --mode <mode>', 'validate, test or full', 'test').option('-p, --provider <id>', 'openai, anthropic, gemini, deepseek, groq, openrouter, compatible, demo').option('--model <id>', 'the provider\'s model')
    .option('-i, --input <file>', 'inputs as one JSON object; - reads stdin').option('-s, --set <key=value>', 'one input; may be repeated', (value: string, all: string[]) => [...all, value], [])
    .option('--preset <key>', 'begin with a preset of the workflow').option('-w, --watch', 'follow it to its end; the exit code tells how it went').option('-t, --timeout <time>', 'stop watching after 90s, 15m … (the run goes on; exit 7)')
    .option('--channel <channel>', 'of a workflow that people wrote: draft, test or live; live when there is one')
    .option('--idempotency-key <key>', 'the same key never starts a second run');
  leaf<RunOptions>(host, command, [
    'awp run learn_agentic_ai --set learning_goal="Build an agent that calls tools" --watch',
    'awp run learn_agentic_ai --mode full --input in.json --provider openai --watch --timeout 15m',
    'echo \'{"learning_goal":"…"}\' | awp run learn_agentic_ai --mode validate --input - --watch --json',
  ], async (context, [slug = ''], options) => {
    const mode = modeOf(options.mode);
    const timeout = options.timeout === undefined ? undefined : durationOf(options.timeout);
    const inputs = await inputsOf(context, slug, options);
    const run = await startRun(context, { workflow_id: slug, run_mode: mode, inputs, ...(options.provider ? { provider: options.provider as RunBodyWire['provider'] } : {}), ...(options.model ? { model: options.model } : {}), ...(options.channel ? { channel: options.channel as RunBodyWire['channel'] } : {}) }, options.idempotencyKey);
    return options.watch || timeout !== undefined ? watchStarted(context, run, timeout) : tellStarted(context, run);
  });
}

async function inputsOf(context: Context, slug: string, options: RunOptions): Promise<Record<string, unknown>> {
  const given = options.input === undefined ? null : await readInputs(options.input, context.terminal.stdin);
  const asks = given === null && options.preset === undefined && options.set.length === 0;
  if (!asks && options.set.length === 0 && options.preset === undefined) return given ?? {};
  const schema = await context.client.get<WorkflowSchemaWire>(`/api/v1/workflows/${encodeURIComponent(slug)}/schema`);
  const preset = options.preset === undefined ? undefined : schema.presets.find((candidate) => candidate.key === options.preset);
  if (options.preset !== undefined && !preset) throw usage(`There is no preset "${options.preset}".`, `Presets of ${slug}: ${schema.presets.map((candidate) => candidate.key).join(', ') || 'none'}.`);
  if (asks && context.output.interactive) return askFor(schema);
  return applySets({ ...preset?.inputs, ...given }, options.set, schema.fields);
}

/** Only what is required and has no default; the rest stays as the workflow proposes it. */
async function askFor(schema: WorkflowSchemaWire): Promise<Record<string, unknown>> {
  const inputs: Record<string, unknown> = {};
  for (const field of schema.fields.filter((candidate) => candidate.required && candidate.default === undefined)) {
    const answer = await ask({ message: field.title ?? field.name, placeholder: field.description ?? '', output: process.stderr });
    if (isCancel(answer)) throw new CliError('Nothing was started.', null, EXIT.interrupted);
    Object.assign(inputs, applySets({}, [`${field.name}=${answer}`], schema.fields));
  }
  return inputs;
}

export async function startRun({ client, output, interrupted }: Context, body: RunBodyWire, idempotencyKey?: string): Promise<StartedRun> {
  const run = await client.post<StartedRun>('/api/v1/runs', { body, signal: interrupted, headers: idempotencyKey ? { 'Idempotency-Key': idempotencyKey } : {} });
  output.say(`Run ${run.id} accepted (${MODE_WORDS[run.run_mode].label}, ${run.provider} / ${run.model}). ${run.provider_reason}`);
  return run;
}

export function tellStarted({ output }: Context, run: StartedRun): ExitCode {
  if (output.json) output.document(run);
  else output.data(run.id);
  output.say(`Follow it: awp runs watch ${run.id}`);
  return EXIT.ok;
}

/** The id goes to stdout before the wait, so that a script has it whatever happens; with --json the ended run does. */
export async function watchStarted(context: Context, run: RunWire, timeoutSeconds?: number): Promise<ExitCode> {
  if (!context.output.json) context.output.data(run.id);
  const { run: ended, exitCode } = await watchRun(run.id, { ...context, client: context.client, timeoutSeconds });
  tellEnd(context, ended);
  return exitCode;
}

export function tellEnd({ output }: Context, run: RunDetailWire): void {
  if (output.json) { output.document(run); return; }
  if (run.status === 'waiting') output.say(`The run waits (${run.wait_reason}) and stays where it is: ${run.id}`);
  else output.say(wholeRail(viewOfDetail(run), output.plain ? ASCII : UNICODE).at(-1));
  if (run.artifacts.length > 0) output.say(`Files: awp artifacts pull ${run.id}`);
}
