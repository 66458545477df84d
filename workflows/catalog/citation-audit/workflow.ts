import { parseBibtex, type BibEntry } from '#contracts/bibtex';
import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import { mapItems, type Step } from '../../stages/step.ts';
import { findMaterial } from '../../steps/find-material.ts';
import { readUploadText } from '../../steps/read-text.ts';
import { countOf } from '../../steps/table-data.ts';
import { verifyCitations } from '../../steps/verify-citations.ts';
import { checkable, chosenEntries, lookupOf, missingFigures, notAsked, provenVerdict, type Lookup, type ReferenceData, type Support, type Verdict } from './audit.ts';
import { claimsOf } from './claims.ts';
import type { CitationAuditInput, SupportAnswer } from './definition.ts';
import { assembleFiles, countsOf, findingsOf, findingsText, newDraft, verdictOf, type Draft } from './files.ts';
import { summaryPrompt, supportPrompt } from './prompts.ts';
import { authorsOf, identifiersOf, plainTitle, yearOf } from './references.ts';
import { claimCount, librarySections, LOOKUPS_IN_VAIN, MAX_PAGES, MAX_SEARCHES, referenceCount, sourceFileCount } from './sizes.ts';

type Context = StageContext<CitationAuditInput>;
const PARALLEL = 4;
const MAX_PAGE_CHARACTERS = 40_000;

/** Citation audit: claims → form and use of the references → registries → second pass → claims against sources → advice. */
export async function citationAudit(request: RunRequest<CitationAuditInput>): Promise<RunResult> {
  return runStages<CitationAuditInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona } } = context;
  context.expectSteps(7);
  const texts = await context.step('read', 'Read draft, bibliography and sources', (step) => read(context, step, draft));
  await context.step('form', 'Check the form and use of the references', (step) => {
    const counts = countsOf(findingsOf(input, draft));
    step.summarise(`${countOf(draft.looked.length, 'reference')}: ${counts.critical} critical, ${counts.major} major, ${counts.minor} minor findings without asking anybody.`);
    return Promise.resolve();
  });
  if (input.checks.includes('registries')) await lookUp(context, draft);
  // No run of version 1 could choose it.
  const further = stage === 'full' ? new Set(input.look_further) : new Set();
  if (further.has('web_search')) await context.step('web', 'Search the web for what no registry has', (step) => searchWeb(step, draft));
  if (further.has('fetch_url')) await context.step('pages', 'Read the addresses of the bibliography', (step) => readPages(step, draft, texts));
  for (const { key, paper } of draft.lookups) if (paper?.abstract && !texts.has(key)) texts.set(key, paper.abstract);
  draft.withText = [...texts.keys()];
  if (input.checks.includes('support')) await support(context, draft, texts);
  const found = await context.step('library', 'Look into the library', (step) => findMaterial(context, step, { query: 'checking a reference, quotation, retraction and BibTeX', limit: librarySections(stage) }));
  await context.step('advice', 'Say what to repair first', async (step) => {
    const findings = draft.sources.addText('findings', 'Findings of this audit', findingsText(input, draft), 'computed');
    draft.advice = await step.write(summaryPrompt(verdictOf(input, draft), [findings, ...draft.sources.add(found).slice(0, librarySections(stage))], stage, persona));
    step.summarise(verdictOf(input, draft));
  });
  await verifyCitations(context, draft.sources, [draft.advice]);
}

/** @returns the text of sources that came with the inputs, by key */
async function read({ input, stage }: Context, step: Step, draft: Draft): Promise<Map<string, string>> {
  const body = input.draft_file ? await readUploadText(step, input.draft_file, 'd', stage, draft.trouble) : null;
  const bib = input.bib_file ? await readUploadText(step, input.bib_file, 'b', stage, draft.trouble) : null;
  draft.bib = bib?.text ?? input.bib_text;
  draft.entries = parseBibtex(draft.bib).entries;
  draft.read = claimsOf(body?.text ?? input.draft_text, new Set(draft.entries.map(({ key }) => key)));
  draft.looked = chosenEntries(draft.entries, draft.read.claims, referenceCount(input.max_references, stage));
  const texts = new Map<string, string>();
  for (const { key, fields } of draft.looked) if (fields['abstract']) texts.set(key, fields['abstract']);
  for (const { key, text } of input.sources) texts.set(key, text);
  for (const [index, upload] of input.source_files.slice(0, sourceFileCount(stage)).entries()) {
    const file = await readUploadText(step, upload, `f${index + 1}`, stage, draft.trouble);
    const key = file?.fileName.replace(/\.[^.]+$/, '') ?? '';
    if (file && draft.entries.some((entry) => entry.key === key)) texts.set(key, file.text);
    else if (file) draft.trouble.push(`${file.fileName} is not named by a key of the bibliography, so it was not used.`);
  }
  if (draft.entries.length === 0) draft.trouble.push('The bibliography holds no entry that can be read.');
  if (draft.read.claims.length === 0) draft.trouble.push('The draft holds no citation that can be read, so only the bibliography was checked.');
  step.summarise(`${countOf(draft.read.claims.length, 'cited claim')} in ${countOf(draft.read.sentences, 'sentence')}, ${countOf(draft.entries.length, 'entry').replace('entrys', 'entries')}, text of ${countOf(texts.size, 'source')}.`);
  return texts;
}

