import { z } from 'zod';
import { plannedTool, planOf } from '#contracts/call-sizes';
import { tableField, uploadsField } from '#contracts/catalog-inputs.schema';
import { defineCatalogEntry } from '#contracts/catalog.schema';
import { MUST_HAVE_INFO, PART_INFO } from './criteria.ts';
import { PRESETS } from './presets.ts';
import { LEVELS, LOOK_TURNS, MUST_HAVES, PARTS, partsOf, SIZES, vendorCount, type MustHave } from './sizes.ts';

/** Vendor due diligence: vendors and must-haves go in; a scorecard with evidence and a memo for the board come out. */
const unique = (list: readonly unknown[]): boolean => new Set(list).size === list.length;
const input = z.strictObject({
  purpose: z.string().trim().min(10).max(500).meta({ title: 'What is bought', description: 'The use, and which data goes through it.', 'x-ui': { widget: 'textarea', rows: 3 }, examples: ['Assistant that drafts answers for customer support and reads tickets'] }),
  tier: z.enum(['1', '2', '3']).default('2').meta({ title: 'What could go wrong', description: 'Decides how much evidence is asked for, and the weights until you set them.', 'x-enum-labels': { 1: 'Personal or secret data, decisions on people, core process', 2: 'Internal data, drafts that people check', 3: 'Public data, easy to replace' } }),
  vendors: tableField({
    title: 'Vendors', description: 'Paste what they say of themselves, and what others show: reports, certificates, status pages, customers.', min: 1, max: 4,
    columns: {
      name: z.string().trim().min(2).max(60).meta({ title: 'Vendor' }), website: z.url({ protocol: /^https?$/ }).max(500).optional().meta({ title: 'Page with its claims' }), annual_cost_usd: z.number().min(0).max(100_000_000).optional().meta({ title: 'Dollars a year' }),
      says: z.string().trim().max(2000).optional().meta({ title: 'What it says' }), others: z.string().trim().max(2000).optional().meta({ title: 'What others show' }),
    },
  }).refine((vendors) => unique(vendors.map(({ name }) => name.toLowerCase())), 'each vendor only once'),
  documents: uploadsField({ accept: ['pdf', 'docx', 'html', 'markdown', 'text'], title: 'Documents of vendors', description: 'Answered questionnaires, terms, reports. A document belongs to the vendor whose name stands in its file name.', max: 6 }),
  must_haves: z.array(z.enum(MUST_HAVES)).max(10).refine(unique, 'each must-have only once').default(['no_training', 'deletion', 'incident_notice']).meta({ title: 'Must-haves', description: 'Without evidence for training, deletion or incidents nothing is bought, whatever the total.', uniqueItems: true, 'x-enum-labels': Object.fromEntries(MUST_HAVES.map((must: MustHave) => [must, MUST_HAVE_INFO[must].title])) }),
  region: z.string().trim().max(80).default('').meta({ title: 'Our region', description: 'Where data has to stay.', 'x-show-if': { field: 'must_haves', includes: 'region' } }),
  sources: z.array(z.enum(['web_search', 'fetch_url', 'read_pdf'])).max(3).refine(unique, 'each source only once').default([]).meta({ title: 'Look for more', description: 'Pages of the vendors and independent reports; in Full only. With a search, an investigator chooses what to look for and which pages to read.', uniqueItems: true, 'x-enum-labels': { fetch_url: 'Read the pages above, and those that are found', web_search: 'Search the web for evidence of others', read_pdf: 'Read PDF reports that are found' } }),
  ask_before_search: z.boolean().default(false).meta({ title: 'Ask me before each look-up', description: 'A search tells its engine whom you may buy from. Nothing is searched without your yes.', 'x-show-if': { field: 'sources', includes: 'web_search' } }),
  ask_weights: z.boolean().default(true).meta({ title: 'Ask me for the weights', description: 'A Full run waits for you before it scores; without an answer the weights of the tier hold.' }),
  decision_owner: z.string().trim().max(120).default('').meta({ title: 'Who decides', description: 'Stands in the memo.' }),
});
export type VendorDueDiligenceInput = z.infer<typeof input>;

