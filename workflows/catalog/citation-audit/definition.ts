import { z } from 'zod';
import { plannedTool, planOf } from '#contracts/call-sizes';
import { tableField, uploadField, uploadsField } from '#contracts/catalog-inputs.schema';
import { defineCatalogEntry } from '#contracts/catalog.schema';
import { CORRECTIONS } from './corrections.ts';
import { THESIS_BIB, THESIS_DRAFT, TRANSFORMER_BIB, TRANSFORMER_DRAFT, TRANSFORMER_SOURCES } from './samples.ts';
import { claimCount, MAX_PAGES, MAX_SEARCHES, SIZES } from './sizes.ts';

/** Citation integrity audit: a draft and its bibliography go in; what is wrong, how bad it is, and a corrected file come out. */
const DRAFT_KINDS = ['pdf', 'docx', 'markdown', 'text', 'html'] as const;
const input = z.strictObject({
  draft_text: z.string().trim().min(40).max(10_000).meta({ title: 'Draft', description: 'The text with its citations: LaTeX (\\cite{key}), Pandoc ([@key]) or [key]. An upload, when there is one, goes before this text.', 'x-ui': { widget: 'textarea', rows: 12 }, examples: ['Attention replaced recurrence \\cite{vaswani2017attention}.', 'Attention replaced recurrence [@vaswani2017attention].'] }),
  draft_file: uploadField({ accept: DRAFT_KINDS, title: 'Draft as a file', description: 'Read in place of the text above.' }).optional(),
  bib_text: z.string().trim().min(10).max(10_000).meta({ title: 'Bibliography (BibTeX)', description: 'The entries as they stand in your .bib file. An abstract field is used to check what the source says.', 'x-ui': { widget: 'textarea', rows: 12 }, examples: ['@article{key, title = {A title}, author = {Doe, Jane}, year = {2024}}'] }),
  bib_file: uploadField({ accept: ['text'], title: 'Bibliography as a file', description: 'A .bib file, read in place of the text above.' }).optional(),
  sources: tableField({
    title: 'What the sources say', description: 'Abstracts or passages that you have. Claims and quotations are held against them, also without a network.', max: 20, 'x-show-if': { field: 'checks', includes: 'support' },
    columns: { key: z.string().trim().min(1).max(100).meta({ title: 'Key' }), text: z.string().trim().min(20).max(5_000).meta({ title: 'Abstract or passage' }) },
  }).default([]),
  source_files: uploadsField({ accept: DRAFT_KINDS, title: 'Sources as files', description: 'Papers, each named by its key: vaswani2017attention.pdf.', max: 8, 'x-show-if': { field: 'checks', includes: 'support' } }),
  checks: z.array(z.enum(['registries', 'support', 'uncited_figures'])).min(1).max(3).default(['registries', 'support', 'uncited_figures']).meta({ title: 'Checks', description: 'The form of the entries is always checked. Registries are asked in a Full run only.', uniqueItems: true, 'x-enum-labels': { registries: 'Ask Crossref, OpenAlex and arXiv', support: 'Hold claims against their sources', uncited_figures: 'Find figures without a citation' } }),
  max_references: z.int().min(3).max(60).default(25).meta({ title: 'References to look up', description: 'Those that the draft cites go first.', 'x-ui': { widget: 'slider', step: 1, unit: 'references' } }),
  max_claims: z.int().min(1).max(30).default(10).meta({ title: 'Claims to read against their source', description: 'One model call each; claims with quotations and figures go first.', 'x-ui': { widget: 'slider', step: 1, unit: 'claims' }, 'x-show-if': { field: 'checks', includes: 'support' } }),
  corrections: z.array(z.enum(CORRECTIONS)).max(4).default(['form', 'registry', 'duplicates']).meta({ title: 'Corrections in fixed.bib', description: 'What may be changed. Each change is listed with its reason.', uniqueItems: true, 'x-enum-labels': { form: 'Form: bare DOIs, arXiv numbers, page ranges', registry: 'Year, authors and identifiers as the registry has them', duplicates: 'Merge entries of the same work', uncited: 'Take out what is never cited' } }),
  second_pass: z.boolean().default(true).meta({ title: 'Second pass', description: 'What was not found by its identifier is searched by its title.', 'x-show-if': { field: 'checks', includes: 'registries' } }),
  look_further: z.array(z.enum(['fetch_url', 'web_search'])).max(2).refine((list) => new Set(list).size === list.length, 'each only once').default([]).meta({ title: 'Where the registries end', description: 'In Full only. A page is read as the text of its source; a hit on the web shows that a work exists, and is no registry entry.', uniqueItems: true, 'x-enum-labels': { fetch_url: `Read the addresses of the bibliography, ${MAX_PAGES} at most`, web_search: `Search the web for what no registry has, ${MAX_SEARCHES} at most` } }),
  fail_on: z.enum(['critical', 'major', 'minor']).default('major').meta({ title: 'Not ready from', description: 'The verdict is "not ready" when there is a finding of this weight or above.', 'x-enum-labels': { critical: 'Critical findings', major: 'Major findings', minor: 'Minor findings' } }),
});
export type CitationAuditInput = z.infer<typeof input>;

