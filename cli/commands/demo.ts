import type { Command } from 'commander';
import type { ArtifactWire } from '#contracts/api/artifacts.schema';
import type { RunWire } from '#contracts/api/runs.schema';
import type { WorkflowDetailWire, WorkflowSummaryWire } from '#contracts/api/workflows.schema';
import { leaf, type Context, type Host } from '../context.ts';
import { CliError } from '../errors.ts';
import { printable } from '../output.ts';
import { watchRun } from '../watch.ts';
import { startRun, tellEnd } from './run.ts';

/** The first run without a browser: Validate and Test of a catalog workflow with the demo provider. No key, no cost. */
export function addDemo(host: Host, program: Command): void {
  leaf<{ workflow: string }>(host, program.command('demo').description('A first run with the demo provider: Validate and Test, no key, no cost').option('--workflow <slug>', 'which workflow', 'learn_agentic_ai'), ['awp demo', 'awp demo --json'], async (context, _, { workflow }) => {
    const run = await startDemoRun(context, workflow);
    if (!context.output.json) context.output.data(run.id);
    const { run: ended, exitCode } = await watchRun(run.id, { ...context, client: context.client });
    tellEnd(context, ended);
    if (!context.output.json && exitCode === 0) await showBeginning(context, ended.artifacts);
    return exitCode;
  });
}

/** A Test run with the first preset of the workflow and the demo provider. */
export async function startDemoRun(context: Context, slug: string): Promise<RunWire> {
  const { client } = context;
  const workflow = await client.get<WorkflowDetailWire>(`/api/v1/workflows/${encodeURIComponent(slug)}`).catch(async (error: unknown) => {
    const list = await client.get<WorkflowSummaryWire[]>('/api/v1/workflows');
    throw error instanceof CliError ? new CliError(error.message, `Workflows: ${list.map((entry) => entry.workflow_id).join(', ')}.`, error.exitCode) : error;
  });
  const [preset] = workflow.presets;
  if (!preset) throw new CliError(`${slug} has no preset to begin with.`, `Start it with your own inputs: awp run ${slug} --input in.json --provider demo`);
  return startRun(context, { workflow_id: slug, run_mode: 'test_run', provider: 'demo', inputs: preset.inputs });
}

async function showBeginning({ client, output }: Context, artifacts: readonly ArtifactWire[]): Promise<void> {
  const notes = artifacts.find((file) => file.mime_type === 'text/markdown');
  if (!notes) return;
  const { content } = await client.get<{ content: string }>(`/api/v1/artifacts/${notes.id}/content`);
  output.say(`\n${notes.file_name} begins:\n`);
  for (const line of printable(content).split('\n').slice(0, 8)) output.say(`  ${line}`);
}
