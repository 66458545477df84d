import { z } from 'zod';
import { planOf, plannedTool } from '#contracts/call-sizes';
import { tableField, uploadField, urlListField } from '#contracts/catalog-inputs.schema';
import { defineCatalogEntry } from '#contracts/catalog.schema';
import { DOCUMENT_KINDS } from '#contracts/uploads';
import { FRAMEWORK_IDS, FRAMEWORKS, PATTERN_IDS, PATTERNS } from './patterns.ts';
import { PRESETS } from './presets.ts';
import { RECORDS, optionCount, reviewerCount, SIZES } from './sizes.ts';

/** Agent system design review: requirements and powers go in; a reviewed design, threats, records and pictures come out. */
const slider = (title: string, description: string, unit: string, step = 1) => ({ title, description, 'x-ui': { widget: 'slider', step, unit } });
const distinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length;
const titlesOf = <Id extends string>(ids: readonly Id[], all: Readonly<Record<Id, { title: string }>>) => Object.fromEntries(ids.map((id) => [id, all[id].title])) as Record<Id, string>;
export const REVIEWERS = ['security', 'operations', 'cost', 'users', 'privacy', 'quality'] as const;
const FOREIGN = ['web pages', 'e-mails', 'uploads', 'tickets', 'code', 'other agents'] as const;
const TOOLS = ['library_search', 'web_search', 'fetch_url'] as const;
const weight = (title: string, description: string) => z.int().min(0).max(5).meta(slider(title, description, 'of 5'));

