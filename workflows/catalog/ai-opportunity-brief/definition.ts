import { z } from 'zod';
import { planOf, plannedTool } from '#contracts/call-sizes';
import { tableField } from '#contracts/catalog-inputs.schema';
import { defineCatalogEntry } from '#contracts/catalog.schema';
import { PRESETS } from './presets.ts';
import { APPETITES, caseCount, CHECKS, LEVELS, MAX_PROCESSES, READINESS, SCAN_TURNS, SECTORS, SIZES } from './sizes.ts';

/** AI opportunity brief: processes with their volumes go in; a portfolio whose figures were worked out twice, a one-page brief and
 * a rehearsal of the questions come out. */
const GOALS = { cost: 'Lower cost', growth: 'Growth', speed: 'Shorter waiting', quality: 'Fewer errors', risk: 'Less risk', people: 'Better work for people' } as const;
const keys = <Names extends Record<string, string>>(names: Names) => Object.keys(names) as [keyof Names & string, ...(keyof Names & string)[]];
const input = z.strictObject({
  organisation: z.string().trim().min(10).max(400).meta({ title: 'Organisation', description: 'What it does, how large it is, what is different about it.', 'x-ui': { widget: 'textarea', rows: 2 }, examples: ['Regional insurer with 900 people and 300,000 customers'] }),
  sector: z.enum(keys(SECTORS)).default('insurance').meta({ title: 'Sector', description: 'Directs the search for evidence.', 'x-enum-labels': SECTORS }),
  sector_other: z.string().trim().max(60).default('').meta({ title: 'Which sector', description: 'In a few words.', 'x-show-if': { field: 'sector', equals: 'other' } }),
  goals: z.array(z.enum(keys(GOALS))).max(6).default(['cost', 'speed']).meta({ title: 'Goals', description: 'What the programme has to serve.', uniqueItems: true, 'x-enum-labels': GOALS }),
  processes: tableField({
    title: 'Processes', description: `Up to ${MAX_PROCESSES} that cost most, wait longest or draw most complaints. Volumes and minutes of today; estimates will do, measured ones are better.`, min: 1, max: MAX_PROCESSES,
    columns: {
      name: z.string().trim().min(3).max(60).meta({ title: 'Process' }), cases_a_year: z.int().min(1).max(100_000_000).meta({ title: 'Cases a year' }), minutes_a_case: z.number().min(0.5).max(10_000).meta({ title: 'Minutes a case' }), cost_an_hour: z.number().min(1).max(2000).meta({ title: 'Cost of an hour' }),
      check: z.enum(CHECKS).meta({ title: 'A result is checked', 'x-enum-labels': { rule: 'by a rule', quick: 'by a person at once', expert: 'by an expert', hard: 'hardly' } }), harm: z.enum(LEVELS).meta({ title: 'Harm of an error' }), data: z.enum(READINESS).meta({ title: 'Data', 'x-enum-labels': { ready: 'ready', partly: 'in part', missing: 'missing' } }),
      cost_once: z.number().min(0).max(1e9).optional().meta({ title: 'Cost, once' }), cost_a_year: z.number().min(0).max(1e9).optional().meta({ title: 'Cost a year' }),
    },
  }),
  currency: z.enum(['EUR', 'USD', 'GBP', 'CHF']).default('EUR').meta({ title: 'Currency', description: 'Of all amounts.' }),
  budget: z.int().min(10_000).max(20_000_000).default(400_000).meta({ title: 'Spend, first year', description: 'What may be spent once on pilots.', 'x-ui': { widget: 'slider', step: 10_000 } }),
  max_pilots: z.int().min(1).max(5).default(3).meta({ title: 'Pilots at once', description: 'What the organisation can carry.', 'x-ui': { widget: 'slider', step: 1, unit: 'pilots' } }),
  appetite: z.enum(APPETITES).default('balanced').meta({ title: 'Appetite for risk', description: 'Cautious leaves out what scores below 3; bold does not discount for risk.', 'x-enum-labels': { cautious: 'Cautious', balanced: 'Balanced', bold: 'Bold' } }),
  saving_percent: z.int().min(5).max(90).default(35).meta({ title: 'Time saved in a case', description: 'Expected, where it is used.', 'x-ui': { widget: 'slider', step: 5, unit: '%' } }),
  adoption_percent: z.int().min(5).max(100).default(60).meta({ title: 'Share of cases in which it is used', description: 'Expected; the figure that most cases depend on.', 'x-ui': { widget: 'slider', step: 5, unit: '%' } }),
  spread_percent: z.int().min(5).max(60).default(30).meta({ title: 'How far off these may be', description: 'Low and high case move both by so much.', 'x-ui': { widget: 'slider', step: 5, unit: '%' } }),
  default_cost_once: z.int().min(0).max(5_000_000).default(90_000).meta({ title: 'Cost of a pilot, once', description: 'Where the table says nothing.', 'x-ui': { widget: 'slider', step: 5000 } }),
  default_cost_a_year: z.int().min(0).max(5_000_000).default(30_000).meta({ title: 'Cost of running it, a year', description: 'Where the table says nothing; people’s checking included.', 'x-ui': { widget: 'slider', step: 5000 } }),
  years: z.int().min(1).max(7).default(3).meta({ title: 'Years counted', description: 'Present value is over so many.', 'x-ui': { widget: 'slider', step: 1, unit: 'years' } }),
  discount_percent: z.int().min(0).max(25).default(8).meta({ title: 'Discount rate', description: 'A year.', 'x-ui': { widget: 'slider', step: 1, unit: '%' } }),
  audience: z.enum(['board', 'management', 'works_council']).default('board').meta({ title: 'Who decides', description: 'Sets tone and questions.', 'x-enum-labels': { board: 'Board', management: 'Management team', works_council: 'Employee representatives' } }),
  questions: z.int().min(3).max(10).default(6).meta({ title: 'Questions to rehearse', description: 'The ones that will be asked.', 'x-ui': { widget: 'slider', step: 1, unit: 'questions' } }),
  evidence_from: z.array(z.enum(['web_search', 'fetch_url'])).max(2).default([]).meta({ title: 'Evidence beside the library', description: 'An agent chooses what to search and read, in Full only; the library is always there.', uniqueItems: true, 'x-enum-labels': { web_search: 'Web search', fetch_url: 'Read web pages' } }),
});
export type AiOpportunityBriefInput = z.infer<typeof input>;

