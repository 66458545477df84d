import { z } from 'zod';
import { plannedTool, planOf } from '#contracts/call-sizes';
import { columnsOf, tableField, uploadField, urlListField } from '#contracts/catalog-inputs.schema';
import { defineCatalogEntry } from '#contracts/catalog.schema';
import { TABLE_KINDS } from '#contracts/uploads';
import { ownShapeFields } from '#contracts/model-shapes.schema';
import { ACCELERATOR_KEYS, ACCELERATOR_LABELS, MODEL_KEYS, MODEL_LABELS } from '#contracts/model-shapes';
import { PRESETS } from './presets.ts';
import { METHODS, SIZES, TRAINERS } from './sizes.ts';

/** Fine-tune planner: a data sample, a model and devices go in; a runbook, a checked configuration and a budget come out. */
const column = z.string().trim().min(1).max(120);
const tableColumns = columnsOf('data_file', 'sample_csv');
const input = z.strictObject({
  goal: z.string().trim().min(10).max(600).meta({ title: 'Goal', description: 'What the tuned model should do that the model does not do today.', 'x-ui': { widget: 'textarea', rows: 3 }, examples: ['Answer in the tone of our support team', 'Return order e-mails as JSON with four fields'] }),
  need: z.enum(['style', 'format', 'skill', 'cost', 'facts']).default('style').meta({ title: 'What is missing', description: 'Some needs are met better without tuning; the runbook says so.', 'x-enum-labels': { style: 'Tone and style', format: 'A fixed form of output', skill: 'A skill the model lacks', cost: 'Lower cost or latency with a smaller model', facts: 'Current or private facts' } }),
  sample_csv: z.string().trim().min(3).max(10_000).meta({ title: 'Sample of the data as CSV', description: 'Rows with a header line, one column for the prompt, one for the wanted answer. An upload goes before this text.', 'x-ui': { widget: 'textarea', rows: 8 }, examples: ['prompt,answer\nHello,Good morning'] }),
  data_file: uploadField({ accept: TABLE_KINDS, title: 'Upload', description: 'The whole data set, or a part of it, in place of the pasted sample.' }).optional(),
  prompt_column: column.default('prompt').meta({ ...tableColumns, title: 'Prompt column', description: 'The column with what the model is asked.' }),
  answer_column: column.default('answer').meta({ ...tableColumns, title: 'Answer column', description: 'The column with the wanted answer.' }),
  examples_total: z.int().min(10).max(5_000_000).default(1000).meta({ title: 'Examples in all', description: 'How many there will be, when the sample is only a part.' }),
  characters_per_token: z.number().min(1).max(6).default(4).meta({ title: 'Characters a token', description: 'About 4 in English, less in other languages and in code.', 'x-ui': { widget: 'slider', step: 0.1, unit: 'characters' } }),
  model: z.enum([...MODEL_KEYS, 'custom']).default('llama_3_1_8b').meta({ title: 'Base model', description: 'Its shape decides memory and time.', 'x-enum-labels': { ...MODEL_LABELS, custom: 'Another one: give its shape' } }),
  ...ownShapeFields('model'),
  accelerator: z.enum(ACCELERATOR_KEYS).default('a10g').meta({ title: 'Accelerator', description: 'Memory and 16-bit speed are taken from its data sheet.', 'x-enum-labels': ACCELERATOR_LABELS }),
  devices: z.int().min(1).max(64).default(1).meta({ title: 'Devices', description: 'How many of them work on this.', 'x-ui': { widget: 'slider', step: 1, unit: 'devices' } }),
  price_usd: z.number().min(0).max(200).default(1.2).meta({ title: 'Price of a device', description: 'Dollars an hour as you pay them; 0 for your own machines.', 'x-ui': { unit: '$ an hour' } }),
  utilisation_percent: z.int().min(5).max(70).default(35).meta({ title: 'Utilisation', description: 'Share of the peak speed that training reaches; 30 to 50 % is common when well tuned.', 'x-ui': { widget: 'slider', step: 5, unit: '%' } }),
  method: z.enum(['auto', ...METHODS]).default('auto').meta({ title: 'Method', description: 'Left to the planner, it takes the simplest one that fits.', 'x-enum-labels': { auto: 'Let the planner choose', full: 'Full fine-tuning', lora: 'LoRA', qlora: 'QLoRA (4 bit)' } }),
  lora_rank: z.int().min(4).max(128).default(16).meta({ title: 'LoRA rank', description: '8 to 32 is a usual start.', 'x-show-if': { field: 'method', in: ['auto', 'lora', 'qlora'] }, 'x-ui': { widget: 'slider', step: 4 } }),
  sequence_length: z.int().min(128).max(32_768).default(1024).meta({ title: 'Sequence length', description: 'Longest prompt and answer together, in tokens.', 'x-ui': { widget: 'slider', step: 128, unit: 'tokens' } }),
  epochs: z.int().min(1).max(10).default(3).meta({ title: 'Epochs', description: 'How often each example is seen; 1 to 3 is usual.', 'x-ui': { widget: 'slider', step: 1 } }),
  checkpointing: z.boolean().default(true).meta({ title: 'Gradient checkpointing', description: 'A third more computing for much less memory.' }),
  packing: z.boolean().default(true).meta({ title: 'Pack short examples', description: 'Several examples share a sequence, so that nothing is computed on padding.' }),
  trainer: z.enum(TRAINERS).default('axolotl').meta({ title: 'Trainer', description: 'Whose field names the configuration uses.', 'x-enum-labels': { axolotl: 'Axolotl', trl_peft: 'TRL with PEFT', unsloth: 'Unsloth' } }),
  own_settings: tableField({
    title: 'Settings of your own', description: 'Go into the configuration as they are, and are checked. A field that nobody knows is renamed or left out, and the runbook says so.', max: 12,
    columns: { setting: z.string().regex(/^[a-z][a-z0-9_]{1,39}$/, 'letters, digits and _').meta({ title: 'Setting' }), value: z.string().trim().min(1).max(80).meta({ title: 'Value' }) },
  }).default([]),
  existing_config: z.string().trim().max(6000).default('').meta({ title: 'A configuration you have', description: 'YAML to be checked beside the new one. Leave empty when there is none.', 'x-ui': { widget: 'textarea', rows: 6 } }),
  reference_urls: urlListField({ title: 'Pages to read', description: 'Model card or documentation of the trainer; read in Full only.', max: 3 }),
});
export type FineTunePlannerInput = z.infer<typeof input>;