const input = z.strictObject({
  system_name: z.string().trim().min(2).max(80).meta({ title: 'Name of the system', description: 'It stands on every page.', examples: ['Support assistant', 'Invoice clerk'] }),
  requirements: z.string().trim().min(40).max(10_000).meta({ title: 'Requirements', description: 'Goal, users, what it must do and must never do. Paste the document, or write ten lines.', 'x-ui': { widget: 'textarea', rows: 10 }, examples: ['Customers ask about orders by mail. The assistant finds the order, drafts an answer with the policy it relies on, and a clerk sends it. It must never promise a refund.'] }),
  requirements_file: uploadField({ accept: DOCUMENT_KINDS, title: 'Requirements as a file', description: 'Read beside the text above.' }).optional(),
  path: z.enum(['fixed', 'mostly', 'open']).default('mostly').meta({ title: 'How far the steps are known', description: 'Before a request comes in.', 'x-enum-labels': { fixed: 'Always the same steps', mostly: 'A known outline with some choices', open: 'Found on the way' } }),
  users: z.enum(['internal', 'customers', 'public']).default('internal').meta({ title: 'Who asks', description: 'It decides how much hostility is expected.', 'x-enum-labels': { internal: 'Our own staff', customers: 'Known customers', public: 'Anybody' } }),
  autonomy: z.enum(['suggests', 'asks_first', 'acts_alone']).default('asks_first').meta({ title: 'How free it is', description: 'What happens before something is changed.', 'x-enum-labels': { suggests: 'It suggests, people act', asks_first: 'It acts after a yes', acts_alone: 'It acts alone' } }),
  tools: tableField({
    title: 'Tools', description: 'What it can reach, what each can do, and the most delicate data behind it.', max: 10,
    columns: {
      name: z.string().trim().min(1).max(40).meta({ title: 'Tool' }),
      effect: z.enum(['reads', 'writes_own', 'writes_others', 'sends_out', 'spends']).meta({ title: 'It', 'x-enum-labels': { reads: 'reads', writes_own: 'writes the user\'s own data', writes_others: 'changes data of others', sends_out: 'sends something out', spends: 'spends money' } }),
      data: z.enum(['public', 'internal', 'personal', 'secret']).meta({ title: 'Data', 'x-enum-labels': { public: 'public', internal: 'internal', personal: 'personal', secret: 'secret' } }),
    },
  }).default([]),
  untrusted: z.array(z.enum(FOREIGN)).max(6).refine(distinct, 'each only once').default([]).meta({ title: 'Text from outside that it reads', description: 'Everything that strangers may have written.', uniqueItems: true }),
  runs_per_hour: z.int().min(1).max(1_000_000).default(60).meta({ title: 'Requests at peak', description: 'An hour.', 'x-ui': { unit: 'an hour' } }),
  latency_seconds: z.int().min(1).max(3_600).default(60).meta({ title: 'An answer may take', description: 'From request to answer; waiting for a person does not count.', 'x-ui': { unit: 's' } }),
  seconds_per_call: z.number().min(0.2).max(120).default(5).meta({ title: 'One model call takes', description: 'An assumption until measured.', 'x-ui': { unit: 's' } }),
  input_tokens: z.int().min(10).max(500_000).default(3_000).meta({ title: 'Input of the first call', description: 'Prompt, tools, documents.', 'x-ui': { unit: 'tokens' } }),
  output_tokens: z.int().min(10).max(64_000).default(500).meta({ title: 'Output of a call', description: 'Carried into the next one in a loop.', 'x-ui': { unit: 'tokens' } }),
  usd_input: z.number().min(0).max(1_000).default(1).meta({ title: 'Price of input', description: 'Of your contract; the value given is an assumption.', 'x-ui': { unit: 'dollars a million tokens' } }),
  usd_output: z.number().min(0).max(1_000).default(4).meta({ title: 'Price of output', description: 'Of your contract; the value given is an assumption.', 'x-ui': { unit: 'dollars a million tokens' } }),
  max_usd_per_run: z.number().min(0).max(1_000).default(0.25).meta({ title: 'A request may cost', description: '0 = no limit.', 'x-ui': { unit: 'dollars' } }),
  patterns: z.array(z.enum(PATTERN_IDS)).min(1).max(6).refine(distinct, 'each only once').default(['chain', 'router', 'agent_loop', 'plan_execute']).meta({ title: 'Options', description: 'Patterns to weigh. A Test reads the first one.', uniqueItems: true, 'x-enum-labels': titlesOf(PATTERN_IDS, PATTERNS) }),
  weight_fit: weight('Fit', 'How much it counts that the pattern fits the work.').default(4),
  weight_control: weight('Control', 'How much it counts that it can be tested and explained.').default(3),
  weight_cost: weight('Cost', 'How much the price of a request counts.').default(1),
  frameworks: z.array(z.enum(FRAMEWORK_IDS)).min(1).max(5).refine(distinct, 'each only once').default(['none', 'langchain', 'llamaindex']).meta({ title: 'Frameworks', description: 'To be compared for the pattern that wins.', uniqueItems: true, 'x-enum-labels': titlesOf(FRAMEWORK_IDS, FRAMEWORKS) }),
  known_frameworks: z.array(z.enum(FRAMEWORK_IDS)).max(5).refine(distinct, 'each only once').default([]).meta({ title: 'The team knows', description: 'It counts a third.', uniqueItems: true, 'x-enum-labels': titlesOf(FRAMEWORK_IDS, FRAMEWORKS) }),
  reviewers: z.array(z.enum(REVIEWERS)).min(1).max(6).refine(distinct, 'each only once').default(['security', 'operations', 'cost', 'users']).meta({ title: 'Panel', description: 'Each reads the design without hearing the others. A Test hears the first.', uniqueItems: true, 'x-enum-labels': { security: 'Security', operations: 'Operations', cost: 'Cost', users: 'Users', privacy: 'Privacy', quality: 'Quality' } }),
  evidence_urls: urlListField({ title: 'Pages to read', description: 'Documents of frameworks, rules of the house. Read in Full.', max: 4, 'x-show-if': { field: 'tools_enabled', includes: 'fetch_url' } }),
  tools_enabled: z.array(z.enum(TOOLS)).max(3).refine(distinct, 'each only once').default(['library_search', 'fetch_url']).meta({ title: 'Where evidence comes from', description: 'The network is used in Full only.', uniqueItems: true, 'x-enum-labels': { library_search: 'Library', web_search: 'Web search', fetch_url: 'The pages you name' } }),
});
export type AgentDesignReviewInput = z.infer<typeof input>;
export type AgentDesignReviewForm = z.input<typeof input>;
export type Reviewer = (typeof REVIEWERS)[number];

