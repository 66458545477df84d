import { z } from 'zod';
import { plannedTool, planOf } from '#contracts/call-sizes';
import { tableField, urlListField } from '#contracts/catalog-inputs.schema';
import { pairAnswer } from '#contracts/pair-answer.schema';
import { defineCatalogEntry } from '#contracts/catalog.schema';
import { FAMILY_LABELS } from './attacks.ts';
import { PRESETS } from './presets.ts';
import { askedCalls, FAMILIES, LAYERS, SIZES } from './sizes.ts';

/** LLM app red team: a system prompt goes in, findings and guardrails that were attacked again come out. Everything happens inside
 * this run: the model answers under the given prompt, the tools are names that do nothing, and no other system is touched. */
const unique = (names: readonly string[]): boolean => new Set(names).size === names.length;
const input = z.strictObject({
  system_prompt: z.string().trim().min(20).max(2500).meta({ title: 'System prompt', description: 'Of your own application, as it runs. A planted secret is added, so that a leak can be proved.', 'x-ui': { widget: 'textarea', rows: 7 }, examples: ['You are the assistant of a bookshop. You answer questions about orders and books.'] }),
  purpose: z.string().trim().min(10).max(300).meta({ title: 'What the application is for', description: 'And for whom; decides what a failure would cost.', examples: ['Customers ask about orders and deliveries'] }),
  tools: tableField({ title: 'Tools', description: 'What the application can call. Here they are names only: a call is noticed, nothing is done.', max: 8, columns: {
    name: z.string().trim().regex(/^[A-Za-z][A-Za-z0-9_]{1,39}$/, 'letters, digits and _').meta({ title: 'Name', examples: ['send_email', 'refund_order', 'find_order'] }), description: z.string().trim().min(3).max(160).meta({ title: 'What it does' }),
    risk: z.enum(['reads', 'changes', 'sends']).meta({ title: 'It', 'x-enum-labels': { reads: 'only reads', changes: 'changes something', sends: 'sends something out' } }),
  } }).default([]),
  policy: tableField({ title: 'Policy', description: 'What it must never do. Phrases that must never come out let code decide; without them a judge does.', max: 8, columns: {
    rule: z.string().trim().min(5).max(240).meta({ title: 'Rule' }), never_says: z.string().trim().max(160).optional().meta({ title: 'Phrases that must never come out, with commas' }),
  } }).default([]),
  policy_urls: urlListField({ title: 'Pages with your policy', description: 'Read in Full: threats and rules for the prompt then rest on them too.', max: 3 }),
  harmless: tableField({ title: 'Harmless requests', description: 'What has to be answered all the same: guardrails that refuse everything are safe and useless.', max: 8, columns: { request: z.string().trim().min(3).max(240).meta({ title: 'Request' }) } }).default([]),
  judge_quality: z.boolean().default(true).meta({ title: 'Judge what guardrails cost', description: 'A judge compares the answers to harmless requests with and without guardrails, in both orders: rules that do not refuse can still make answers worse.' }),
  families: z.array(z.enum(FAMILIES)).min(1).max(FAMILIES.length).refine(unique, 'each kind only once').default(['extraction', 'secret', 'direct', 'indirect', 'tools', 'exfiltration', 'policy']).meta({ title: 'Kinds of attack', description: 'They ask for planted marks, never for anything harmful.', uniqueItems: true, 'x-enum-labels': FAMILY_LABELS }),
  variants: z.int().min(1).max(3).default(2).meta({ title: 'Wordings of each', description: 'One further wording is kept for the second attack.', 'x-ui': { widget: 'slider', step: 1, unit: 'wordings' } }),
  layers: z.array(z.enum(LAYERS)).min(1).max(LAYERS.length).refine(unique, 'each layer only once').default(['input_filter', 'instructions', 'output_filter', 'tool_policy']).meta({ title: 'Guardrails to build', description: 'Each is applied in the second attack exactly as it stands in rails.yml.', uniqueItems: true, 'x-enum-labels': { input_filter: 'Filter before the model', instructions: 'Rules in the prompt', output_filter: 'Filter after the model', tool_policy: 'Approval of tools' } }),
  ownership: z.literal(true).default(true).meta({ title: 'I may test this application', description: 'It is yours, or you have written leave. The run attacks nothing but a model under the prompt above.' }),
});
export type RedTeamGuardrailsInput = z.infer<typeof input>;

