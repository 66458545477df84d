import { z } from 'zod';
import { plannedTool, planOf } from '#contracts/call-sizes';
import { tableField, uploadField } from '#contracts/catalog-inputs.schema';
import { defineCatalogEntry } from '#contracts/catalog.schema';
import { DISTIL_CODE, DISTIL_METHOD, PRETRAIN_METHOD } from './samples.ts';
import { GPUS, JOBS, SIZES } from './sizes.ts';

/** Reproduction planner: a method section, its code and a GPU budget go in; what is missing, what it costs and in which order to try come out. */
const input = z.strictObject({
  paper_text: z.string().trim().min(120).max(10_000).meta({ title: 'Method section', description: 'Method, experiments and appendix, with their headings. An upload, when there is one, goes before this text.', 'x-ui': { widget: 'textarea', rows: 12 }, examples: ['## Method\nWe fine-tune … with a learning rate of 3e-4 …'] }),
  paper_file: uploadField({ accept: ['pdf', 'docx', 'markdown', 'text', 'html'], title: 'Paper as a file', description: 'Read in place of the text above.' }).optional(),
  code_url: z.url({ protocol: /^https$/, error: 'must be a web address that begins with https://' }).max(300).optional().meta({ title: 'Repository', description: 'A public repository on GitHub or GitLab; read in a Full run, nothing of it is executed.' }),
  code_listing: z.string().trim().max(8_000).default('').meta({ title: 'Code and settings, pasted', description: 'README, configuration or arguments, when there is no public repository.', 'x-ui': { widget: 'textarea', rows: 8 } }),
  claims: tableField({
    title: 'Claims to reproduce', description: 'Left empty: named from the paper. The tolerance is what you will accept as reproduced.', max: 6,
    columns: { claim: z.string().trim().min(3).max(240).meta({ title: 'Claim' }), metric: z.string().trim().max(60).optional().meta({ title: 'Metric' }), value: z.number().optional().meta({ title: 'Published value' }), tolerance: z.number().min(0).optional().meta({ title: 'Tolerance' }) },
  }).default([]),
  job: z.enum(JOBS).default('fine_tuning').meta({ title: 'Kind of work', description: 'Decides what has to be known and how it is estimated.', 'x-enum-labels': { training: 'Training from scratch', fine_tuning: 'Fine-tuning with adapters', evaluation: 'Evaluation only' } }),
  parameters_millions: z.number().min(0.1).max(1_000_000).default(410).meta({ title: 'Parameters', description: 'Of the model, in millions.' }),
  tokens_millions: z.number().min(0.001).max(20_000_000).default(16.2).meta({ title: 'Tokens in one epoch', description: 'In millions: examples times their length.' }),
  epochs: z.number().min(0.1).max(1_000).default(3).meta({ title: 'Epochs', description: 'How often the data are seen.', 'x-show-if': { field: 'job', in: ['training', 'fine_tuning'] } }),
  seeds: z.int().min(1).max(10).default(3).meta({ title: 'Seeds', description: 'Full runs wanted; three show a spread.', 'x-ui': { widget: 'slider', step: 1, unit: 'runs' } }),
  gpu: z.enum(GPUS).default('a100_40').meta({ title: 'Device', description: 'What you have or rent.', 'x-enum-labels': { t4: 'NVIDIA T4 16 GB', l4: 'NVIDIA L4 24 GB', rtx_4090: 'NVIDIA RTX 4090 24 GB', v100: 'NVIDIA V100 32 GB', a100_40: 'NVIDIA A100 40 GB', a100_80: 'NVIDIA A100 80 GB', h100: 'NVIDIA H100 80 GB' } }),
  gpu_count: z.int().min(1).max(64).default(1).meta({ title: 'Number of devices', description: 'Used at the same time.' }),
  utilisation_percent: z.int().min(5).max(70).default(30).meta({ title: 'Share of the peak that is reached', description: '20 to 45 % is usual; measure one step to know.', 'x-ui': { widget: 'slider', step: 1, unit: '%' } }),
  budget_gpu_hours: z.number().min(0.1).max(1_000_000).default(20).meta({ title: 'Budget', description: 'GPU hours in all.' }),
  price_per_gpu_hour: z.number().min(0).max(1_000).default(2).meta({ title: 'Price of a GPU hour', description: 'In your currency; 0 when it is your own.' }),
  search_issues: z.boolean().default(true).meta({ title: 'Search the web for reports', description: 'Others may have met your problem. In a Full run only, when a search is configured.' }),
});
export type ReproductionPlannerInput = z.infer<typeof input>;