const sentence = (max: number) => z.string().min(1).max(max);
const answers = {
  method: z.strictObject({
    method: z.enum(METHODS).describe('the method to use, one of those that fit'), reason: sentence(300).describe('why this method serves the goal with this data'),
    main_risk: sentence(240).describe('what most probably goes wrong'), first_check: sentence(240).describe('what to measure before any training'),
  }),
  settings: z.strictObject({
    learning_rate: z.number().min(0.000_001).max(0.001), warmup_ratio: z.number().min(0).max(0.2), weight_decay: z.number().min(0).max(0.1), lora_dropout: z.number().min(0).max(0.2),
    reason: sentence(300).describe('why these values, or why the usual start is right'),
  }),
} as const;
export type MethodAnswer = z.infer<typeof answers.method>;
export type SettingsAnswer = z.infer<typeof answers.settings>;

const TOOLS = ['profile_data', 'query_data', 'calculate', 'library_search', 'lint_config'] as const;
export const fineTunePlannerDefinition = defineCatalogEntry({
  slug: 'fine_tune_planner', workflowType: 'fineTunePlanner', version: 1, title: 'Fine-tune planner + config lint',
  outcome: 'A runbook that says whether to tune at all, with which method, what it needs in memory, hours and money, and a configuration that passed its check.',
  description: 'Profiles your sample, works out memory for full tuning, LoRA and QLoRA on your devices, chooses a method that fits, budgets time and money, writes the configuration and checks it until it is clean, and writes a runbook.',
  personas: ['ml_engineer', 'data_scientist'], tags: ['fine-tuning', 'lora', 'memory', 'budget', 'configuration'], difficulty: 'intermediate', estimatedMinutes: 4,
  input,
  tabs: [
    { key: 'goal', title: 'Goal and data', description: 'What is wanted, and the examples that show it.', fields: ['goal', 'need', 'sample_csv', 'data_file', 'prompt_column', 'answer_column', 'examples_total', 'characters_per_token'] },
    { key: 'model', title: 'Model', description: 'What is tuned.', fields: ['model', 'custom_name', 'custom_parameters_billion', 'custom_layers', 'custom_hidden_size', 'custom_heads', 'custom_kv_heads', 'custom_head_size', 'custom_intermediate_size', 'custom_vocabulary'] },
    { key: 'devices', title: 'Devices', description: 'What it runs on, and what that costs.', fields: ['accelerator', 'devices', 'price_usd', 'utilisation_percent'] },
    { key: 'method', title: 'Method', description: 'How it is tuned.', fields: ['method', 'lora_rank', 'sequence_length', 'epochs', 'checkpointing', 'packing'] },
    { key: 'config', title: 'Configuration', description: 'For which trainer, with which settings of your own.', fields: ['trainer', 'own_settings', 'existing_config', 'reference_urls'] },
  ],
  presets: PRESETS,
  skills: ['training/fine-tuning-methods', 'training/fine-tuning-config', 'training/distributed-training'],
  policy: { fullApproval: null },
  tools: [...TOOLS, 'fetch_url'],
  toolsFor: (run) => (run.reference_urls.length > 0 ? [...TOOLS, 'fetch_url'] : TOOLS),
  artifacts: {
    runbook: { fileName: 'runbook.md', mimeType: 'text/markdown', title: 'Runbook' },
    config: { fileName: 'config.yaml', mimeType: 'application/yaml', title: 'Configuration, checked' },
    budget: { fileName: 'budget.csv', mimeType: 'text/csv', title: 'Memory, time and money with their formulas' },
    memory: { fileName: 'memory.svg', mimeType: 'image/svg+xml', title: 'Memory by method' },
  },
  testSlice: 'The first 20 rows, memory of every method and the budget, a choice with its reason and a short note; no configuration.',
  plan: (run, stage) => planOf(SIZES, stage, {}, [plannedTool('profile', 'Profile the sample', 2), plannedTool('memory', 'Work out the memory'), plannedTool('library', 'Look into the library', stage === 'test' ? 1 : 2 + run.reference_urls.length), plannedTool('budget', 'Work out time and money'), ...(stage === 'full' ? [plannedTool('config', 'Check the configuration', run.existing_config ? 3 : 2)] : [])]),
  answers,
});
