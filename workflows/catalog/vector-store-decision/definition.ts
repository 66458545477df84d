import { z } from 'zod';
import { planOf, plannedTool } from '#contracts/call-sizes';
import { tableField, urlListField } from '#contracts/catalog-inputs.schema';
import { defineCatalogEntry } from '#contracts/catalog.schema';
import { PRESETS } from './presets.ts';
import { SIZES, storeCount } from './sizes.ts';
import { HOSTINGS, LAYOUTS, STORE_IDS, STORES } from './stores.ts';

/** Vector store decision: the load and the constraints go in, a decision record with figures comes out. */
const TOOLS = ['library_search', 'web_search', 'fetch_url'] as const;
const titles = Object.fromEntries(STORE_IDS.map((id) => [id, STORES[id].title])) as Record<(typeof STORE_IDS)[number], string>;
const slider = (title: string, description: string, unit: string, step = 1) => ({ title, description, 'x-ui': { widget: 'slider', step, unit } });
const weight = (title: string, description: string) => z.int().min(0).max(5).meta(slider(title, description, 'of 5'));
const distinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

const input = z.strictObject({
  use_case: z.string().trim().min(10).max(600).meta({ title: 'What is searched, and by whom', description: 'One or two sentences. It opens the decision record.', 'x-ui': { widget: 'textarea', rows: 3 }, examples: ['Support staff search 40,000 manuals by meaning and by part number', 'A shop recommends products that are like the one on the page'] }),
  vectors: z.int().min(1_000).max(1_000_000_000).default(2_000_000).meta({ title: 'Vectors now', description: 'Chunks, not documents.', 'x-ui': { unit: 'vectors' } }),
  dimensions: z.int().min(64).max(4096).default(768).meta({ title: 'Dimensions', description: 'What your embedding model gives.', 'x-ui': { unit: 'numbers a vector' } }),
  payload_bytes: z.int().min(0).max(20_000).default(1_200).meta({ title: 'Text and metadata beside a vector', description: 'Kept on disk.', 'x-ui': { unit: 'bytes' } }),
  growth_percent: z.int().min(0).max(400).default(60).meta(slider('Growth a year', 'How many more vectors each year.', '%', 10)),
  horizon_months: z.int().min(6).max(60).default(24).meta(slider('The decision has to hold for', 'Sizes are worked out for today and for then.', 'months', 6)),
  queries_per_second: z.int().min(1).max(5_000).default(20).meta({ title: 'Queries at peak', description: 'A second.', 'x-ui': { unit: 'queries/s' } }),
  p95_ms: z.int().min(5).max(2_000).default(100).meta(slider('Latency limit', '95 of 100 searches have to be done in this time.', 'ms', 5)),
  recall_percent: z.int().min(80).max(99).default(95).meta(slider('Recall wanted', 'Share of the true ten nearest that a search finds.', '%')),
  filtering: z.enum(['none', 'broad', 'narrow']).default('broad').meta({ title: 'Filters', description: 'Conditions on metadata beside the search.', 'x-enum-labels': { none: 'None', broad: 'Some: they keep a good part', narrow: 'Strict: they keep 1 % or less' } }),
  hybrid: z.boolean().default(true).meta({ title: 'Words count too', description: 'Names, numbers and rare terms have to be found by full text as well.' }),
  tenants: z.enum(['one', 'shared', 'separate']).default('one').meta({ title: 'Tenants', description: 'Whose data lies together.', 'x-enum-labels': { one: 'One owner', shared: 'Several, told apart by a filter', separate: 'Several, kept apart' } }),
  hosting: z.array(z.enum(HOSTINGS)).min(1).max(4).refine(distinct, 'each only once').default(['postgres', 'own_servers', 'library']).meta({ title: 'Where it may run', description: 'Everything that is not ticked is out.', uniqueItems: true, 'x-enum-labels': { postgres: 'In PostgreSQL', own_servers: 'On servers of our own', library: 'Inside our process', managed: 'At a vendor' } }),
  open_source_only: z.boolean().default(false).meta({ title: 'Open source only', description: 'Stores under another licence are out.' }),
  densest_layout: z.enum(LAYOUTS).default('int8').meta({ title: 'Compression allowed', description: 'Down to this; the most exact layout that fits is taken.', 'x-enum-labels': { float32: 'None: 32-bit numbers', float16: '16-bit numbers', int8: '8-bit numbers, rescored', binary: 'One bit a number, rescored' } }),
  node_memory_gb: z.int().min(2).max(2_048).default(32).meta({ title: 'Memory of one machine', description: 'That the index may use.', 'x-ui': { unit: 'GB' } }),
  max_nodes: z.int().min(1).max(50).default(3).meta(slider('Machines at most', 'For one copy of the index.', 'machines')),
  replicas: z.int().min(1).max(5).default(2).meta(slider('Copies', 'Two survive the loss of one machine.', 'copies')),
  headroom_percent: z.int().min(0).max(100).default(30).meta(slider('Headroom', 'For updates, new indexes and peaks.', '%', 5)),
  scan_gb_per_second: z.number().min(0.5).max(500).default(10).meta({ title: 'Memory read by one search', description: 'For exact search. An assumption; measure yours.', 'x-ui': { unit: 'GB/s' } }),
  budget_usd_month: z.int().min(0).max(10_000_000).default(2_000).meta({ title: 'Budget', description: 'For machines and disk; 0 = no limit.', 'x-ui': { unit: 'dollars a month' } }),
  usd_per_gb_memory: z.number().min(0.01).max(500).default(5).meta({ title: 'Price of memory', description: 'Your own rate. The value given is an assumption, not a quote.', 'x-ui': { unit: 'dollars a GB and month' } }),
  usd_per_gb_disk: z.number().min(0).max(50).default(0.15).meta({ title: 'Price of disk', description: 'Your own rate. The value given is an assumption, not a quote.', 'x-ui': { unit: 'dollars a GB and month' } }),
  candidates: z.array(z.enum(STORE_IDS)).min(2).max(6).refine(distinct, 'each only once').default(['pgvector', 'qdrant', 'faiss']).meta({ title: 'Candidates', description: 'Two to six. A Test reads the first two.', uniqueItems: true, 'x-enum-labels': titles }),
  current_store: z.enum(['none', ...STORE_IDS]).default('none').meta({ title: 'In use today', description: 'What the team already runs counts as the easiest to run.', 'x-enum-labels': { none: 'None', ...titles } }),
  migration_window_hours: z.int().min(0).max(168).default(4).meta({ ...slider('Time without new data while moving', 'How long writes may stand still.', 'hours'), 'x-show-if': { field: 'current_store', not: 'none' } }),
  quotes: tableField({
    title: 'Quotes', description: 'What vendors offered you; it goes before the calculated price.', max: 6,
    columns: { store: z.enum(STORE_IDS).meta({ title: 'Store', 'x-enum-labels': titles }), usd_month: z.number().min(0).max(10_000_000).meta({ title: 'Dollars a month' }), source: z.string().trim().min(1).max(200).meta({ title: 'From whom, when' }) },
  }).default([]),
  weight_cost: weight('Cost', 'How much the monthly cost counts.').default(3),
  weight_operations: weight('Operations', 'How much it counts that there is little to run.').default(3),
  weight_features: weight('Features', 'Filters, hybrid search and tenants, as far as you want them.').default(2),
  weight_exit: weight('Way out', 'How much it counts that you can leave again.').default(2),
  known_facts: z.string().trim().max(4_000).optional().meta({ title: 'What you know already', description: 'Measurements, rules of the house, experience. It is read and cited like any source.', 'x-ui': { widget: 'textarea', rows: 5 } }),
  evidence_urls: urlListField({ title: 'Pages to read', description: 'Documents of makers, benchmarks, prices. Read in Full.', max: 5, 'x-show-if': { field: 'tools_enabled', includes: 'fetch_url' } }),
  tools_enabled: z.array(z.enum(TOOLS)).max(3).refine(distinct, 'each only once').default(['library_search', 'fetch_url']).meta({ title: 'Where evidence comes from', description: 'The network is used in Full only.', uniqueItems: true, 'x-enum-labels': { library_search: 'Library', web_search: 'Web search', fetch_url: 'The pages you name' } }),
  deciders: z.string().trim().max(200).default('').meta({ title: 'Who decides', description: 'Names for the record.' }),
});
export type VectorStoreDecisionInput = z.infer<typeof input>;
export type VectorStoreDecisionForm = z.input<typeof input>;

