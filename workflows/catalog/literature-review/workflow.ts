import type { QueryData } from '#contracts/data-tools';
import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import { mapItems, type Step } from '../../stages/step.ts';
import { countOf } from '../../steps/table-data.ts';
import { readDocument } from '../../steps/document-input.ts';
import { contentOf, fitted, standsIn as standsInText } from '../../steps/paper-text.ts';
import { verifyCitations } from '../../steps/verify-citations.ts';
import type { Extract, LiteratureReviewInput, Queries, QuotedExtract, ScreenAnswer, SplitAnswer } from './definition.ts';
import { assembleFiles, fateOf, flowOf, includedOf, newDraft, type Draft } from './files.ts';
import { addressOf, choose, cited, dedupe, fromBibtex, fromRows, fromSearch, fromTable, type Found, type Paper, ORIGINS, type SearchData } from './papers.ts';
import { extractPrompt, queriesPrompt, quotedExtractPrompt, screenPrompt, synthesisPrompt } from './prompts.ts';
import { agreementOf, idsIn, outcomeOf, type Voice } from './screening.ts';
import { belongsTo, quotationsIn } from './full-text.ts';
import { extractCount, fullTextCharacters, paperCount, queryCount, RESULTS_PER_QUERY, synthesisPapers } from './sizes.ts';

type Context = StageContext<LiteratureReviewInput>;
const PARALLEL = 4;
const MOST_SECTIONS = 60;

/** Literature review: queries → search and own papers → duplicates → two screeners → the split ones → extraction → synthesis → flow. */
export async function literatureReview(request: RunRequest<LiteratureReviewInput>): Promise<RunResult> {
  return runStages<LiteratureReviewInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona, version } } = context;
  context.expectSteps(8);
  draft.queries = await context.step('queries', 'Widen the search', async (step) => {
    const answer = await step.answer<Queries>('queries', queriesPrompt(input, stage, persona), queryCount(stage));
    const queries = [input.question.slice(0, 300), ...answer.queries.map(({ search_query }) => search_query)];
    step.summarise(queries.slice(1).join('; '));
    return [...new Map(queries.map((query) => [query.toLowerCase(), query])).values()];
  });
  const found = await context.step('collect', 'Collect papers', (step) => collect(context, step, draft));
  const { papers, duplicates } = dedupe(found);
  draft.records = found.length;
  draft.duplicates = duplicates;
  draft.chosen = choose(papers, { ...input, most: paperCount(input.max_papers, stage) });
  if (papers.length === 0) draft.trouble.push('There is no paper to review: paste some, or run Full where the registries can be reached.');
  await context.step('dedupe', 'Merge duplicates, keep the years', (step) => {
    const { screened, outsideYears, overLimit } = draft.chosen;
    step.summarise(`${countOf(found.length, 'record')}: ${duplicates} duplicates, ${outsideYears.length} outside the years, ${overLimit.length} beyond the limit, ${screened.length} to screen.`);
    return Promise.resolve();
  });
  context.expectSteps(6 + 2 * draft.chosen.screened.length);
  if (draft.chosen.screened.length > 0) await screen(context, draft);
  const included = includedOf(draft);
  for (const paper of included) draft.sources.add([{ id: `paper:${paper.id}`, title: `${cited(paper)}: ${paper.title}`, url: addressOf(paper), source: paper.from.map((origin) => ORIGINS[origin]).join(', '), snippet: '', text: paper.abstract || paper.title }]);
  const extracted = included.slice(0, extractCount(included.length, stage));
  // Version 1 extracted from abstracts, without a quotation; a Test still does.
  const quoting = stage === 'full' && version >= 2;
  if (quoting && included.length > 0 && input.full_text_files.length + input.full_text_urls.length > 0) await context.step('texts', 'Read the full texts', (step) => readFullTexts(context, step, draft, included));
  await mapItems(extracted, PARALLEL, (paper) => context.step(`extract-${paper.id}`, `Extract: ${paper.title.slice(0, 80)}`, async (step) => {
    if (quoting) return quotedExtract(context, step, draft, paper);
    const extract = await step.answer<Extract>('extract', extractPrompt(input, paper, stage, persona));
    draft.extracts[paper.id] = extract;
    step.summarise(extract.result || 'The abstract names no result.');
  }));
  if (included.length > 0) draft.synthesis = await context.step('synthesis', 'Write the synthesis', async (step) => {
    const material = draft.sources.all.slice(0, synthesisPapers(stage));
    const text = await step.write(synthesisPrompt(input, material, stage, persona));
    if (quoting) draft.loose = quotationsIn(text).filter((quote) => !everyText(draft).some((known) => standsInText(quote, known)));
    step.summarise(`From ${countOf(material.length, 'paper')}${draft.loose.length > 0 ? `; ${countOf(draft.loose.length, 'quotation')} in it stand in no text` : ''}.`);
    return text;
  });
  await verifyCitations(context, draft.sources, [draft.synthesis]);
}