const answers = {
  support: z.strictObject({
    verdict: z.enum(['supports', 'partly', 'contradicts', 'not_stated']).describe('whether the passages of the source bear out the claim'),
    evidence_quote: z.string().max(500).describe('the sentence of the source that decides it, copied letter by letter; empty when there is none'),
    reason: z.string().min(1).max(300).describe('why, in one sentence'),
  }),
} as const;
export type SupportAnswer = z.infer<typeof answers.support>;

export const citationAuditDefinition = defineCatalogEntry({
  slug: 'citation_audit', workflowType: 'citationAudit', version: 2, title: 'Citation integrity audit',
  outcome: 'Every reference and every cited claim of your draft checked, the findings weighed, and a corrected bibliography.',
  description: 'Reads the claims of the draft, checks the form of each entry, resolves it with the registries, looks for retractions, holds quotations, figures and claims against what the sources say, weighs the findings, corrects the .bib file and checks the result again.',
  personas: ['researcher'], tags: ['citations', 'bibtex', 'integrity', 'retraction', 'quotations'], difficulty: 'intermediate', estimatedMinutes: 4,
  input,
  tabs: [
    { key: 'draft', title: 'Draft', description: 'What cites.', fields: ['draft_text', 'draft_file'] },
    { key: 'bibliography', title: 'Bibliography', description: 'What is cited.', fields: ['bib_text', 'bib_file'] },
    { key: 'sources', title: 'Sources', description: 'What the cited works say, as far as you have them.', fields: ['sources', 'source_files'] },
    { key: 'checks', title: 'Checks', description: 'How far to look, and what counts.', fields: ['checks', 'max_references', 'max_claims', 'second_pass', 'look_further', 'fail_on', 'corrections'] },
  ],
  presets: [
    { key: 'transformers', title: 'Related-work section with planted faults', inputs: { draft_text: TRANSFORMER_DRAFT, bib_text: TRANSFORMER_BIB, sources: TRANSFORMER_SOURCES, source_files: [] } },
    { key: 'thesis', title: 'Thesis chapter in Markdown', inputs: { draft_text: THESIS_DRAFT, bib_text: THESIS_BIB, corrections: ['form', 'registry', 'duplicates', 'uncited'], fail_on: 'critical', max_claims: 4, source_files: [] } },
  ],
  skills: ['writing/citation-workflow'],
  policy: { fullApproval: null },
  tools: ['read_upload', 'resolve_reference', 'check_quote', 'library_search', 'fetch_url', 'web_search'],
  toolsFor: (run) => ['library_search', ...run.look_further, ...(run.checks.includes('support') ? ['check_quote'] : []), ...(run.checks.includes('registries') ? ['resolve_reference'] : []), ...(run.draft_file || run.bib_file || run.source_files.length > 0 ? ['read_upload'] : [])],
  artifacts: {
    report: { fileName: 'report.md', mimeType: 'text/markdown', title: 'Audit report' },
    audit: { fileName: 'audit.csv', mimeType: 'text/csv', title: 'References' },
    claims: { fileName: 'claims.csv', mimeType: 'text/csv', title: 'Claims and their sources' },
    fixed: { fileName: 'fixed.bib', mimeType: 'application/x-bibtex', title: 'Corrected bibliography' },
    severity: { fileName: 'severity.svg', mimeType: 'image/svg+xml', title: 'Findings by weight' },
  },
  testSlice: 'Three references: their form and use, one claim held against its source, and a short advice. No registry is asked.',
  plan: (run, stage) => planOf(SIZES, stage, { support: run.checks.includes('support') ? claimCount(run.max_claims, stage) : 0 }, [
    ...(run.draft_file || run.bib_file || run.source_files.length > 0 ? [plannedTool('read', 'Read the files', Number(Boolean(run.draft_file)) + Number(Boolean(run.bib_file)) + run.source_files.length)] : []),
    ...(stage === 'full' && run.checks.includes('registries') ? [plannedTool('resolve', 'Look up the references', run.max_references)] : []),
    ...(run.checks.includes('support') ? [plannedTool('quotes', 'Find quotations', claimCount(run.max_claims, stage))] : []),
    ...(stage === 'full' && run.look_further.includes('fetch_url') ? [plannedTool('pages', 'Read the addresses of the bibliography', MAX_PAGES)] : []),
    ...(stage === 'full' && run.look_further.includes('web_search') ? [plannedTool('web', 'Search the web for what no registry has', MAX_SEARCHES)] : []),
    plannedTool('library', 'Look into the library'),
  ]),
  answers,
});