/** Registries in Full only; a registry that is away is away for the next reference too. */
async function lookUp({ input, stage, turn, step: run }: Context, draft: Draft): Promise<void> {
  if (stage !== 'full') { draft.lookups = draft.looked.map(({ key }) => notAsked(key)); return; }
  let vain = 0;
  draft.lookups = await run('resolve', 'Look up each reference', async (step) => {
    const lookups = await mapItems(draft.looked, PARALLEL, async (entry) => {
      if (vain >= LOOKUPS_IN_VAIN) return notAsked(entry.key);
      const lookup = await resolve(step, entry, 1);
      vain = lookup.exists === 'unknown' ? vain + 1 : 0;
      draft.lookups.push(lookup);
      return lookup;
    });
    const known = lookups.filter(({ exists }) => exists === 'yes').length;
    step.summarise(`${known} found, ${lookups.filter(({ exists }) => exists === 'no').length} not found, ${lookups.filter(({ exists }) => exists === 'unknown' || exists === 'not_asked').length} could not be looked up.`);
    return lookups;
  });
  for (const { key, paper } of draft.lookups) if (paper) draft.sources.addText(`registry:${key}`, `${key}: ${paper.title}`, paper.abstract ?? paper.title, 'registry');
  const failed = draft.lookups.filter(({ exists }) => exists === 'no');
  if (!input.second_pass || failed.length === 0) return;
  turn();
  await run('second', 'Second pass: search by title', async (step) => {
    const again = await mapItems(failed, PARALLEL, async ({ key }) => {
      const entry = draft.looked.find((each) => each.key === key);
      return entry?.fields['title'] ? resolve(step, { ...entry, fields: { title: entry.fields['title'], author: entry.fields['author'] ?? '', year: entry.fields['year'] ?? '' } }, 2) : null;
    });
    for (const found of again) if (found?.exists === 'yes') draft.lookups = draft.lookups.map((lookup) => (lookup.key === found.key ? found : lookup));
    step.summarise(`${again.filter((found) => found?.exists === 'yes').length} of ${failed.length} found by their title.`);
  });
}

async function resolve(step: Step, entry: BibEntry, pass: 1 | 2): Promise<Lookup> {
  const { doi, arxiv, url } = identifiersOf(entry);
  const { fields } = entry;
  const title = fields['title']?.slice(0, 500);
  const year = yearOf(entry);
  const venue = fields['journal'] ?? fields['booktitle'];
  const authors = authorsOf(entry).slice(0, 100).map((name) => name.slice(0, 200));
  const given = { ...(title ? { title } : {}), ...(authors.length > 0 ? { authors } : {}), ...(year === null ? {} : { year }), ...(venue ? { venue: venue.slice(0, 300) } : {}) };
  const where = doi ? { doi } : arxiv ? { arxiv } : title && title.length >= 3 ? { title } : url ? { url } : null;
  if (!where) return notAsked(entry.key);
  const result = await step.tool('resolve_reference', { ...where, given });
  return lookupOf(entry.key, result.outcome, result.data as ReferenceData | undefined, pass);
}

