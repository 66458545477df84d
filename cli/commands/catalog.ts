import type { Command } from 'commander';
import type { ProviderWire } from '#contracts/api/providers.schema';
import type { WorkflowDetailWire, WorkflowSchemaWire, WorkflowSummaryWire } from '#contracts/api/workflows.schema';
import { leaf, type Host } from '../context.ts';

const address = (slug: string): string => `/api/v1/workflows/${encodeURIComponent(slug)}`;

export function addCatalog(host: Host, program: Command): void {
  const workflows = program.command('workflows').description('What can be run');
  leaf<{ persona?: string; search?: string }>(host, workflows.command('list').description('The catalog').option('--persona <persona>').option('--search <words>', 'in name, description and tags'), ['awp workflows list', 'awp workflows list --persona student --json'], async ({ client, output }, _, { persona, search }) => {
    const list = await client.get<WorkflowSummaryWire[]>('/api/v1/workflows', { query: { persona, search, limit: 200 } });
    output.table(list, [
      ['SLUG', (row: WorkflowSummaryWire) => row.workflow_id], ['TITLE', (row: WorkflowSummaryWire) => row.title], ['FOR', (row: WorkflowSummaryWire) => row.personas.join(', ')],
      ['LEVEL', (row: WorkflowSummaryWire) => row.difficulty], ['MINUTES', (row: WorkflowSummaryWire) => row.estimated_minutes], ['VERSION', (row: WorkflowSummaryWire) => row.version],
    ]);
  });
  leaf(host, workflows.command('show').argument('<slug>').description('One workflow: what it gives, modes, caps, files'), ['awp workflows show learn_agentic_ai'], async ({ client, output }, [slug = '']) => {
    const workflow = await client.get<WorkflowDetailWire>(address(slug));
    if (output.json) { output.document(workflow); return; }
    output.data(`${workflow.title} (${workflow.workflow_id} v${workflow.version})\n${workflow.outcome}\n\n${workflow.description}\n`);
    for (const mode of workflow.modes) {
      const caps = mode.caps ? ` At most ${mode.caps.output_tokens} output tokens, ${mode.caps.seconds} s, ${mode.caps.iterations} loop turns.` : '';
      output.data(`${mode.label}: ${mode.detail}${caps}`);
    }
    output.data(`\nFiles: ${workflow.artifacts.map((file) => file.file_name).join(', ')}`);
    if (workflow.presets.length > 0) output.data(`Presets: ${workflow.presets.map((preset) => `${preset.key} (${preset.title})`).join(', ')}`);
    output.say(`Inputs: awp workflows schema ${workflow.workflow_id}`);
  });
  leaf(host, workflows.command('schema').argument('<slug>').description('Its inputs; --json gives the JSON Schema'), ['awp workflows schema learn_agentic_ai', 'awp workflows schema learn_agentic_ai --json > schema.json'], async ({ client, output }, [slug = '']) => {
    const schema = await client.get<WorkflowSchemaWire>(`${address(slug)}/schema`);
    if (output.json) { output.document(schema.json_schema); return; }
    type Field = WorkflowSchemaWire['fields'][number];
    output.table(schema.fields, [
      ['INPUT', (field: Field) => field.name], ['TYPE', (field: Field) => field.type], ['', (field: Field) => (field.required && field.default === undefined ? 'required' : '')],
      ['DEFAULT', (field: Field) => (field.default === undefined ? null : JSON.stringify(field.default))], ['ABOUT', (field: Field) => field.description],
    ]);
  });
  for (const [word, call, words] of [['on', 'activate', 'Let a workflow be run again'], ['off', 'deactivate', 'Stop new runs of a workflow: of your own, or, as administrator, of the catalog']] as const) {
    leaf(host, workflows.command(word).argument('<slug>').description(words), [`awp workflows ${word} learn_agentic_ai`], async ({ client, output }, [slug = '']) => {
      const answer = await client.post<Pick<WorkflowSummaryWire, 'workflow_id' | 'is_active'>>(`${address(slug)}/${call}`);
      if (output.json) output.document(answer);
      else output.say(`${answer.workflow_id} is switched ${word}.`);
    });
  }
  leaf(host, program.command('providers').description('Model providers').command('list').description('Which are connected, with their default model'), ['awp providers list'], async ({ client, output }) => {
    output.table(await client.get<ProviderWire[]>('/api/v1/settings/providers'), [
      ['PROVIDER', (row: ProviderWire) => row.provider], ['CONNECTED', (row: ProviderWire) => (row.connected ? `yes (${row.key_source?.replace('_', ' ')})` : 'no')], ['DEFAULT MODEL', (row: ProviderWire) => row.default_model],
      ['MODELS', (row: ProviderWire) => row.models.length], ['LAST TEST', (row: ProviderWire) => row.test_status], ['', (row: ProviderWire) => (row.simulated ? 'DEMO: no language model' : '')],
    ]);
  });
}
