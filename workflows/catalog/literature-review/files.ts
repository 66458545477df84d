import { barChart } from '#contracts/charts';
import { toCsv } from '#contracts/csv';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import { body, bullets, nextSteps, oneLine, page, section, stamps, table } from '../../steps/report.ts';
import type { Section } from '../../steps/paper-text.ts';
import { Sources } from '../../steps/sources.ts';
import { countOf, percent } from '../../steps/table-data.ts';
import type { Extract, LiteratureReviewInput } from './definition.ts';
import { addressOf, cited, ORIGINS, refsBib, type Chosen, type Origin, type Paper } from './papers.ts';
import { agreementOf, grounded, kappaWords, outcomeOf, type Outcome, type Screening } from './screening.ts';

/** The draft and the files made from it, finished or not. Pure. */
export interface Draft {
  queries: string[];
  /** records as they came, by where from */
  identified: Partial<Record<Origin, number>>;
  records: number;
  duplicates: number;
  chosen: Chosen;
  screenings: Screening[];
  /** what was decided on the papers that the screeners split on, by id, and by whom */
  settled: Record<string, 'include' | 'exclude'>;
  settledBy: string;
  extracts: Record<string, Extract>;
  /** full texts that were read, by paper */
  fullTexts: Record<string, { title: string; sections: Section[] }>;
  /** the sentence each row rests on, and whether it stands in what was read */
  quotes: Record<string, { quote: string; match: string; from: 'full text' | 'abstract' }>;
  /** words in quotation marks in the synthesis that stand in no text of this run */
  loose: string[];
  synthesis: string;
  trouble: string[];
  sources: Sources;
}
export const newDraft = (): Draft => ({ queries: [], identified: {}, records: 0, duplicates: 0, chosen: { screened: [], outsideYears: [], overLimit: [] }, screenings: [], settled: {}, settledBy: '', extracts: {}, fullTexts: {}, quotes: {}, loose: [], synthesis: '', trouble: [], sources: new Sources() });
type Stage = 'test' | 'full';

const screeningOf = (draft: Draft, paper: Paper): Screening | undefined => draft.screenings.find((each) => each.paper === paper.id);
/** What became of a screened paper; `open` = the run ended before. */
export function fateOf(draft: Draft, paper: Paper): Outcome | 'open' {
  const screening = screeningOf(draft, paper);
  if (!screening) return 'open';
  const outcome = outcomeOf(screening);
  return outcome === 'split' ? (draft.settled[paper.id] ?? 'split') : outcome;
}
export const includedOf = (draft: Draft): Paper[] => draft.chosen.screened.filter((paper) => fateOf(draft, paper) === 'include');

/** Every record is in exactly one place: records = duplicates + outside + over the limit + screened, and screened adds up too. */
export function flowOf(draft: Draft): Record<string, number> {
  const { screened, outsideYears, overLimit } = draft.chosen;
  const fates = screened.map((paper) => fateOf(draft, paper));
  const count = (wanted: string): number => fates.filter((fate) => fate === wanted).length;
  return { records: draft.records, duplicates: draft.duplicates, outside_years: outsideYears.length, over_limit: overLimit.length, screened: screened.length, split: draft.screenings.filter((each) => outcomeOf(each) === 'split').length, excluded: count('exclude'), included: count('include'), undecided: count('split') + count('open'), without_abstract: screened.filter(({ abstract }) => !abstract).length };
}

