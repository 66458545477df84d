import { z } from 'zod';
import { planOf, plannedTool } from '#contracts/call-sizes';
import { tableField, uploadField, urlListField } from '#contracts/catalog-inputs.schema';
import { defineCatalogEntry } from '#contracts/catalog.schema';
import { DOCUMENT_KINDS } from '#contracts/uploads';
import { HIGH_RISK_AREAS } from './assess.ts';
import { CONTROL_IDS, controlLabel, CONTROLS, FRAMEWORK_IDS, FRAMEWORK_TITLES } from './controls.ts';
import { PRESETS } from './presets.ts';
import { controlCount, MAX_RULE_TEXTS, SIZES } from './sizes.ts';

/** Controls and compliance map: a system, the rules for it and what is in place go in; a matrix, gaps, tests and an evidence list come out. */
const distinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length;
const controlTitles = Object.fromEntries(CONTROL_IDS.map((id) => [id, `${id} ${CONTROLS[id].title}`]));
const CONTROL_LABELS = CONTROL_IDS.map(controlLabel) as [string, ...string[]];
const AREAS = ['general', ...HIGH_RISK_AREAS] as const;
const TOOLS = ['library_search', 'fetch_url'] as const;

const input = z.strictObject({
  system_name: z.string().trim().min(2).max(80).meta({ title: 'Name of the system', description: 'As in your inventory.', examples: ['Applicant screening', 'Support assistant'] }),
  description: z.string().trim().min(30).max(6_000).meta({ title: 'What it does', description: 'Purpose, users, data, what it decides and what people do with that.', 'x-ui': { widget: 'textarea', rows: 8 }, examples: ['It reads applications, sorts them by fit, and shows reasons to a recruiter, who decides whom to invite.'] }),
  role: z.enum(['provider', 'deployer', 'both']).default('deployer').meta({ title: 'Your role', description: 'A provider puts a system on the market, a deployer uses it.', 'x-enum-labels': { provider: 'Provider', deployer: 'Deployer', both: 'Both' } }),
  use_area: z.enum(AREAS).default('general').meta({ title: 'Area of use', description: 'Areas that the EU AI Act lists are of high risk; exceptions need counsel.', 'x-enum-labels': { general: 'None of the listed areas', employment: 'Employment', credit: 'Credit and insurance', education: 'Education', public_services: 'Public services and benefits', law_enforcement: 'Law enforcement, migration, justice', biometrics: 'Biometrics', critical_infrastructure: 'Critical infrastructure', product_safety: 'Safety part of a product' } }),
  machine_alone: z.boolean().default(false).meta({ title: 'It decides about people alone', description: 'No person looks before the decision has an effect.' }),
  personal_data: z.enum(['none', 'ordinary', 'special']).default('ordinary').meta({ title: 'Personal data', description: 'In prompts, documents, logs or indexes.', 'x-enum-labels': { none: 'None', ordinary: 'Yes', special: 'Yes, health, belief, origin or the like' } }),
  talks_to_people: z.boolean().default(true).meta({ title: 'People talk to it', description: 'They chat, call or write and get its answer.' }),
  synthetic_media: z.boolean().default(false).meta({ title: 'It makes pictures, sound or video', description: 'That could pass for real.' }),
  vendor_model: z.boolean().default(true).meta({ title: 'A vendor\'s model is used', description: 'Hosted or licensed.' }),
  frameworks: z.array(z.enum(FRAMEWORK_IDS)).min(1).max(5).refine(distinct, 'each only once').default(['eu_ai_act', 'gdpr', 'nist_ai_rmf']).meta({ title: 'Rule sets', description: 'Each control is mapped to them.', uniqueItems: true, 'x-enum-labels': FRAMEWORK_TITLES }),
  rule_text: z.string().trim().max(10_000).optional().meta({ title: 'Rules of your own', description: 'Policy, contract or law as text; duties are found in it, and each quote is checked.', 'x-ui': { widget: 'textarea', rows: 6 } }),
  rule_file: uploadField({ accept: DOCUMENT_KINDS, title: 'Rules as a file', description: 'The same, from a document.' }).optional(),
  rule_urls: urlListField({ title: 'Rules on the web', description: 'Read in Full.', max: 3, 'x-show-if': { field: 'tools_enabled', includes: 'fetch_url' } }),
  controls: tableField({
    title: 'What is in place', description: 'A control that is not listed counts as missing.', max: 12,
    columns: {
      control: z.enum(CONTROL_IDS).meta({ title: 'Control', 'x-enum-labels': controlTitles }), status: z.enum(['in_place', 'partly', 'missing']).meta({ title: 'Status', 'x-enum-labels': { in_place: 'in place', partly: 'partly', missing: 'missing' } }),
      owner: z.string().trim().max(80).optional().meta({ title: 'Owner' }), evidence: z.string().trim().max(200).optional().meta({ title: 'Evidence' }), evidence_date: z.iso.date().optional().meta({ title: 'Dated' }),
    },
  }).refine((rows) => distinct(rows.map((row) => row.control)), 'each control only once').default([]),
  evidence_max_age_days: z.int().min(30).max(1_095).default(365).meta({ title: 'Evidence is good for', description: 'Older evidence counts as half.', 'x-ui': { widget: 'slider', step: 5, unit: 'days' } }),
  ask_sign_off: z.boolean().default(true).meta({ title: 'Ask me to sign off', description: 'A Full run shows you the gaps and asks; without an answer it stays unsigned and says so.' }),
  tools_enabled: z.array(z.enum(TOOLS)).max(2).refine(distinct, 'each only once').default([...TOOLS]).meta({ title: 'Where material comes from', description: 'The network is used in Full only.', uniqueItems: true, 'x-enum-labels': { library_search: 'Library', fetch_url: 'The rules you name' } }),
});
export type ControlsMapInput = z.infer<typeof input>;
export type ControlsMapForm = z.input<typeof input>;