const sentence = (max: number) => z.string().min(1).max(max);
const weight = (title: string, description: string) => z.int().min(0).max(5).default(3).meta({ title, description, 'x-ui': { widget: 'slider', step: 1 } });
const answers = {
  assess: z.strictObject({
    level: z.enum(LEVELS).describe('none: nothing said; claimed: the vendor says so; documented: a document or clause; shown: somebody independent; evidence against the vendor counts for nothing'),
    evidence_quote: z.string().min(8).max(400).describe('the sentence that carries most, copied letter by letter'), reason: sentence(240).describe('what it shows and what it leaves open'),
  }),
  contradiction: z.strictObject({ contradicts: z.boolean().describe('true when both cannot be true of the same product and time'), why: sentence(240).describe('what differs, in one sentence') }),
  weights: z.strictObject(Object.fromEntries(PARTS.map((part) => [part, weight(PART_INFO[part].title, PART_INFO[part].asks)])) as Record<(typeof PARTS)[number], ReturnType<typeof weight>>),
} as const;
export type AssessAnswer = z.infer<typeof answers.assess>;
export type ContradictionAnswer = z.infer<typeof answers.contradiction>;

export const vendorDueDiligenceDefinition = defineCatalogEntry({
  slug: 'vendor_due_diligence', workflowType: 'vendorDueDiligence', version: 2, title: 'Vendor due diligence',
  outcome: 'A scorecard in which every score has its sentence, the contradictions between claims and evidence, and a memo the board can decide on.',
  description: 'Collects what vendors claim, lets an investigator look for what others show, weighs each part by sentences that are checked, holds claims against evidence, asks you for the weights, works out the scorecard with its sensitivity, and writes the memo.',
  personas: ['executive', 'ai_architect'], tags: ['vendor', 'procurement', 'risk', 'scorecard'], difficulty: 'beginner', estimatedMinutes: 5,
  input,
  tabs: [
    { key: 'purpose', title: 'Purpose', description: 'What is bought, and what could go wrong.', fields: ['purpose', 'tier', 'decision_owner'] },
    { key: 'vendors', title: 'Vendors', description: 'Who is looked at, and what is known.', fields: ['vendors', 'documents', 'sources', 'ask_before_search'] },
    { key: 'criteria', title: 'Criteria', description: 'What has to be there, and who weighs.', fields: ['must_haves', 'region', 'ask_weights'] },
  ],
  presets: PRESETS.map((preset) => ({ ...preset, inputs: { ...preset.inputs, documents: [] } })),
  skills: ['strategy/vendor-due-diligence', 'safety/controls-and-compliance'],
  policy: { fullApproval: null },
  tools: ['check_quote', 'calculate', 'library_search', 'read_upload', 'web_search', 'fetch_url', 'read_pdf'],
  toolsFor: (run) => ['check_quote', 'calculate', 'library_search', ...run.sources, ...(run.documents.length > 0 ? ['read_upload'] : [])],
  artifacts: {
    memo: { fileName: 'memo.md', mimeType: 'text/markdown', title: 'Memo for the decision' },
    scorecard: { fileName: 'scorecard.csv', mimeType: 'text/csv', title: 'Scorecard with its evidence' },
    totals: { fileName: 'totals.svg', mimeType: 'image/svg+xml', title: 'Totals' },
  },
  testSlice: 'The first vendor, three of six parts, by what you pasted; nothing is searched and nobody is asked.',
  plan: (run, stage) => {
    const looks = run.sources.includes('web_search') ? run.vendors.length * LOOK_TURNS : 0;
    const pairs = vendorCount(run.vendors.length, stage) * partsOf(stage).length;
    return planOf(SIZES, stage, { assess: pairs, contradiction: pairs * 2, investigate: looks }, [plannedTool('evidence', 'Collect the evidence', 1 + (stage === 'full' ? run.documents.length + run.vendors.length * run.sources.length + looks : 0)), plannedTool('quotes', 'Check the sentences', pairs), plannedTool('score', 'Work out the scorecard')]);
  },
  answers,
});
