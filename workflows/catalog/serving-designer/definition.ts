import { z } from 'zod';
import { plannedTool, planOf } from '#contracts/call-sizes';
import { urlListField } from '#contracts/catalog-inputs.schema';
import { defineCatalogEntry } from '#contracts/catalog.schema';
import { ACCELERATOR_KEYS, ACCELERATOR_LABELS, MODEL_KEYS, MODEL_LABELS } from '#contracts/model-shapes';
import { ownShapeFields } from '#contracts/model-shapes.schema';
import { PRESETS } from './presets.ts';
import { ENGINE_LABELS, ENGINES, PRECISION_LABELS, PRECISIONS, SIZES } from './sizes.ts';

/** Serving designer: workload, model and devices go in; sizing, manifests and a load test come out. */
const unique = (list: readonly string[]): boolean => new Set(list).size === list.length;
const tokens = (title: string, description: string, normal: number, max: number) => z.int().min(1).max(max).default(normal).meta({ title, description, 'x-ui': { unit: 'tokens' } });
const input = z.strictObject({
  use_case: z.string().trim().min(10).max(600).meta({ title: 'What it serves', description: 'Who sends what, and what comes back.', 'x-ui': { widget: 'textarea', rows: 3 }, examples: ['Assistant for our support desk, answers are streamed'] }),
  peak_qps: z.number().min(0.01).max(2000).default(2).meta({ title: 'Requests a second at peak', description: 'The busiest minute you want to serve without a queue.', 'x-ui': { unit: 'requests/s' } }),
  mean_load_percent: z.int().min(1).max(100).default(25).meta({ title: 'Mean load', description: 'Mean over the month as a part of the peak; nights count.', 'x-ui': { widget: 'slider', step: 5, unit: '%' } }),
  prompt_tokens: tokens('Prompt, average', 'System prompt, history and passages included.', 1500, 200_000), answer_tokens: tokens('Answer, average', 'What the model writes.', 250, 32_000), longest_context: tokens('Longest request', 'Prompt and answer together that still has to work.', 8192, 1_000_000),
  p95_seconds: z.number().min(0.2).max(600).default(15).meta({ title: 'Promise: whole answer', description: '95 of 100 answers are complete within this time.', 'x-ui': { unit: 's' } }),
  shared_prefix_percent: z.int().min(0).max(95).default(20).meta({ title: 'Shared beginning', description: 'Part of the prompt that requests share, so that it is read once.', 'x-ui': { widget: 'slider', step: 5, unit: '%' } }),
  model: z.enum([...MODEL_KEYS, 'custom']).default('llama_3_1_8b').meta({ title: 'Model', description: 'Its shape decides memory and speed.', 'x-enum-labels': { ...MODEL_LABELS, custom: 'Another one: give its shape' } }),
  ...ownShapeFields('model'),
  precision: z.enum(['auto', ...PRECISIONS]).default('auto').meta({ title: 'Precision of the weights', description: 'Left to the designer, it takes the highest that keeps the promise on your devices.', 'x-enum-labels': { auto: 'Let the designer choose', ...PRECISION_LABELS } }),
  cache_precision: z.enum(['bits16', 'bits8']).default('bits16').meta({ title: 'Precision of the cache', description: '8 bit holds twice as many requests; test the quality.', 'x-enum-labels': { bits16: '16 bit', bits8: '8 bit' } }),
  accelerator: z.enum(ACCELERATOR_KEYS).default('l4').meta({ title: 'Accelerator', description: 'Memory, bandwidth and speed are taken from its data sheet.', 'x-enum-labels': ACCELERATOR_LABELS }),
  devices: z.int().min(1).max(512).default(4).meta({ title: 'Devices you have', description: 'The design says when they are not enough.' }),
  price_usd: z.number().min(0).max(200).default(1).meta({ title: 'Price of a device', description: 'Dollars an hour as you pay them; 0 for your own machines.', 'x-ui': { unit: '$ an hour' } }),
  needs: z.array(z.enum(['openai_api', 'structured_output', 'adapters', 'peak_speed', 'simple_operation', 'mature', 'laptop'])).max(7).refine(unique, 'each need only once').default(['openai_api']).meta({
    title: 'What the engine has to have', description: 'Weighs the engines.', uniqueItems: true,
    'x-enum-labels': { openai_api: 'OpenAI-like interface', structured_output: 'Structured output', adapters: 'Several adapters at once', peak_speed: 'The last bit of speed', simple_operation: 'Simple operation', mature: 'Mature ecosystem', laptop: 'Laptops or processors too' },
  }),
  engines: z.array(z.enum(ENGINES)).min(1).max(4).refine(unique, 'each engine only once').default([...ENGINES]).meta({ title: 'Engines to consider', description: 'Those you could run.', uniqueItems: true, 'x-enum-labels': ENGINE_LABELS }),
  sources: z.array(z.enum(['library_search', 'web_search', 'fetch_url'])).max(3).refine(unique, 'each source only once').default(['library_search']).meta({ title: 'Where evidence comes from', description: 'The network is used in Full only.', uniqueItems: true, 'x-enum-labels': { library_search: 'Library (offline)', web_search: 'Web search', fetch_url: 'Read web pages' } }),
  reference_urls: urlListField({ title: 'Pages to read', description: 'Engine documentation or model card; read in Full only.', max: 4 }),
});
export type ServingDesignerInput = z.infer<typeof input>;