const sentence = (words: string) => z.string().min(1).max(300).describe(words);
const answers = {
  rules: z.strictObject({ duties: z.array(z.strictObject({ quote: z.string().min(8).max(400).describe('the words of the rule that oblige, copied exactly'), control: z.enum(CONTROL_LABELS).describe('the control that serves it best') })).max(8) }),
  test_idea: z.strictObject({ test: sentence('the test that would show whether the control works here'), shown_by: sentence('the evidence that would convince an auditor here') }),
  sign_off: z.strictObject({
    decision: z.enum(['accept', 'accept_with_conditions', 'refuse']).meta({ title: 'Do you sign off?', 'x-enum-labels': { accept: 'Yes, with the gaps and dates shown', accept_with_conditions: 'Yes, under conditions', refuse: 'No' } }),
    conditions: z.string().max(1_000).optional().meta({ title: 'Conditions or reason', 'x-ui': { widget: 'textarea', rows: 3 } }),
    name: z.string().max(120).optional().meta({ title: 'Name and role' }),
  }),
} as const;
export type Duties = z.infer<typeof answers.rules>;
export type TestIdea = z.infer<typeof answers.test_idea>;
export type SignOff = z.infer<typeof answers.sign_off>;

export const controlsMapDefinition = defineCatalogEntry({
  slug: 'controls_map', workflowType: 'controlsMap', version: 1, title: 'Controls and compliance map',
  outcome: 'A matrix of twelve controls against your rule sets, gaps with owner and date, a test and the evidence for each, and a sign-off.',
  description: 'Sets the risk class by rule, maps controls to the rule sets, finds duties in your own rules with quotes that are checked, ages the evidence, orders the gaps, thinks of tests, and asks you to sign off.',
  personas: ['ai_architect', 'executive'], tags: ['compliance', 'eu ai act', 'gdpr', 'controls', 'audit'], difficulty: 'intermediate', estimatedMinutes: 4,
  input,
  tabs: [
    { key: 'system', title: 'System', description: 'What it is and whom it touches.', fields: ['system_name', 'description', 'role', 'use_area', 'machine_alone', 'personal_data', 'talks_to_people', 'synthetic_media', 'vendor_model'] },
    { key: 'rules', title: 'Rules', description: 'What it has to keep.', fields: ['frameworks', 'rule_text', 'rule_file', 'rule_urls', 'tools_enabled'] },
    { key: 'controls', title: 'Controls', description: 'What is there today, and what shows it.', fields: ['controls', 'evidence_max_age_days', 'ask_sign_off'] },
  ],
  presets: PRESETS,
  skills: ['safety/controls-and-compliance', 'architecture/observability', 'safety/guardrails'],
  policy: { fullApproval: null },
  tools: ['read_upload', 'check_quote', ...TOOLS],
  toolsFor: (run) => ['check_quote', ...(run.rule_file ? ['read_upload'] : []), ...run.tools_enabled],
  artifacts: {
    gaps: { fileName: 'gaps.md', mimeType: 'text/markdown', title: 'Gaps and plan' },
    matrix: { fileName: 'matrix.csv', mimeType: 'text/csv', title: 'Control matrix' },
    evidence: { fileName: 'evidence.csv', mimeType: 'text/csv', title: 'Evidence list' },
    chart: { fileName: 'coverage.svg', mimeType: 'image/svg+xml', title: 'Coverage by rule set' },
  },
  testSlice: 'The three most pressing controls with a test each, and a short reading of the gaps.',
  plan: (run, stage) => planOf(SIZES, stage, { test_idea: controlCount(stage), rules: stage === 'test' ? 0 : Math.min(MAX_RULE_TEXTS, (run.rule_text ? 1 : 0) + (run.rule_file ? 4 : 0) + (run.tools_enabled.includes('fetch_url') ? run.rule_urls.length : 0)) }, [plannedTool('library', 'Look into the library')]),
  answers,
});
