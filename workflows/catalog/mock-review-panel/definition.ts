import { z } from 'zod';
import { plannedTool, planOf } from '#contracts/call-sizes';
import { uploadField } from '#contracts/catalog-inputs.schema';
import { pairAnswer } from '#contracts/pair-answer.schema';
import { defineCatalogEntry } from '#contracts/catalog.schema';
import { CACHE_PAPER, DATASET_PAPER } from './samples.ts';
import { KINDS, MAX_JUDGED, pointsPerReviewer, reviewerCount, ROLES, SIZES } from './sizes.ts';

/** Mock review panel: a draft goes in; what reviewers would say, what the paper answers, and what to do before sending it come out. */
const address = z.url({ protocol: /^https?$/, error: 'must be a web address that begins with http:// or https://' }).max(2_048);
const input = z.strictObject({
  paper_text: z.string().trim().min(200).max(10_000).meta({ title: 'Paper', description: 'The text with its headings (Markdown, LaTeX or numbered). An upload, when there is one, goes before this text.', 'x-ui': { widget: 'textarea', rows: 14 }, examples: ['# Title\n\n## Abstract\nWe propose …'] }),
  paper_file: uploadField({ accept: ['pdf', 'docx', 'markdown', 'text', 'html'], title: 'Paper as a file', description: 'Read in place of the text above.' }).optional(),
  paper_url: address.optional().meta({ title: 'Paper at an address', description: 'A web page or PDF, read in a Full run in place of the text above; an upload goes before it.' }),
  paper_kind: z.enum(KINDS).default('empirical').meta({ title: 'Kind of paper', description: 'Decides what the checklist looks for.', 'x-enum-labels': { empirical: 'Experiments', dataset: 'Data set or benchmark', theory: 'Theory', systems: 'System', survey: 'Survey' } }),
  venue: z.enum(['ml_conference', 'nlp_conference', 'systems_conference', 'journal', 'workshop', 'thesis']).default('ml_conference').meta({ title: 'Venue', description: 'What such a venue weighs is told to the reviewers.', 'x-enum-labels': { ml_conference: 'Machine-learning conference', nlp_conference: 'Language conference', systems_conference: 'Systems conference', journal: 'Journal', workshop: 'Workshop', thesis: 'Thesis committee' } }),
  venue_criteria: z.string().trim().max(1_500).default('').meta({ title: 'The venue\'s own form', description: 'Paste its reviewer form or criteria; they go before ours.', 'x-ui': { widget: 'textarea', rows: 4 } }),
  venue_url: address.optional().meta({ title: 'Page of the venue', description: 'Its reviewer guidelines, read in a Full run; what you paste above goes before them.' }),
  reviewers: z.array(z.enum(ROLES)).min(1).max(5).default(['methodologist', 'sceptic', 'newcomer']).meta({ title: 'Reviewers', description: 'Each reads alone and does not see the others.', uniqueItems: true, 'x-enum-labels': { methodologist: 'Methodologist: design and statistics', sceptic: 'Sceptic: other explanations', newcomer: 'Newcomer: clarity', domain_expert: 'Domain expert: truth and relevance', ethicist: 'Ethicist: harm and consent' } }),
  strictness: z.enum(['lenient', 'usual', 'strict']).default('usual').meta({ title: 'Bar', description: 'Where the recommendation turns; the scores do not change.', 'x-enum-labels': { lenient: 'Lenient', usual: 'Usual', strict: 'Strict' } }),
  cross_questions: z.boolean().default(true).meta({ title: 'Cross-questions', description: 'Each major point is put to the paper, as its author would have to answer; it is said where the paper is silent.' }),
  judge: z.boolean().default(true).meta({ title: 'Judge each objection', description: `A judge hears objection and answer of the paper in both orders and says which of them stands, for ${MAX_JUDGED} objections at most; in Full only. Where the answer stands, the point comes last in the plan.`, 'x-show-if': { field: 'cross_questions', equals: true } }),
  rebuttal: z.boolean().default(true).meta({ title: 'Draft a rebuttal', description: 'A first answer to each major point. Promises in it are yours to keep.' }),
});
export type MockReviewPanelInput = z.infer<typeof input>;