const answers = {
  claims: (count: number) => z.strictObject({
    claims: z.array(z.strictObject({
      claim: z.string().min(1).max(240).describe('what the authors report, as one sentence with its figure and condition'),
      section_id: z.string().min(1).max(20).describe('id of the material it stands in'),
    })).min(1).max(Math.max(1, count)),
  }),
  risks: (count: number) => z.strictObject({
    risks: z.array(z.strictObject({
      title: z.string().min(1).max(120).describe('what may go wrong'),
      risk: z.string().min(1).max(260).describe('why it may make the result differ'),
      remedy: z.string().min(1).max(260),
      source_id: z.string().min(1).max(20).describe('id of the material that says so'),
    })).min(1).max(Math.max(1, count)),
  }),
} as const;
export type ClaimsAnswer = z.infer<ReturnType<typeof answers.claims>>;
export type RisksAnswer = z.infer<ReturnType<typeof answers.risks>>;

export const reproductionPlannerDefinition = defineCatalogEntry({
  slug: 'reproduction_planner', workflowType: 'reproductionPlanner', version: 1, title: 'Reproduction planner',
  outcome: 'What the paper does not tell, what its runs cost on your devices, a configuration to start from, and a plan with points to stop.',
  description: 'Reads the method, looks for every fact that a rerun needs in paper and code, shows where the two differ, names the claims and their tolerance, works out compute, memory and cost in two ways, writes and checks a configuration, and plans stages from the cheapest to the full run with the risks of each.',
  personas: ['researcher', 'ml_engineer'], tags: ['reproduction', 'compute', 'configuration', 'planning'], difficulty: 'advanced', estimatedMinutes: 4,
  input,
  tabs: [
    { key: 'paper', title: 'Paper and code', description: 'What is to be reproduced.', fields: ['paper_text', 'paper_file', 'code_url', 'code_listing', 'claims'] },
    { key: 'work', title: 'Work', description: 'How big one run is.', fields: ['job', 'parameters_millions', 'tokens_millions', 'epochs', 'seeds'] },
    { key: 'budget', title: 'Budget', description: 'What you have.', fields: ['gpu', 'gpu_count', 'utilisation_percent', 'budget_gpu_hours', 'price_per_gpu_hour', 'search_issues'] },
  ],
  presets: [
    { key: 'fine_tune', title: 'Fine-tuned summariser, code and paper differ', inputs: { paper_text: DISTIL_METHOD, code_listing: DISTIL_CODE, budget_gpu_hours: 1.5, claims: [{ claim: 'The fine-tuned model reaches 41.2 ROUGE-L on the test set', metric: 'ROUGE-L', value: 41.2, tolerance: 0.5 }] } },
    { key: 'pretraining', title: 'Small pre-training that does not fit the budget', inputs: { paper_text: PRETRAIN_METHOD, job: 'training', parameters_millions: 125, tokens_millions: 2_500, epochs: 1, gpu: 'l4', gpu_count: 2, utilisation_percent: 25, budget_gpu_hours: 30, price_per_gpu_hour: 0.8 } },
  ],
  skills: ['training/reproduction', 'training/fine-tuning-config', 'writing/experiment-checklist'],
  policy: { fullApproval: null },
  tools: ['read_upload', 'read_repository', 'web_search', 'fetch_url', 'library_search', 'calculate', 'lint_config'],
  toolsFor: (run) => ['library_search', 'calculate', 'lint_config', ...(run.paper_file ? ['read_upload'] : []), ...(run.code_url ? ['read_repository'] : []), ...(run.search_issues ? ['web_search', 'fetch_url'] : [])],
  artifacts: {
    plan: { fileName: 'plan.md', mimeType: 'text/markdown', title: 'Plan' },
    config: { fileName: 'config.yaml', mimeType: 'application/yaml', title: 'Configuration' },
    gaps: { fileName: 'gaps.csv', mimeType: 'text/csv', title: 'Facts and gaps' },
    budget: { fileName: 'budget.csv', mimeType: 'text/csv', title: 'Cost of each stage' },
    hours: { fileName: 'hours.svg', mimeType: 'image/svg+xml', title: 'GPU hours by stage' },
  },
  testSlice: 'The first sections of the method: facts and gaps, the estimate, one claim, one risk and a short plan.',
  plan: (run, stage) => planOf(SIZES, stage, { claims: run.claims.length > 0 ? 0 : 1 }, [
    ...(run.paper_file ? [plannedTool('read', 'Read the paper', 4)] : []),
    ...(stage === 'full' && run.code_url ? [plannedTool('code', 'Read the repository')] : []),
    ...(stage === 'full' && run.search_issues ? [plannedTool('reports', 'Search for reports', 2)] : []),
    plannedTool('library', 'Look into the library'), plannedTool('estimate', 'Work out the cost'), plannedTool('config', 'Check the configuration'),
  ]),
  answers,
});
