import { z } from 'zod';
import { plannedTool, planOf } from '#contracts/call-sizes';
import { columnsOf, tableField, uploadField } from '#contracts/catalog-inputs.schema';
import { defineCatalogEntry } from '#contracts/catalog.schema';
import { TABLE_KINDS } from '#contracts/uploads';
import { BROKEN, CHECKOUT, ONBOARDING } from './samples.ts';
import { DECISION_WORDS, DECISIONS, ROW_KINDS, SIZES } from './sizes.ts';

/** A/B test read-out: results go in, a decision that was argued against comes out. */
const column = z.string().trim().min(1).max(120);
const tableColumns = columnsOf('results_file', 'results_csv');
const totalsOnly = { 'x-show-if': { field: 'row_kind', equals: 'totals' } };
const input = z.strictObject({
  hypothesis: z.string().trim().min(15).max(600).meta({ title: 'Hypothesis', description: 'Because of what, which change moves which figure, and by how much.', 'x-ui': { widget: 'textarea', rows: 3 }, examples: ['Because fewer steps mean fewer exits, the one-page checkout raises orders per visitor by at least 5 %.'] }),
  results_csv: z.string().trim().min(3).max(10_000).meta({ title: 'Results as CSV', description: 'Paste rows with a header line. An upload, when there is one, goes before this text.', 'x-ui': { widget: 'textarea', rows: 10 }, examples: ['variant,visitors,orders\ncontrol,10000,1000\nnew,10000,1080'] }),
  results_file: uploadField({ accept: TABLE_KINDS, title: 'Upload', description: 'A table to use in place of the pasted rows.' }).optional(),
  row_kind: z.enum(ROW_KINDS).default('totals').meta({ title: 'What one row is', description: 'Decides which test fits.', 'x-enum-labels': { totals: 'A group of people: how many, and how many of them did it', yes_no: 'One person, with yes or no', number: 'One person, with a number (revenue, minutes)' } }),
  variant_column: column.default('variant').meta({ ...tableColumns, title: 'Column with the variant', description: 'Its values are the versions that were compared; up to four.' }),
  people_column: column.default('visitors').meta({ ...tableColumns, title: 'Column with the number of people', description: 'How many people the row stands for.', ...totalsOnly }),
  outcome_column: column.default('orders').meta({ ...tableColumns, title: 'Column with the outcome', description: 'The one figure that decides: yes or no, a number, or how many of the people did it.' }),
  unit_column: column.optional().meta({ ...tableColumns, title: 'Column that names the person', description: 'To find people who met two variants or have several rows. Left out: not checked.', 'x-show-if': { field: 'row_kind', in: ['yes_no', 'number'] } }),
  segment_columns: z.array(column).max(3).refine((names) => new Set(names).size === names.length, 'each column only once').default([]).meta({ ...tableColumns, title: 'Segment columns', description: 'Device, country, plan: looked at one by one, corrected for how many there are.', uniqueItems: true }),
  control_name: z.string().trim().min(1).max(80).optional().meta({ title: 'Control', description: 'The variant that the others are held against. Left out: the one called control, old or A, else the first by name.' }),
  planned_split: tableField({ title: 'Planned split', description: 'How people were meant to be shared out. Left empty: in equal parts.', max: 4, columns: { variant: z.string().trim().min(1).max(80).meta({ title: 'Variant' }), share: z.number().gt(0).max(100).meta({ title: 'Share' }) } }).default([]),
  better: z.enum(['higher', 'lower']).default('higher').meta({ title: 'Better is', description: 'Orders should rise, minutes should fall.', 'x-enum-labels': { higher: 'higher', lower: 'lower' } }),
  smallest_effect_percent: z.number().min(0).max(50).default(5).meta({ title: 'Smallest effect that is worth it', description: 'Relative to the control. Below it, shipping does not pay for itself.', 'x-ui': { widget: 'slider', step: 0.5, unit: '%' } }),
  alpha: z.enum(['0.01', '0.05', '0.1']).default('0.05').meta({ title: 'Level', description: 'How often a change without effect may look like one.', 'x-enum-labels': { 0.01: '1 %: costly to undo', 0.05: '5 %: usual', 0.1: '10 %: cheap to undo' } }),
  days_run: z.int().min(1).max(120).default(14).meta({ title: 'Days it ran', description: 'Whole weeks weigh all weekdays alike.', 'x-ui': { widget: 'slider', step: 1, unit: 'days' } }),
  looks: z.int().min(1).max(20).default(1).meta({ title: 'Times the result was looked at', description: 'Each look is a chance to be wrong; the level is divided by it.', 'x-ui': { widget: 'slider', step: 1, unit: 'looks' } }),
  guardrails: tableField({ title: 'Guardrails', description: 'Figures that must not get worse. A count for each group, or a number for each person.', max: 3, columns: {
    column: column.meta({ ...tableColumns, title: 'Column' }), worse_is: z.enum(['higher', 'lower']).meta({ title: 'Worse is' }), limit_percent: z.number().min(0).max(100).meta({ title: 'May get worse by (%)' }),
  } }).default([]),
  ask_owner: z.boolean().default(true).meta({ title: 'Ask me for the decision', description: 'A Full run shows the figures and waits; without an answer the recommendation stands, and the report says so.' }),
  wait_minutes: z.int().min(5).max(1440).default(60).meta({ title: 'How long to wait for it', description: 'Then the run goes on.', 'x-ui': { widget: 'slider', step: 5, unit: 'minutes' }, 'x-show-if': { field: 'ask_owner', equals: true } }),
});
export type AbTestReadoutInput = z.infer<typeof input>;