const score = (what: string) => z.int().min(1).max(5).describe(what);
const answers = {
  review: (points: number) => z.strictObject({
    summary: z.string().min(1).max(500).describe('what we propose, how, and what came out, in your own words'),
    strength: z.string().min(1).max(300).describe('the strongest thing that the authors propose, conclude, introduce or contribute'),
    major_points: z.array(z.strictObject({
      problem: z.string().min(1).max(300).describe('what is missing or wrong, and why it matters'),
      remedy: z.string().min(1).max(240),
      source_id: z.string().min(1).max(20).describe('id of the material that shows it'),
      evidence_quote: z.string().min(1).max(300).describe('the words of that material, copied'),
    })).min(1).max(Math.max(1, points)),
    soundness: score('1 = central claim unsupported, 5 = supported and alternatives excluded'), clarity: score('1 = cannot be followed, 5 = a peer could repeat it'),
    reproducibility: score('1 = data and code missing, 5 = complete with seeds and versions'), significance: score('1 = no one would act on it, 5 = many would'), confidence: score('1 = a guess, 5 = certain'),
  }),
  cross: z.strictObject({
    verdict: z.enum(['stated', 'partly', 'not_stated']).describe('whether the paper answers this objection'),
    evidence_quote: z.string().max(300).describe('copied letter by letter; empty when there is none'),
    answer: z.string().min(1).max(400).describe('the answer as far as the paper gives it'),
  }),
  pair: pairAnswer('which of the two stands after hearing both'),
} as const;
export type ReviewAnswer = z.infer<ReturnType<typeof answers.review>>;
export type CrossAnswer = z.infer<typeof answers.cross>;

export const mockReviewPanelDefinition = defineCatalogEntry({
  slug: 'mock_review_panel', workflowType: 'mockReviewPanel', version: 2, title: 'Mock review panel',
  outcome: 'Independent reviews of your draft, what the paper cannot answer, a rebuttal to start from, and a plan of what to do first.',
  description: 'Reads the paper, looks for what its kind has to state, lets reviewers with different eyes read it alone, checks that each of their points stands on words of the paper, puts each point to the paper again, lets a judge hear objection and answer in both orders, drafts a rebuttal, weighs the scores by a rule and makes a plan of action.',
  personas: ['researcher'], tags: ['peer review', 'rebuttal', 'checklist', 'writing'], difficulty: 'intermediate', estimatedMinutes: 4,
  input,
  tabs: [
    { key: 'paper', title: 'Paper', description: 'What is reviewed.', fields: ['paper_text', 'paper_file', 'paper_url', 'paper_kind'] },
    { key: 'venue', title: 'Venue', description: 'By whose measure.', fields: ['venue', 'venue_criteria', 'venue_url', 'strictness'] },
    { key: 'panel', title: 'Panel', description: 'Who reads, and what follows.', fields: ['reviewers', 'cross_questions', 'judge', 'rebuttal'] },
  ],
  presets: [
    { key: 'agents', title: 'Agent paper with a small gain', inputs: { paper_text: CACHE_PAPER } },
    { key: 'dataset', title: 'Data-set paper for a language conference', inputs: { paper_text: DATASET_PAPER, paper_kind: 'dataset', venue: 'nlp_conference', reviewers: ['methodologist', 'domain_expert', 'ethicist', 'newcomer'], strictness: 'strict' } },
  ],
  skills: ['writing/peer-review', 'writing/experiment-checklist'],
  policy: { fullApproval: null },
  tools: ['read_upload', 'fetch_url', 'read_pdf', 'library_search'],
  toolsFor: (run) => ['library_search', ...(run.paper_file ? ['read_upload'] : []), ...(run.paper_url || run.venue_url ? ['fetch_url', 'read_pdf'] : [])],
  artifacts: {
    reviews: { fileName: 'reviews.md', mimeType: 'text/markdown', title: 'Reviews' },
    actions: { fileName: 'actions.csv', mimeType: 'text/csv', title: 'Plan of action' },
    rebuttal: { fileName: 'rebuttal.md', mimeType: 'text/markdown', title: 'Rebuttal draft' },
    checklist: { fileName: 'checklist.csv', mimeType: 'text/csv', title: 'Checklist' },
    scores: { fileName: 'scores.svg', mimeType: 'image/svg+xml', title: 'Scores' },
  },
  testSlice: 'One reviewer on the opening sections, one point put to the paper, and a short meta-review.',
  plan: (run, stage) => {
    const reviewers = reviewerCount(run.reviewers.length, stage);
    return planOf(SIZES, stage, { review: reviewers, cross: run.cross_questions ? reviewers * pointsPerReviewer(stage) : 0, rebuttal: run.rebuttal ? 1 : 0, judge: run.cross_questions && run.judge && stage === 'full' ? 2 * Math.min(MAX_JUDGED, reviewers * pointsPerReviewer(stage)) : 0 }, [
      ...(run.paper_file ? [plannedTool('read', 'Read the paper', 4)] : run.paper_url && stage === 'full' ? [plannedTool('read', 'Read the paper')] : []), ...(run.venue_url && stage === 'full' ? [plannedTool('venue', 'Read the page of the venue')] : []), ...(stage === 'full' ? [plannedTool('library', 'Look into the library')] : []),
    ]);
  },
  answers,
});
