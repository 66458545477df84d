import { confirm, isCancel } from '@clack/prompts';
import type { Command } from 'commander';
import { leaf, type Context, type Host } from '../context.ts';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { durationOf, readInputs, usage } from '../inputs.ts';
import { dollars } from '../output.ts';
import { tellStarted, watchStarted, type StartedRun } from './run.ts';

interface RerunOptions { from?: string; failed?: boolean; input?: string; provider?: string; model?: string; dryRun?: boolean; yes?: boolean; watch?: boolean; timeout?: string; idempotencyKey?: string }
interface Range { low: number; expected: number; worst: number }
interface Preview { calls: { call_id: string | null; stage: string; title: string; state: string }[]; counts: { reused: number; maybe: number; to_pay: number }; cost_usd_micros: Range | null; notes: string[] }

export function addRerun(host: Host, runs: Command): void {
  const command = runs.command('rerun').argument('<id>').description('Make a run again; what is recorded is reused, the price is shown first')
    .option('--from <stage/step>', 'this step and what follows, e.g. test/syllabus').option('--failed', 'only what has no answer yet').option('-i, --input <file>', 'other inputs, whole; - reads stdin')
    .option('-p, --provider <id>').option('--model <id>').option('--dry-run', 'only the price').option('-y, --yes', 'do not ask').option('-w, --watch', 'follow it to its end').option('-t, --timeout <time>', 'stop watching after 90s, 15m …').option('--idempotency-key <key>');
  leaf<RerunOptions>(host, command, ['awp runs rerun 0199… --dry-run', 'awp runs rerun 0199… --failed --watch --yes', 'awp runs rerun 0199… --from test/syllabus --model gpt-4o'], async (context, [id = ''], options) => {
    const { client, output } = context;
    const timeout = options.timeout === undefined ? undefined : durationOf(options.timeout);
    const body = await bodyOf(context, options);
    const path = `/api/v1/runs/${encodeURIComponent(id)}/rerun`;
    const preview = await client.post<Preview>(`${path}/preview`, { body });
    if (options.dryRun && output.json) { output.document(preview); return EXIT.ok; }
    if (options.dryRun) { output.table(preview.calls, [['CALL', (call: Preview['calls'][number]) => call.call_id ?? call.stage], ['TITLE', (call: Preview['calls'][number]) => call.title], ['', (call: Preview['calls'][number]) => call.state]]); tellPrice(context, preview); return EXIT.ok; }
    tellPrice(context, preview);
    if (!options.yes && output.interactive) {
      const agreed = await confirm({ message: 'Start it?', output: process.stderr });
      if (isCancel(agreed) || !agreed) throw new CliError('Nothing was started.', null, EXIT.interrupted);
    }
    const run = await client.post<StartedRun>(path, { body, headers: options.idempotencyKey ? { 'Idempotency-Key': options.idempotencyKey } : {} });
    output.say(`Run ${run.id} accepted; it repeats ${id}.`);
    return options.watch || timeout !== undefined ? watchStarted(context, run, timeout) : tellStarted(context, run);
  });
}

async function bodyOf({ terminal }: Context, options: RerunOptions): Promise<Record<string, unknown>> {
  if (options.from !== undefined && options.failed) throw usage('--from and --failed do not go together.');
  const [, stage, step] = /^(test|full)\/(.+)$/.exec(options.from ?? '') ?? [];
  if (options.from !== undefined && !step) throw usage(`--from ${options.from} is not stage/step.`, 'For example test/syllabus; "awp runs get ID --json" lists them.');
  return {
    kind: step ? 'from_step' : options.failed ? 'failed_only' : 'start', ...(step ? { from: { stage, step } } : {}), ...(options.input === undefined ? {} : { inputs: await readInputs(options.input, terminal.stdin) }),
    ...(options.provider ? { provider: options.provider } : {}), ...(options.model ? { model: options.model } : {}),
  };
}

function tellPrice({ output }: Context, { counts, cost_usd_micros: cost, notes }: Preview): void {
  output.say(`${counts.reused} calls reused, ${counts.maybe} perhaps, ${counts.to_pay} to pay: ${cost ? `about ${dollars(cost.expected)}, at most ${dollars(cost.worst)}` : 'price unknown'}`);
  for (const note of notes) output.say(`  ${note}`);
}
