import { z } from 'zod';
import { plannedTool, planOf } from '#contracts/call-sizes';
import { uploadsField } from '#contracts/catalog-inputs.schema';
import { defineCatalogEntry } from '#contracts/catalog.schema';
import { PRESETS } from './presets.ts';
import { claimCount, HUNT_TURNS, RELATIONS, relationCalls, SIZES } from './sizes.ts';

/** Novelty and related-work map: an idea goes in; a matrix of claims and papers, a verdict and a positioning come out. */
const input = z.strictObject({
  idea: z.string().trim().min(40).max(4000).meta({ title: 'Idea or abstract', description: 'What you think is new, in whole sentences.', 'x-ui': { widget: 'textarea', rows: 7 }, examples: ['A question answering system retrieves passages only when several sampled answers disagree in meaning.'] }),
  claims: z.array(z.string().trim().min(10).max(300)).max(5).default([]).meta({ title: 'Claims', description: 'One claim a line. Left empty, they are taken from the idea.', 'x-ui': { widget: 'lines' } }),
  claim_number: z.int().min(1).max(5).default(3).meta({ title: 'How many claims', description: 'At most this many are compared.', 'x-ui': { widget: 'slider', step: 1, unit: 'claims' } }),
  field: z.string().trim().max(120).default('').meta({ title: 'Field', description: 'Narrows the search, e.g. information retrieval.' }),
  known_bib: z.string().trim().max(10_000).default('').meta({ title: 'Papers you know, as BibTeX', description: 'With the field abstract, as reference managers export it. They are compared first, and without a network they are all there is.', 'x-ui': { widget: 'textarea', rows: 10 } }),
  paper_files: uploadsField({ accept: ['pdf', 'docx', 'html', 'markdown', 'text'], title: 'Papers as files', description: 'Read from their first pages.', max: 4 }),
  sources: z.array(z.enum(['search_papers', 'web_search', 'fetch_url', 'library_search'])).max(4).refine((list) => new Set(list).size === list.length, 'each source only once').default(['search_papers', 'library_search']).meta({ title: 'Where to look', description: 'Registries and the web are asked in Full only. What an adversary may use to hunt is chosen here.', uniqueItems: true, 'x-enum-labels': { search_papers: 'arXiv, Crossref, OpenAlex', web_search: 'Web search: products, patents, blog posts', fetch_url: 'Read the pages that were found', library_search: 'Library (background, offline)' } }),
  from_year: z.int().min(1950).max(2100).default(2015).meta({ title: 'Papers from', description: 'Older ones are not searched; those you name are compared whatever their year.' }),
  max_neighbours: z.int().min(3).max(20).default(10).meta({ title: 'Neighbours', description: 'Papers compared before the hunt begins.', 'x-ui': { widget: 'slider', step: 1, unit: 'papers' } }),
  hunt_rounds: z.int().min(1).max(4).default(3).meta({ title: 'Rounds of the hunt', description: 'An adversary searches for prior art until a round brings nothing new, at most this often.', 'x-ui': { widget: 'slider', step: 1, unit: 'rounds' } }),
  check_references: z.boolean().default(true).meta({ title: 'Check references', description: 'Existence, metadata and retraction of papers with a DOI or arXiv number; in Full only.', 'x-show-if': { field: 'sources', includes: 'search_papers' } }),
  audience: z.enum(['paper', 'proposal', 'thesis', 'patent_search']).default('paper').meta({ title: 'Where the text goes', description: 'The positioning is written for it.', 'x-enum-labels': { paper: 'Related-work section', proposal: 'Project proposal', thesis: 'Thesis chapter', patent_search: 'Note for a patent search' } }),
});
export type NoveltyMapInput = z.infer<typeof input>;