const sentence = (words: string) => z.string().min(1).max(260).describe(words);
const answers = {
  parts: (items: number) => z.strictObject({ parts: z.array(z.strictObject({ part_title: z.string().min(1).max(70), responsibility: sentence('what it is answerable for'), failure: sentence('how it fails, and what the user sees then') })).min(items).max(items) }),
  option: z.strictObject({ strength: sentence('its main strength here'), weakness: sentence('its main weakness here') }),
  missed: (items: number) => z.strictObject({ threats: z.array(z.strictObject({ threat_title: z.string().min(1).max(90), control: sentence('what code can enforce against it') })).max(items) }),
  findings: (items: number) => z.strictObject({ findings: z.array(z.strictObject({ severity: z.enum(['high', 'medium', 'low']), finding: sentence('what is wrong or missing'), consequence: sentence('what happens then'), proposal: sentence('what to change') })).min(1).max(items) }),
} as const;
export type Parts = z.infer<ReturnType<typeof answers.parts>>;
export type OptionReading = z.infer<typeof answers.option>;
export type Missed = z.infer<ReturnType<typeof answers.missed>>;
export type Findings = z.infer<ReturnType<typeof answers.findings>>;

export const agentDesignReviewDefinition = defineCatalogEntry({
  slug: 'agent_design_review', workflowType: 'agentDesignReview', version: 2, title: 'Agent system design review',
  outcome: 'A design that a panel has read: parts, pattern and framework with reasons, numbers, a threat model with controls, decision records and pictures.',
  description: 'Divides the system into parts, weighs patterns by fit, control, time and money, reads the evidence on frameworks, derives threats from the powers you give, draws pictures, lets a panel review, and writes the revised design with decision records.',
  personas: ['ai_architect'], tags: ['agents', 'architecture', 'threat model', 'adr', 'review'], difficulty: 'advanced', estimatedMinutes: 6,
  input,
  tabs: [
    { key: 'requirements', title: 'Requirements', description: 'What is to be built, for whom.', fields: ['system_name', 'requirements', 'requirements_file', 'path', 'users'] },
    { key: 'powers', title: 'Powers', description: 'What it reads and what it can do.', fields: ['autonomy', 'tools', 'untrusted'] },
    { key: 'numbers', title: 'Numbers', description: 'Load, time and money.', fields: ['runs_per_hour', 'latency_seconds', 'seconds_per_call', 'input_tokens', 'output_tokens', 'usd_input', 'usd_output', 'max_usd_per_run'] },
    { key: 'options', title: 'Options', description: 'What is weighed, and how.', fields: ['patterns', 'weight_fit', 'weight_control', 'weight_cost', 'frameworks', 'known_frameworks'] },
    { key: 'review', title: 'Review', description: 'Who reads it, and what may be read for it.', fields: ['reviewers', 'evidence_urls', 'tools_enabled'] },
  ],
  presets: PRESETS,
  skills: ['architecture/system-design-review', 'agents/agent-loop', 'agents/planning', 'agents/safety', 'agents/operations', 'architecture/observability'],
  policy: { fullApproval: null },
  tools: ['read_upload', 'calculate', 'check_citations', ...TOOLS],
  toolsFor: (run) => ['calculate', 'check_citations', ...(run.requirements_file ? ['read_upload'] : []), ...run.tools_enabled],
  artifacts: {
    design: { fileName: 'design.md', mimeType: 'text/markdown', title: 'Reviewed design' },
    threats: { fileName: 'threats.csv', mimeType: 'text/csv', title: 'Threats and controls' },
    adr_pattern: { fileName: 'adr/0001-pattern.md', mimeType: 'text/markdown', title: 'Record: pattern' },
    adr_framework: { fileName: 'adr/0002-framework.md', mimeType: 'text/markdown', title: 'Record: framework' },
    adr_powers: { fileName: 'adr/0003-powers.md', mimeType: 'text/markdown', title: 'Record: powers' },
    context: { fileName: 'diagrams/context.svg', mimeType: 'image/svg+xml', title: 'Context with trust borders' },
    request: { fileName: 'diagrams/request.mmd', mimeType: 'text/plain', title: 'The way of one request (Mermaid)' },
  },
  testSlice: 'One option, two parts, one missed threat, one reviewer and a short design.',
  plan: (run, stage) => planOf(SIZES, stage, { option: optionCount(run.patterns.length, stage), framework: run.frameworks.length, review: reviewerCount(run.reviewers.length, stage), record: RECORDS.length }, [plannedTool('numbers', 'Check the numbers'), plannedTool('evidence', 'Find evidence', stage === 'test' ? 1 : run.patterns.length + run.frameworks.length + run.evidence_urls.length)]),
  answers,
});