export function assembleFiles(request: Pick<RunRequest, 'provider'>, input: LiteratureReviewInput, draft: Draft, stage: Stage, remark: string | null): OutputFile[] {
  if (draft.records === 0 && draft.trouble.length === 0 && !draft.synthesis) return [];
  const flow = flowOf(draft);
  const included = includedOf(draft);
  const files: OutputFile[] = [{ key: 'review', fileName: 'review.md', mimeType: 'text/markdown', content: review(request, input, draft, stage, remark), summary: `${countOf(included.length, 'paper')} included of ${flow['screened'] ?? 0} screened` }];
  if (included.length > 0) files.push({ key: 'included', fileName: 'included.csv', mimeType: 'text/csv', content: includedCsv(draft, included), summary: countOf(included.length, 'paper') });
  if (draft.chosen.screened.length > 0) files.push({ key: 'screening', fileName: 'screening.csv', mimeType: 'text/csv', content: screeningCsv(draft), summary: `${countOf(draft.screenings.length, 'paper')} read by two screeners` });
  if (included.length > 0) files.push({ key: 'refs', fileName: 'refs.bib', mimeType: 'application/x-bibtex', content: refsBib(included), summary: countOf(included.length, 'reference') });
  files.push({ key: 'flow', fileName: 'flow.json', mimeType: 'application/json', content: `${JSON.stringify({ question: input.question, stage, simulated: request.provider === 'demo', queries: draft.queries, identified: draft.identified, counts: flow, agreement: agreementOf(draft.screenings), settled_by: draft.settledBy || null }, null, 2)}\n`, summary: 'Every record counted once' });
  files.push({ key: 'chart', fileName: 'flow.svg', mimeType: 'image/svg+xml', content: barChart({ title: 'Flow of papers', yLabel: 'Papers' }, [['records', 'records'], ['without duplicates', null], ['screened', 'screened'], ['included', 'included']].map(([label, name]) => ({ label: label as string, value: name ? (flow[name] ?? 0) : draft.records - draft.duplicates }))), summary: 'From records to included papers' });
  return files;
}

function review(request: Pick<RunRequest, 'provider'>, input: LiteratureReviewInput, draft: Draft, stage: Stage, remark: string | null): string {
  const flow = flowOf(draft);
  const included = includedOf(draft);
  const agreement = agreementOf(draft.screenings);
  const excluded = draft.chosen.screened.filter((paper) => fateOf(draft, paper) === 'exclude');
  const from = Object.entries(draft.identified).map(([origin, count]) => `${count} from ${ORIGINS[origin as Origin]}`).join(', ');
  return page([
    `# ${oneLine(input.question)}`,
    stamps(request, stage, 'three papers and a short synthesis, no registry asked. A Full run searches and screens all.', remark),
    bullets(draft.trouble),
    `**${countOf(included.length, 'paper')} included** of ${flow['screened']} screened, from ${countOf(draft.records, 'record')}${from ? ` (${from})` : ''}.`,
    section('Synthesis', draft.synthesis && body(draft.synthesis)),
    draft.loose.length > 0 && `> **Quotations that stand in no text of this run:** ${draft.loose.map((quote) => `“${oneLine(quote)}”`).join(', ')}. Do not use them.`,
    section('Included papers', included.length > 0 ? `${includedTable(draft, included)}\n\n"In the abstract" is the share of the extracted words that stand in the record; a low share means: read the paper before you use the row.` : ''),
    section('Sentences the rows rest on', quotesTable(draft, included)),
    section('How the papers came in', table(['Step', 'Papers'], [['Records found', flow['records']], ['Duplicates merged', flow['duplicates']], [`Outside ${input.from_year} to ${input.to_year}`, flow['outside_years']], ['Beyond the limit of this run', flow['over_limit']], ['Screened by two', flow['screened']], ['Screeners differed or were unsure', flow['split']], ['Excluded', flow['excluded']], ['Included', flow['included']], ['Undecided when the run ended', flow['undecided']]])),
    section('How it was searched', [draft.queries.length > 0 && bullets(draft.queries.map((query) => `“${query}”`)), `Years ${input.from_year} to ${input.to_year}. ${input.registries.length === 0 ? 'No registry was wanted.' : stage === 'test' ? 'A Test asks no registry.' : `Registries: ${input.registries.map((registry) => ORIGINS[registry]).join(', ')}.`}`].filter(Boolean).join('\n\n')),
    section('Screening', draft.screenings.length > 0 ? [
      `The two screeners said the same on ${agreement.same} of ${countOf(agreement.papers, 'paper')} (${percent(agreement.share)})${agreement.kappa === null ? '' : `; Cohen's kappa ${agreement.kappa.toFixed(2)}, ${kappaWords(agreement.kappa)}`}. ${input.second_screener === 'own' ? 'Both were the same model with different instructions, so their errors may be alike.' : `The second was ${oneLine(input.second_screener)}.`}`,
      draft.settledBy,
      section('Excluded', table(['Paper', 'Title', 'First screener', 'Second screener'], excluded.map((paper) => { const each = screeningOf(draft, paper); return [cited(paper), paper.title, each?.first.evidence || each?.first.decision, each?.second.evidence || each?.second.decision]; })), 3),
    ].filter(Boolean).join('\n\n') : ''),
    (flow['without_abstract'] ?? 0) > 0 && `${countOf(flow['without_abstract'] ?? 0, 'screened paper')} had no abstract, so the title alone was read.`,
    draft.sources.markdown([body(draft.synthesis)]),
    nextSteps([
      stage === 'test' && 'Run Full to search the registries and to screen all papers.',
      included.length === 0 && 'Widen the criteria or add papers: nothing was included, so there is no answer yet.',
      (flow['over_limit'] ?? 0) > 0 && `Raise "Papers to screen": ${flow['over_limit']} were not looked at.`,
      draft.screenings.length > 0 && agreement.share < 0.8 && 'Sharpen the criteria: the screeners agreed on too few papers.',
      included.some(({ id }) => !draft.fullTexts[id]) && `Read the included papers in full; ${Object.keys(draft.fullTexts).length === 0 ? 'this review rests on titles and abstracts' : 'all but those whose full text was read rest on title and abstract'}.`,
      Object.values(draft.quotes).some(({ match }) => match === 'none') && 'Look up the rows whose sentence does not stand in the text: they are not proven.',
      included.some(({ retracted }) => retracted === null) && 'Run the citation audit on refs.bib: it looks for retractions and wrong metadata.',
      draft.trouble.length > 0 && 'Run again when the registries can be reached, so that the search is complete.',
    ]),
  ]);
}