const sentence = (max: number) => z.string().min(1).max(max);
const answers = {
  engine: z.strictObject({ engine: z.enum(ENGINES).describe('the engine to take'), reason: sentence(300).describe('why this engine serves the workload'), change_if: sentence(240).describe('what would make another engine the better choice') }),
  critique: z.strictObject({
    weakest_assumption: sentence(300).describe('the assumption of the plan that fails first'), first_measurement: sentence(240).describe('what to measure first in the load test'),
    failures: z.array(sentence(300)).min(2).max(3).describe('what is seen at load, its cause and the remedy'),
  }),
} as const;
export type EngineAnswer = z.infer<typeof answers.engine>;
export type CritiqueAnswer = z.infer<typeof answers.critique>;

const OFFLINE = ['calculate', 'lint_config', 'library_search'] as const;
export const servingDesignerDefinition = defineCatalogEntry({
  slug: 'serving_designer', workflowType: 'servingDesigner', version: 1, title: 'Serving designer',
  outcome: 'A design with sizes you can check, a compose file and a load test that passed their checks, and the spot where the plan would break first.',
  description: 'Works out cache, batch, latency, replicas and money for each precision, judges the engines with evidence, writes the compose file and a k6 load test, checks both, and criticises the plan.',
  personas: ['ml_engineer', 'ai_architect'], tags: ['serving', 'inference', 'kv cache', 'capacity', 'load test'], difficulty: 'advanced', estimatedMinutes: 4,
  input,
  tabs: [
    { key: 'workload', title: 'Workload', description: 'What is asked, how often, how fast.', fields: ['use_case', 'peak_qps', 'mean_load_percent', 'prompt_tokens', 'answer_tokens', 'longest_context', 'shared_prefix_percent', 'p95_seconds'] },
    { key: 'model', title: 'Model', description: 'What is served.', fields: ['model', 'custom_name', 'custom_parameters_billion', 'custom_layers', 'custom_hidden_size', 'custom_heads', 'custom_kv_heads', 'custom_head_size', 'custom_intermediate_size', 'custom_vocabulary', 'precision', 'cache_precision'] },
    { key: 'devices', title: 'Devices', description: 'What it runs on, and what that costs.', fields: ['accelerator', 'devices', 'price_usd'] },
    { key: 'engine', title: 'Engine and evidence', description: 'What may serve it, and what is read about it.', fields: ['needs', 'engines', 'sources', 'reference_urls'] },
  ],
  presets: PRESETS,
  skills: ['serving/inference-engines', 'serving/quantization', 'serving/load-testing'],
  policy: { fullApproval: null },
  tools: [...OFFLINE, 'web_search', 'fetch_url'],
  toolsFor: (run) => ['calculate', 'lint_config', ...new Set([...run.sources, ...(run.reference_urls.length > 0 ? ['fetch_url'] : [])])],
  artifacts: {
    design: { fileName: 'design.md', mimeType: 'text/markdown', title: 'Design' },
    compose: { fileName: 'compose.yml', mimeType: 'application/yaml', title: 'Compose file of one replica, checked' },
    loadtest: { fileName: 'loadtest.js', mimeType: 'text/javascript', title: 'k6 load test, checked' },
    sizing: { fileName: 'sizing.csv', mimeType: 'text/csv', title: 'Every figure with its formula' },
    options: { fileName: 'options.svg', mimeType: 'image/svg+xml', title: 'Devices by precision' },
  },
  testSlice: 'The sizing of every precision and a short reading of it; no engines, no manifests.',
  plan: (run, stage) => planOf(SIZES, stage, {}, [plannedTool('memory', 'Size memory and cache'), plannedTool('load', 'Size for the load'), plannedTool('evidence', 'Collect evidence', stage === 'test' ? 1 : 2 + run.reference_urls.length), ...(stage === 'full' ? [plannedTool('manifests', 'Check the manifests', 2)] : [])]),
  answers,
});