/** What a synthesis may quote: the records, the question and the full texts. */
const everyText = (draft: Draft): string[] => [...draft.sources.all.map(({ text, title }) => `${title}\n${text}`), ...Object.values(draft.fullTexts).map(({ sections }) => sections.map(({ text }) => text).join('\n'))];

/** Uploads, then addresses; each goes to the included paper that it says it is. */
async function readFullTexts(context: Context, step: Step, draft: Draft, included: readonly Paper[]): Promise<void> {
  const { input } = context;
  for (const given of [...input.full_text_files.map((upload) => ({ upload })), ...input.full_text_urls.map((url) => ({ url }))]) {
    const read = await readDocument(context, step, given, MOST_SECTIONS);
    const name = [read.title, 'url' in given ? given.url : ''].filter(Boolean).join(', ') || 'A file';
    if (read.sections.length === 0) { draft.trouble.push(`A full text was not read: ${read.trouble.join(' ') || name}`); continue; }
    const paper = included.find((each) => belongsTo(each, name, read.sections));
    if (!paper) draft.trouble.push(`${name} names no included paper at its beginning, so it was not used.`);
    else draft.fullTexts[paper.id] = { title: name, sections: contentOf(read.sections) };
  }
  step.summarise(`${countOf(Object.keys(draft.fullTexts).length, 'full text')} of ${countOf(included.length, 'included paper')}.`);
}

/** Rows whose sentence does not stand in what was read are kept, and marked as not proven. */
async function quotedExtract({ input, request: { persona } }: Context, step: Step, draft: Draft, paper: Paper): Promise<void> {
  const sections = draft.fullTexts[paper.id]?.sections ?? [];
  const material = fitted(sections.map(({ title, text }, index) => ({ id: `${paper.id}.${index + 1}`, title, url: null, text })), 12, fullTextCharacters);
  const { evidence_quote: quote, ...extract } = await step.answer<QuotedExtract>('extract_full', quotedExtractPrompt(input, paper, material, persona));
  draft.extracts[paper.id] = extract;
  const text = sections.length > 0 ? sections.map((section) => section.text).join('\n') : `${paper.title}\n${paper.abstract}`;
  const checked = quote.trim().length >= 8 ? await step.tool('check_quote', { quote, text: text.slice(0, 400_000) }) : null;
  const match = checked ? (checked.data as { match?: string } | undefined)?.match ?? 'not checked' : 'none';
  draft.quotes[paper.id] = { quote: checked ? quote : '', match, from: sections.length > 0 ? 'full text' : 'abstract' };
  step.summarise(`${extract.result || 'No result is named.'}${match === 'none' ? ' Its sentence does not stand in the text.' : ''}`);
}

async function collect({ input, stage }: Context, step: Step, draft: Draft): Promise<Found[]> {
  const bib = fromBibtex(input.papers_bib);
  if (bib.problems > 0) draft.trouble.push(`${countOf(bib.problems, 'entry').replace('entrys', 'entries')} of the BibTeX could not be read or has no title.`);
  const found = [...fromTable(input.papers), ...bib.found];
  if (input.papers_file) {
    const result = await step.tool('query_data', { upload: input.papers_file, sql: 'SELECT * FROM data', max_rows: 500 });
    const rows = result.outcome === 'ok' && result.data ? fromRows(result.data as QueryData) : [];
    if (rows.length === 0) draft.trouble.push(`No paper was read from the file: ${result.outcome === 'ok' ? 'it has no column named title.' : result.summary}`);
    found.push(...rows);
  }
  if (stage === 'full' && input.registries.length > 0) found.push(...await search(input, step, draft));
  for (const { from } of found) for (const origin of from) draft.identified[origin] = (draft.identified[origin] ?? 0) + 1;
  step.summarise(`${countOf(found.length, 'record')}${draft.trouble.length > 0 ? `; ${draft.trouble.length} remarks` : ''}.`);
  return found;
}