const sentence = (words: string) => z.string().min(1).max(260).describe(words);
const answers = {
  evidence: z.strictObject({ strength: sentence('its main strength under this load'), weakness: sentence('its main weakness under this load'), to_measure: sentence('what to measure before it is trusted') }),
  objections: (items: number) => z.strictObject({ objections: z.array(z.strictObject({ objection: sentence('why the decision may be wrong'), consequence: sentence('what happens then'), check: sentence('the cheapest test that would show it') })).min(items).max(items) }),
} as const;
export type Evidence = z.infer<typeof answers.evidence>;
export type Objections = z.infer<ReturnType<typeof answers.objections>>;

export const vectorStoreDecisionDefinition = defineCatalogEntry({
  slug: 'vector_store_decision', workflowType: 'vectorStoreDecision', version: 2, title: 'Vector store decision',
  outcome: 'A decision record that says which vector store to take, with sizes, monthly cost, a migration and exit plan, and what would change the decision.',
  description: 'Sizes each candidate for today and for the horizon, checks the figures with a calculator, sorts out what your constraints forbid, reads the evidence, weighs the rest by your weights, plans migration and exit, and lets a devil\'s advocate attack the result.',
  personas: ['ai_architect'], tags: ['vector store', 'rag', 'sizing', 'adr'], difficulty: 'intermediate', estimatedMinutes: 4,
  input,
  tabs: [
    { key: 'load', title: 'Load', description: 'What is searched, how much, how often.', fields: ['use_case', 'vectors', 'dimensions', 'payload_bytes', 'growth_percent', 'horizon_months', 'queries_per_second'] },
    { key: 'quality', title: 'Quality', description: 'How good and how fast a search has to be.', fields: ['p95_ms', 'recall_percent', 'filtering', 'hybrid', 'tenants'] },
    { key: 'constraints', title: 'Constraints', description: 'What is allowed and what it may cost.', fields: ['hosting', 'open_source_only', 'densest_layout', 'node_memory_gb', 'max_nodes', 'replicas', 'headroom_percent', 'scan_gb_per_second', 'budget_usd_month', 'usd_per_gb_memory', 'usd_per_gb_disk'] },
    { key: 'candidates', title: 'Candidates', description: 'What is compared, and what you run today.', fields: ['candidates', 'current_store', 'migration_window_hours', 'quotes'] },
    { key: 'weights', title: 'Weights and evidence', description: 'What counts, and what may be read.', fields: ['weight_cost', 'weight_operations', 'weight_features', 'weight_exit', 'known_facts', 'evidence_urls', 'tools_enabled', 'deciders'] },
  ],
  presets: PRESETS,
  skills: ['rag/vector-stores', 'rag/retrieval-evaluation', 'architecture/system-design-review'],
  policy: { fullApproval: null },
  tools: ['calculate', 'check_citations', ...TOOLS],
  toolsFor: (run) => ['calculate', 'check_citations', ...run.tools_enabled],
  artifacts: {
    adr: { fileName: 'adr.md', mimeType: 'text/markdown', title: 'Decision record' },
    sizing: { fileName: 'sizing.csv', mimeType: 'text/csv', title: 'Sizes and cost' },
    migration: { fileName: 'migration.md', mimeType: 'text/markdown', title: 'Migration and exit plan' },
    chart: { fileName: 'memory.svg', mimeType: 'image/svg+xml', title: 'Memory by store' },
  },
  testSlice: 'Two stores: sizes for both, evidence, one objection, a short plan and a short reason.',
  plan: (run, stage) => planOf(SIZES, stage, { evidence: storeCount(run.candidates.length, stage) }, [plannedTool('sizing', 'Check the sizes'), plannedTool('evidence', 'Find evidence', stage === 'test' ? 1 : run.candidates.length + run.evidence_urls.length)]),
  answers,
});