export const groundedShare = (paper: Paper, { method, data, result, limitation }: Extract, full = ''): number => grounded([method, data, result, limitation].join(' '), `${paper.title} ${paper.abstract} ${full}`);
const fullText = (draft: Draft, paper: Paper): string => (draft.fullTexts[paper.id]?.sections ?? []).map(({ text }) => text).join('\n');

function quotesTable(draft: Draft, included: readonly Paper[]): string {
  const words = { exact: 'yes', normalised: 'yes', fuzzy: 'nearly', none: 'NO: not proven' } as const;
  return table(['Paper', 'Sentence', 'From', 'Stands there'], included.flatMap((paper) => { const each = draft.quotes[paper.id]; return each ? [[cited(paper), each.quote || '—', each.from, each.quote ? words[each.match as keyof typeof words] ?? 'not checked' : 'none was named']] : []; }));
}

function includedTable(draft: Draft, included: readonly Paper[]): string {
  return table(['Paper', 'Title', 'Method', 'Data', 'Result', 'Limits it names', 'In the abstract'], included.map((paper) => {
    const source = draft.sources.all.find(({ originId }) => originId === `paper:${paper.id}`);
    const extract = draft.extracts[paper.id];
    return [`${cited(paper)}${source ? ` [${source.id}]` : ''}`, paper.title, extract?.method || '—', extract?.data || '—', extract?.result || '—', extract?.limitation || '—', extract ? percent(groundedShare(paper, extract, fullText(draft, paper))) : 'not extracted'];
  }));
}

function includedCsv(draft: Draft, included: readonly Paper[]): string {
  return toCsv(['id', 'title', 'authors', 'year', 'venue', 'doi', 'arxiv', 'url', 'retracted', 'found_in', 'method', 'data', 'result', 'limitation', 'share_in_abstract', 'quote', 'quote_check', 'read'], included.map((paper) => {
    const extract = draft.extracts[paper.id];
    return [paper.id, paper.title, paper.authors.join('; '), paper.year, paper.venue, paper.doi, paper.arxiv, addressOf(paper), paper.retracted === null ? 'not known' : paper.retracted, paper.from.join('; '), extract?.method, extract?.data, extract?.result, extract?.limitation, extract ? Math.round(groundedShare(paper, extract, fullText(draft, paper)) * 100) / 100 : null, draft.quotes[paper.id]?.quote, draft.quotes[paper.id]?.match, draft.fullTexts[paper.id] ? 'full text' : 'abstract'];
  }));
}

function screeningCsv(draft: Draft): string {
  return toCsv(['id', 'title', 'year', 'first', 'first_evidence', 'second', 'second_evidence', 'outcome'], draft.chosen.screened.map((paper) => {
    const each = screeningOf(draft, paper);
    return [paper.id, paper.title, paper.year, each?.first.decision, each?.first.evidence, each?.second.decision, each?.second.evidence, fateOf(draft, paper)];
  }));
}