/** Query after query, so that a registry that is away is waited for once. */
async function search(input: LiteratureReviewInput, step: Step, draft: Draft): Promise<Found[]> {
  const found: Found[] = [];
  for (const query of draft.queries) {
    const result = await step.tool('search_papers', { query, limit: RESULTS_PER_QUERY, sources: input.registries, ...(input.from_year <= input.to_year ? { from_year: input.from_year, to_year: input.to_year } : {}) });
    if (result.data && result.outcome !== 'unavailable') found.push(...fromSearch(result.data as SearchData));
    if (result.outcome === 'ok' || result.outcome === 'empty') continue;
    draft.trouble.push(`The registries were not searched ${found.length > 0 ? 'to the end' : 'at all'}: ${result.summary} Nothing was made up in their place.`);
    break;
  }
  return found;
}

async function screen(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona } } = context;
  // A step a paper: a re-run finds what was paid by it, whatever order the answers come in.
  await mapItems(draft.chosen.screened, PARALLEL, (paper) => context.step(`screen-${paper.id}`, `Screen: ${paper.title.slice(0, 80)}`, async (step) => {
    const [first, second] = await mapItems(['first', 'second'] as const, 2, async (voice): Promise<Voice> => {
      const answer = await step.answer<ScreenAnswer>('screen', screenPrompt(input, paper, voice, stage, persona));
      return { decision: answer.decision, evidence: standsIn(answer.evidence_quote, paper) };
    });
    const screening = { paper: paper.id, first: first as Voice, second: second as Voice };
    draft.screenings.push(screening);
    step.summarise(`${screening.first.decision} and ${screening.second.decision}: ${outcomeOf(screening)}.`);
  }));
  await settle(context, draft);
  await context.step('flow', 'Count the flow', (step) => {
    const flow = flowOf(draft);
    const { same, papers } = agreementOf(draft.screenings);
    step.summarise(`The screeners said the same on ${same} of ${papers}. ${flow['included']} included, ${flow['excluded']} excluded, ${flow['split']} had been split.`);
    return Promise.resolve();
  });
}

/** Words that are not in the record are no evidence. */
function standsIn(quote: string, { title, abstract }: Paper): string {
  const flat = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  return quote && flat(`${title} ${abstract}`).includes(flat(quote)) ? quote : '';
}

/** Papers that the screeners split on: the person decides, or the rule that was chosen. */
async function settle(context: Context, draft: Draft): Promise<void> {
  const { input, stage } = context;
  const split = draft.chosen.screened.filter((paper) => fateOf(draft, paper) === 'split');
  if (split.length === 0) return;
  const all = split.map(({ id }) => id);
  const decide = (included: readonly string[], by: string): void => {
    for (const id of all) draft.settled[id] = included.includes(id) ? 'include' : 'exclude';
    draft.settledBy = by;
  };
  if (input.when_split !== 'ask' || stage === 'test') {
    const keep = input.when_split !== 'exclude';
    decide(keep ? all : [], `The screeners differed or were unsure on ${countOf(all.length, 'paper')}, which ${keep ? 'stayed in' : 'were left out'} by ${input.when_split === 'ask' ? 'the rule of a Test, which asks nobody' : 'your rule'}.`);
    return;
  }
  const shown = split.map((paper) => { const each = draft.screenings.find(({ paper: id }) => id === paper.id); return { id: paper.id, title: paper.title, year: paper.year, first: each?.first, second: each?.second, abstract: paper.abstract.slice(0, 300) }; });
  const nobody = 'nobody';
  const answer = await context.ask<SplitAnswer & { by?: string }>({ key: 'split', title: 'The screeners differ: which papers stay in? Without an answer all do.', questions: 'split', shown, otherwise: { include_ids: all.join(', '), by: nobody } });
  const kept = idsIn(answer.include_ids, all);
  decide(kept, answer.by === nobody ? `The screeners differed or were unsure on ${countOf(all.length, 'paper')}. Nobody answered in time, so all of them stayed in: assumed, not decided.` : `The screeners differed or were unsure on ${countOf(all.length, 'paper')}; you kept ${kept.length}.`);
}