const answers = {
  objections: (checks: number) => z.strictObject({
    objections: z.array(z.strictObject({
      check_title: z.string().min(1).max(120).describe('title of the check it is tied to, as given'),
      objection: z.string().min(1).max(400).describe('how this could overturn the recommendation'),
      weight: z.enum(['high', 'medium', 'low']).describe('how much the decision hangs on it'),
    })).min(1).max(Math.max(1, checks)),
  }),
  owner_decision: z.strictObject({
    decision: z.enum(['recommendation', ...DECISIONS]).meta({ title: 'Your decision', 'x-enum-labels': { recommendation: 'As recommended', ...DECISION_WORDS } }),
    reason: z.string().trim().max(500).default('').meta({ title: 'Reason', description: 'Stands in the report.', 'x-ui': { widget: 'textarea', rows: 2 } }),
  }),
} as const;
export type Objections = z.infer<ReturnType<typeof answers.objections>>;
export type OwnerDecision = z.infer<typeof answers.owner_decision>;

export const abTestReadoutDefinition = defineCatalogEntry({
  slug: 'ab_test_readout', workflowType: 'abTestReadout', version: 1, title: 'A/B test read-out',
  outcome: 'A decision with its interval, after the split, the segments and a sceptic were heard.',
  description: 'Checks the sample ratio, chooses the test, gives the effect with its interval, looks into segments and guardrails with correction, lets a sceptic argue against it, recommends by rule and asks the owner.',
  personas: ['data_scientist'], tags: ['experiment', 'a/b test', 'statistics', 'decision'], difficulty: 'intermediate', estimatedMinutes: 4,
  input,
  tabs: [
    { key: 'experiment', title: 'Experiment', description: 'What was tried, and what it was to bring.', fields: ['hypothesis', 'better', 'smallest_effect_percent', 'days_run', 'looks'] },
    { key: 'data', title: 'Results', description: 'The table, and which column is what.', fields: ['results_csv', 'results_file', 'row_kind', 'variant_column', 'people_column', 'outcome_column', 'unit_column', 'control_name', 'planned_split'] },
    { key: 'method', title: 'Segments and guardrails', description: 'What else is looked at.', fields: ['segment_columns', 'guardrails', 'alpha'] },
    { key: 'decision', title: 'Decision', description: 'Who has the last word.', fields: ['ask_owner', 'wait_minutes'] },
  ],
  presets: [
    { key: 'checkout', title: 'One-page checkout: totals by device and country', inputs: { hypothesis: 'Because fewer steps mean fewer exits, the one-page checkout raises orders per visitor by at least 5 %.', results_csv: CHECKOUT, row_kind: 'totals', segment_columns: ['device', 'country'], control_name: 'control', guardrails: [{ column: 'support_contacts', worse_is: 'higher', limit_percent: 15 }] } },
    { key: 'onboarding', title: 'Faster onboarding: one row a person', inputs: { hypothesis: 'Because the new tour shows the first step, people reach their first project in fewer minutes.', results_csv: ONBOARDING, row_kind: 'number', outcome_column: 'minutes_to_first_project', unit_column: 'person', segment_columns: ['plan'], better: 'lower', smallest_effect_percent: 10, looks: 2, guardrails: [{ column: 'support_messages', worse_is: 'higher', limit_percent: 20 }] } },
    { key: 'broken', title: 'A split that cannot be trusted', inputs: { hypothesis: 'Because a shorter form asks for less, more visitors sign up.', results_csv: BROKEN, outcome_column: 'signups', segment_columns: ['week'], control_name: 'old_form' } },
  ],
  skills: ['data/ab-testing', 'evaluation/statistics'],
  policy: { fullApproval: null },
  tools: ['query_data', 'statistics', 'library_search'],
  toolsFor: () => ['query_data', 'statistics', 'library_search'],
  artifacts: {
    decision: { fileName: 'decision.md', mimeType: 'text/markdown', title: 'Decision' },
    tables: { fileName: 'tables.csv', mimeType: 'text/csv', title: 'All comparisons' },
    outcome: { fileName: 'outcome.svg', mimeType: 'image/svg+xml', title: 'Outcome by variant' },
  },
  testSlice: 'The first check alone: people in each variant against the planned split, and a short reading of it.',
  plan: (_input, stage) => planOf(SIZES, stage, {}, [plannedTool('count', 'Count people in each variant'), plannedTool('ratio', 'Check the sample ratio'), plannedTool('library', 'Look into the library'), ...(stage === 'full' ? [plannedTool('effect', 'Test and interval', 3), plannedTool('segments', 'Look into the segments', 6), plannedTool('guardrails', 'Check the guardrails')] : [])]),
  answers,
});