/** A page of the same title shows that a work is there; whether it is what the entry says stays with the person. */
async function searchWeb(step: Step, draft: Draft): Promise<void> {
  const found = new Set(draft.lookups.filter(({ exists }) => exists === 'yes').map(({ key }) => key));
  const open = draft.looked.filter(({ key, fields }) => !found.has(key) && fields['title']).slice(0, MAX_SEARCHES);
  for (const entry of open) {
    const title = entry.fields['title'] ?? '';
    const result = await step.tool('web_search', { query: `"${title}" ${authorsOf(entry)[0] ?? ''}`.trim().slice(0, 500), limit: 3 });
    if (result.outcome === 'unavailable' || result.outcome === 'failed') { draft.trouble.push(`The web was not searched: ${result.summary}`); break; }
    const wanted = plainTitle(title);
    const hit = result.items.find((item) => plainTitle(item.title).includes(wanted)) ?? result.items[0];
    if (hit) draft.onWeb.push({ key: entry.key, title: hit.title, url: hit.url, same: plainTitle(hit.title).includes(wanted) });
  }
  step.summarise(open.length === 0 ? 'Every reference is in a registry.' : `${draft.onWeb.filter(({ same }) => same).length} of ${countOf(open.length, 'reference')} have a page of the same title.`);
}

/** The page of a reference is its text where none was given. The guard of the tool decides which addresses may be read. */
async function readPages(step: Step, draft: Draft, texts: Map<string, string>): Promise<void> {
  const wanted = draft.looked.flatMap((entry) => { const { url } = identifiersOf(entry); return url && !texts.has(entry.key) ? [{ key: entry.key, url }] : []; }).slice(0, MAX_PAGES);
  let read = 0;
  for (const { key, url } of wanted) {
    const result = await step.tool('fetch_url', { url });
    const text = result.items.map((item) => item.text).join('\n\n').slice(0, MAX_PAGE_CHARACTERS);
    if (result.outcome !== 'ok' || !text.trim()) { draft.trouble.push(`The page of ${key} was not read: ${result.summary}`); continue; }
    texts.set(key, text);
    read += 1;
  }
  step.summarise(wanted.length === 0 ? 'No reference without a text has an address.' : `${read} of ${countOf(wanted.length, 'page')} read as the text of its source.`);
}

/** A step a claim: a re-run finds what was paid by it, whatever order the answers come in. */
async function support({ input, stage, request: { persona }, step: run, expectSteps }: Context, draft: Draft, texts: ReadonlyMap<string, string>): Promise<void> {
  const keys = new Set(draft.looked.map(({ key }) => key));
  const all = checkable(draft.read?.claims ?? [], texts, keys);
  const pairs = all.slice(0, claimCount(input.max_claims, stage));
  const sources = pairs.map(({ key, text }) => draft.sources.addText(`source:${key}`, `Text of ${key}`, text, 'given'));
  expectSteps(6 + pairs.length);
  draft.supports = await mapItems(pairs, PARALLEL, ({ claim, key, text }, index) => run(`support-${claim.id}-${index + 1}`, `Hold ${claim.id} against ${key.slice(0, 60)}`, async (step): Promise<Support> => {
    const source = sources[index] as { id: string };
    const quotes = [];
    for (const quote of claim.quotes) quotes.push({ quote, ...await findQuote(step, quote, text) });
    const answer = await step.answer<SupportAnswer>('support', supportPrompt(claim, key, { id: source.id, text }, stage, persona));
    const stands = answer.evidence_quote.trim().length >= 8 && (await findQuote(step, answer.evidence_quote, text)).match !== 'none';
    const verdict: Verdict = provenVerdict(answer.verdict, stands);
    const held: Support = { claim: claim.id, key, verdict, passage: stands ? answer.evidence_quote : '', reason: answer.reason, quotes, missing: missingFigures(claim, text) };
    draft.supports.push(held);
    step.summarise([`As the model reads it: ${verdict.replace('_', ' ')}.`, ...quotes.filter(({ match }) => match === 'none').map(() => 'A quotation does not stand in the source.'), ...held.missing.map((figure) => `${figure} does not stand in the source.`)].join(' '));
    return held;
  }));
  if (pairs.length === 0) draft.trouble.push('No cited claim has the text of its source, so nothing could be held against it. Paste abstracts or passages under Sources.');
  else if (pairs.length < all.length && stage === 'full') draft.trouble.push(`${pairs.length} of ${countOf(all.length, 'claim')} with a text were held against it; raise the number of claims to read more.`);
}

async function findQuote(step: Step, quote: string, text: string): Promise<{ match: 'exact' | 'normalised' | 'fuzzy' | 'none'; similarity: number }> {
  const result = await step.tool('check_quote', { quote: quote.slice(0, 4_000), text });
  const data = result.data as { match: 'exact' | 'normalised' | 'fuzzy' | 'none'; similarity: number } | undefined;
  return { match: data?.match ?? 'none', similarity: data?.similarity ?? 0 };
}