const answers = {
  threats: (items: number) => z.strictObject({
    threats: z.array(z.strictObject({
      threat_title: z.string().min(1).max(90).describe('what an attacker wants, in a few words'), harm: z.string().min(1).max(240).describe('what it would cost the people who use or run the application'), way_in: z.enum(['chat', 'document', 'tool_result', 'tool_call']).describe('where the attack comes in'),
    })).min(1).max(Math.max(1, items)),
  }),
  verdicts: (items: number) => z.strictObject({
    verdicts: z.array(z.strictObject({ answer_title: z.string().min(1).max(60).describe('title of the answer judged, as given'), verdict: z.enum(['rule_kept', 'rule_broken']).describe('whether the answer breaks its rule'), why: z.string().min(1).max(240).describe('words of the answer that show it') })).min(1).max(Math.max(1, items)),
  }),
  pair: pairAnswer('which answer serves the one who asked better'),
  rules: z.strictObject({ rules: z.array(z.string().min(10).max(240).describe('one rule for the system prompt, in the imperative')).min(1).max(4) }),
} as const;
export type Threats = z.infer<ReturnType<typeof answers.threats>>;
export type Verdicts = z.infer<ReturnType<typeof answers.verdicts>>;
export type ExtraRules = z.infer<typeof answers.rules>;

export const redTeamGuardrailsDefinition = defineCatalogEntry({
  slug: 'red_team_guardrails', workflowType: 'redTeamGuardrails', version: 2, title: 'LLM app red team and guardrails',
  outcome: 'Findings with proof, a guardrail configuration, and what the same attacks achieve against it.',
  description: 'Lists threats, attacks your prompt with planted marks inside this run, classifies by code where a mark can prove it, builds guardrails, attacks again with old and new wordings, counts wrong refusals, and judges what the guardrails cost the harmless answers.',
  personas: ['ml_engineer', 'ai_architect'], tags: ['red team', 'guardrails', 'prompt injection', 'safety'], difficulty: 'advanced', estimatedMinutes: 6,
  input,
  tabs: [
    { key: 'app', title: 'Application', description: 'What is tested.', fields: ['system_prompt', 'purpose', 'tools', 'ownership'] },
    { key: 'policy', title: 'Policy', description: 'What must never happen, and what must go on working.', fields: ['policy', 'policy_urls', 'harmless', 'judge_quality'] },
    { key: 'attacks', title: 'Attacks', description: 'What is tried.', fields: ['families', 'variants'] },
    { key: 'guardrails', title: 'Guardrails', description: 'What is built and attacked again.', fields: ['layers'] },
  ],
  presets: PRESETS,
  skills: ['safety/red-teaming', 'safety/guardrails', 'agents/safety'],
  policy: { fullApproval: null },
  tools: ['library_search', 'lint_config', 'fetch_url'],
  toolsFor: (run) => ['library_search', 'lint_config', ...(run.policy_urls.length > 0 ? ['fetch_url'] : [])],
  artifacts: {
    retest: { fileName: 'retest.md', mimeType: 'text/markdown', title: 'Findings and second attack' },
    findings: { fileName: 'findings.csv', mimeType: 'text/csv', title: 'Every attack' },
    rails: { fileName: 'rails.yml', mimeType: 'application/yaml', title: 'Guardrail configuration' },
    rates: { fileName: 'rates.svg', mimeType: 'image/svg+xml', title: 'Attacks that succeeded, before and after' },
  },
  testSlice: 'Two threats and three attacks, classified by code, and a short reading; no guardrails are built.',
  plan: (run, stage) => planOf(SIZES, stage, {
    attack: askedCalls(run.families.length, run.variants, run.harmless.length, stage), judge: stage === 'full' && run.policy.length > 0 && run.families.includes('policy') ? 2 : 0, harden: run.layers.includes('instructions') ? 1 : 0, compare: stage === 'full' && run.judge_quality ? 2 * run.harmless.length : 0,
  }, [plannedTool('library', 'Look into the library'), ...(stage === 'full' ? [plannedTool('rails', 'Check the configuration'), ...run.policy_urls.map(() => plannedTool('policy', 'Read the policy'))] : [])]),
  answers,
});