const text = (max: number) => z.string().min(1).max(max);
const MaterialId = z.string().min(1).max(60).describe('id of the material it is about, like m3');
const answers = {
  cases: (count: number) => z.strictObject({
    cases: z.array(z.strictObject({
      material_id: MaterialId, suits: z.enum(['in_part', 'well', 'poorly']).describe('how a language model suits this process'),
      opportunity: text(260).describe('what changes for whom'), precondition: text(220).describe('what has to be true before a pilot'),
    })).min(1).max(Math.max(1, count)),
  }),
  review: (count: number) => z.strictObject({
    reviews: z.array(z.strictObject({ material_id: MaterialId, feasibility: z.enum(['keep', 'lower']).describe('whether the score for feasibility is too high'), risk: z.enum(['keep', 'lower']).describe('whether the score for risk is too high'), objection: text(260).describe('the strongest objection to this case') })).min(1).max(Math.max(1, count)),
  }),
  rehearsal: (count: number) => z.strictObject({
    questions: z.array(z.strictObject({ board_question: text(240).describe('what will be asked'), answer: text(380).describe('a short answer with its figure, or what is not known and by when it will be'), material_id: MaterialId })).min(1).max(Math.max(1, count)),
  }),
} as const;
type Answer<Name extends keyof typeof answers> = z.infer<ReturnType<(typeof answers)[Name]>>;
export type Cases = Answer<'cases'>;
export type Reviews = Answer<'review'>;
export type Rehearsal = Answer<'rehearsal'>;

export const aiOpportunityBriefDefinition = defineCatalogEntry({
  slug: 'ai_opportunity_brief', workflowType: 'aiOpportunityBrief', version: 2, title: 'AI opportunity brief',
  outcome: 'A one-page brief with a portfolio that fits your budget, figures that were worked out twice, and the questions you will be asked.',
  description: 'Lets an agent look for evidence with the tools you allow, describes a case for each process, works out value and range with a calculator and again in code, scores value, feasibility and risk with a sceptic, picks the best set inside the budget, and writes brief and rehearsal.',
  personas: ['executive', 'ai_architect'], tags: ['strategy', 'business case', 'portfolio', 'roi', 'board'], difficulty: 'beginner', estimatedMinutes: 4,
  input,
  tabs: [
    { key: 'organisation', title: 'Organisation', description: 'Who you are and what it is for.', fields: ['organisation', 'sector', 'sector_other', 'goals', 'audience'] },
    { key: 'processes', title: 'Processes', description: 'Where the time goes today.', fields: ['processes', 'currency'] },
    { key: 'money', title: 'Money and risk', description: 'What may be spent, and how careful to be.', fields: ['budget', 'max_pilots', 'appetite', 'default_cost_once', 'default_cost_a_year', 'years', 'discount_percent'] },
    { key: 'assumptions', title: 'Assumptions', description: 'What is believed until a pilot measures it.', fields: ['saving_percent', 'adoption_percent', 'spread_percent'] },
    { key: 'outputs', title: 'Rehearsal', description: 'What you will be asked.', fields: ['questions', 'evidence_from'] },
  ],
  presets: PRESETS,
  skills: ['strategy/ai-opportunities', 'writing/citation-workflow'],
  policy: { fullApproval: null },
  tools: ['library_search', 'web_search', 'fetch_url', 'calculate'],
  toolsFor: (run) => ['library_search', 'calculate', ...run.evidence_from],
  artifacts: {
    brief: { fileName: 'brief.md', mimeType: 'text/markdown', title: 'Brief' },
    portfolio: { fileName: 'portfolio.csv', mimeType: 'text/csv', title: 'Portfolio with all figures' },
    rehearsal: { fileName: 'rehearsal.md', mimeType: 'text/markdown', title: 'Questions and answers' },
    chart: { fileName: 'portfolio.svg', mimeType: 'image/svg+xml', title: 'Present value by process' },
  },
  testSlice: 'The first process alone: its case, its figures worked out twice, its scores, a short brief and one question.',
  plan: (run, stage) => planOf(SIZES, stage, { scan: SCAN_TURNS }, [plannedTool('scan', 'Scan for evidence', stage === 'test' ? 1 : 5), plannedTool('numbers', `Work out ${caseCount(run.processes.length, stage)} cases`)]),
  answers,
});