const sentence = (max: number) => z.string().min(1).max(max);
const answers = {
  claims: (count: number) => z.strictObject({
    claims: z.array(z.strictObject({ claim: sentence(300).describe('one thing the idea says is new, in one sentence that could be false'), search_query: sentence(120).describe('three to six words to search papers with') })).min(1).max(Math.max(1, count)),
  }),
  relation: z.strictObject({
    relation: z.enum(RELATIONS).describe('same: the paper does what the claim says; partial: a part of it; different: it does not'),
    evidence_quote: z.string().min(8).max(300).describe('the sentence of the paper that shows it, copied letter by letter'),
    difference: sentence(240).describe('what the paper does instead, or leaves out'),
  }),
  hunt: z.strictObject({
    queries: z.array(sentence(120)).min(1).max(2).describe('search words under which an older paper with the same claim would be found: other terms, other fields'),
    weakest_claim: sentence(300).describe('the claim that prior art most probably holds'),
  }),
} as const;
export type ClaimsAnswer = z.infer<ReturnType<typeof answers.claims>>;
export type RelationAnswer = z.infer<typeof answers.relation>;
export type HuntAnswer = z.infer<typeof answers.hunt>;

const TOOLS = ['check_quote', 'search_papers', 'web_search', 'fetch_url', 'library_search', 'resolve_reference', 'read_upload'] as const;
export const noveltyMapDefinition = defineCatalogEntry({
  slug: 'novelty_map', workflowType: 'noveltyMap', version: 2, title: 'Novelty and related-work map',
  outcome: 'Each claim of your idea against each neighbour with the sentence that shows it, a verdict that says how far was searched, and a related-work text with checked references.',
  description: 'Takes the idea apart into claims, collects neighbours, compares claims with papers by quotations that are checked, lets an adversary with search tools of its own hunt for prior art until nothing new comes, and positions the idea.',
  personas: ['researcher'], tags: ['novelty', 'related work', 'prior art', 'references'], difficulty: 'intermediate', estimatedMinutes: 6,
  input,
  tabs: [
    { key: 'idea', title: 'Idea', description: 'What is to be new.', fields: ['idea', 'claims', 'claim_number', 'field'] },
    { key: 'neighbours', title: 'Neighbours', description: 'What it is compared with.', fields: ['known_bib', 'paper_files', 'sources', 'from_year', 'max_neighbours'] },
    { key: 'hunt', title: 'Hunt and text', description: 'How hard prior art is looked for, and for whom the text is.', fields: ['hunt_rounds', 'check_references', 'audience'] },
  ],
  presets: PRESETS,
  skills: ['writing/citation-workflow', 'writing/paper-reading', 'writing/peer-review'],
  policy: { fullApproval: null },
  tools: TOOLS,
  toolsFor: (run) => ['check_quote', ...run.sources, ...(run.check_references && run.sources.includes('search_papers') ? ['resolve_reference'] : []), ...(run.paper_files.length > 0 ? ['read_upload'] : [])],
  artifacts: {
    related: { fileName: 'related.md', mimeType: 'text/markdown', title: 'Verdict and related work' },
    matrix: { fileName: 'matrix.csv', mimeType: 'text/csv', title: 'Claims against papers' },
    references: { fileName: 'refs.bib', mimeType: 'application/x-bibtex', title: 'References' },
    map: { fileName: 'map.svg', mimeType: 'image/svg+xml', title: 'Neighbours by year and nearness' },
  },
  testSlice: 'One claim against three neighbours that you named, with their quotations checked; nothing is searched.',
  plan: (run, stage) => {
    const claims = claimCount(run.claims.length > 0 ? Math.min(run.claims.length, run.claim_number) : run.claim_number, stage);
    const calls = relationCalls(claims, run.hunt_rounds, stage);
    return planOf(SIZES, stage, { claims: run.claims.length > 0 ? 0 : 1, relation: calls, hunt: run.hunt_rounds * HUNT_TURNS }, [plannedTool('quotes', 'Check the quotations', calls), ...(stage === 'full' ? [plannedTool('search', 'Search for neighbours', claims + 3 * run.hunt_rounds), plannedTool('references', 'Check the references', run.check_references ? 12 : 0)] : [])]);
  },
  answers,
});
