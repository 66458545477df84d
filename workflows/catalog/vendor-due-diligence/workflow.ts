import type { ReadUploadData } from '#contracts/data-tools';
import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import { mapItems, type Step } from '../../stages/step.ts';
import { findMaterial } from '../../steps/find-material.ts';
import { callWords, research } from '../../steps/research.ts';
import { verifyCitations } from '../../steps/verify-citations.ts';
import { workOut } from '../../steps/work-out.ts';
import { PART_INFO, TIER_WEIGHTS } from './criteria.ts';
import type { AssessAnswer, ContradictionAnswer, VendorDueDiligenceInput } from './definition.ts';
import { about, disputedDown, disputes, firstGuess, mustState, scoreOf, sentencesOf, type Kind, type Text } from './evidence.ts';
import { assembleFiles, factsText, newDraft, recommendation, type Draft } from './files.ts';
import { assessPrompt, contradictionPrompt, investigatePrompt, memoPrompt } from './prompts.ts';
import { scoreFormulas, scoreVariables, usable, type Weights } from './scoring.ts';
import { LOOK_TURNS, partsOf, vendorCount, type Part } from './sizes.ts';

type Context = StageContext<VendorDueDiligenceInput>;
const PARALLEL = 3;

/** Vendor due diligence: claims → evidence of others → each part by checked sentences → contradictions → ask the weights → scorecard → memo. */
export async function vendorDueDiligence(request: RunRequest<VendorDueDiligenceInput>): Promise<RunResult> {
  return runStages<VendorDueDiligenceInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona, version } } = context;
  draft.vendors = input.vendors.slice(0, vendorCount(input.vendors.length, stage)).map((vendor) => ({ name: vendor.name, cost: vendor.annual_cost_usd ?? null, texts: [], musts: [] }));
  draft.parts = partsOf(stage);
  context.expectSteps(draft.vendors.length + (stage === 'test' ? 5 : 7));
  await context.step('evidence', 'Collect claims and evidence', (step) => collect(context, step, draft));
  // Version 1 made one fixed search a vendor, inside the step above.
  if (stage === 'full' && version >= 2 && input.sources.includes('web_search')) {
    for (const [vendor, { name }] of draft.vendors.entries()) await context.step(`investigate-${vendor + 1}`, `Look for evidence on ${name}`, (step) => investigate(context, step, draft, vendor));
  }
  for (const [vendor, { name }] of draft.vendors.entries()) await context.step(`assess-${vendor + 1}`, `Weigh the evidence on ${name}`, (step) => assess(context, step, draft, vendor));
  if (stage === 'full') await context.step('contradictions', 'Hold claims against evidence', (step) => contradict(context, step, draft));
  for (const vendor of draft.vendors.keys()) {
    const [row, sentences] = [draft.vendors[vendor], sentencesOf(draft.vendors[vendor]?.texts ?? [])];
    // A Test judges no pairs: what looks like a dispute is one until somebody reads it.
    const disputed = stage === 'full' ? draft.contradictions.filter((each) => each.vendor === vendor) : draft.parts.flatMap((part) => disputes(part, sentences).map((pair) => ({ part, ...pair })));
    if (row) row.musts = input.must_haves.map((must) => ({ must, ...mustState(must, sentences, disputed) }));
  }
  draft.assessments = disputedDown(draft.assessments, draft.contradictions);
  await score(context, draft);
  const found = await context.step('library', 'Look into the library', (step) => findMaterial(context, step, { query: 'vendor due diligence scoring evidence contract points exit', limit: stage === 'test' ? 1 : 3 }));
  const facts = draft.sources.addText('scorecard', 'Scorecard of this review', factsText(input, draft), 'computed');
  const library = draft.sources.add(found.slice(0, stage === 'test' ? 1 : 3));
  await context.step('memo', 'Write the memo', async (step) => {
    draft.memo = await step.write(memoPrompt(input, [facts, ...library], stage, persona));
    step.summarise(recommendation(input, draft));
  });
  await verifyCitations(context, draft.sources, [draft.memo, ...draft.looks.map(({ note }) => note)]);
}

/** Pasted texts, documents, pages, and what a search finds elsewhere; each sentence keeps its kind of source. */
async function collect({ input, stage, request: { version } }: Context, step: Step, draft: Draft): Promise<void> {
  const put = putter(draft);
  for (const [vendor, { name }] of draft.vendors.entries()) {
    const given = input.vendors[vendor];
    if (given?.says) put(vendor, `says-${vendor + 1}`, `What ${name} says`, 'vendor says', given.says);
    if (given?.others) put(vendor, `others-${vendor + 1}`, `What others show of ${name}`, 'independent', given.others);
  }
  if (stage === 'full') {
    for (const [index, upload] of input.documents.entries()) {
      const read = await step.tool('read_upload', { upload, label: `d${index + 1}`, sections: 8 });
      const data = read.data as ReadUploadData | undefined;
      const vendor = draft.vendors.findIndex(({ name }) => data?.file_name.toLowerCase().includes(name.toLowerCase().split(' ')[0] ?? name));
      if (read.outcome !== 'ok' || !data) draft.trouble.push(`A document was not read: ${read.summary}`);
      else if (vendor < 0) draft.trouble.push(`${data.file_name} names no vendor in its file name, so it was not used.`);
      else put(vendor, `doc-${index + 1}`, data.file_name, 'vendor document', read.items.map((item) => item.text).join('\n').slice(0, 20_000));
    }
    for (const [vendor, { name }] of draft.vendors.entries()) await look(input, step, draft, vendor, name, put, version === 1);
  }
  const known = draft.vendors.map(({ name, texts }) => `${name}: ${texts.length} ${texts.length === 1 ? 'text' : 'texts'}`);
  step.summarise(`${known.join(', ')}.`);
}

type Put = (vendor: number, key: string, title: string, kind: Kind, text: string, url?: string | null) => void;
/** One text of a vendor, under an id that can be cited. */
const putter = (draft: Draft): Put => (vendor, key, title, kind, text, url = null) => {
  const [source] = draft.sources.add([{ id: key, title, url, source: kind, snippet: '', text }]);
  if (source && text.trim()) draft.vendors[vendor]?.texts.push({ id: source.id, kind, title, text } satisfies Text);
};

async function look(input: VendorDueDiligenceInput, step: Step, draft: Draft, vendor: number, name: string, put: Put, searching: boolean): Promise<void> {
  const website = input.vendors[vendor]?.website;
  const host = website ? hostOf(website) : null;
  if (website && input.sources.includes('fetch_url')) {
    const read = await step.tool('fetch_url', { url: website });
    if (read.outcome === 'ok') put(vendor, `page-${vendor + 1}`, read.items[0]?.title ?? website, 'vendor says', read.items.map((item) => item.text).join('\n').slice(0, 20_000), website);
    else draft.trouble.push(`The page of ${name} was not read: ${read.summary}`);
  }
  if (!searching || !input.sources.includes('web_search')) return;
  const found = await step.tool('web_search', { query: searchFor(name), limit: 5 });
  if (found.items.length === 0) draft.trouble.push(`Nothing was found on ${name}: ${found.summary}`);
  // A page of the vendor's own house is no independent evidence, wherever it was found.
  for (const item of found.items) put(vendor, item.id, item.title, kindOf(host, item.url), item.text.slice(0, 8000), item.url);
}

const searchFor = (name: string): string => `${name} security incident availability review data training`;
const kindOf = (host: string | null, url: string | null): Kind => (host !== null && url !== null && hostOf(url).endsWith(host) ? 'vendor says' : 'independent');

/** What a vendor still has to show differs from vendor to vendor, and so do the words that find it: the investigator chooses. What
 * its tools brought is weighed like every other text; what it says is only shown. */
async function investigate(context: Context, step: Step, draft: Draft, vendor: number): Promise<void> {
  const { input, request: { persona } } = context;
  const row = draft.vendors[vendor];
  if (!row) return;
  const website = input.vendors[vendor]?.website;
  const independent = sentencesOf(row.texts).filter(({ kind }) => kind === 'independent');
  const open = draft.parts.filter((part) => about(part, independent).length === 0);
  const { found, note, calls, trouble } = await research(context, step, {
    prompt: investigatePrompt(input, { name: row.name, website }, open.length > 0 ? open : draft.parts, persona), tools: input.sources, maxTurns: LOOK_TURNS, sources: draft.sources, askFirst: input.ask_before_search,
    results: { items: 5, characters: 2000 },
    // A person who wants to be asked is not searched past.
    fixed: async () => (input.ask_before_search ? [] : (await step.tool('web_search', { query: searchFor(row.name), limit: 5 })).items),
  });
  const host = website ? hostOf(website) : null;
  for (const source of found) putter(draft)(vendor, source.originId, source.title, kindOf(host, source.url), source.text.slice(0, 8000), source.url);
  draft.looks.push({ vendor, note, calls: calls.map((call) => ({ call: callWords(call), outcome: call.summary })) });
  draft.trouble.push(...trouble.map((sentence) => `${row.name}: ${sentence}`));
}

const hostOf = (url: string): string => (/^https?:\/\/([^/:?#]+)/i.exec(url)?.[1] ?? url).toLowerCase().replace(/^www\./, '');

/** A part without a sentence about it is none, and nobody is asked. A quotation that is not there is worth a claim at most. */
async function assess({ stage, request: { persona } }: Context, step: Step, draft: Draft, vendor: number): Promise<void> {
  const row = draft.vendors[vendor];
  if (!row) return;
  const sentences = sentencesOf(row.texts);
  const all = await mapItems(draft.parts, PARALLEL, async (part: Part) => {
    const found = about(part, sentences);
    if (found.length === 0) return { vendor, part, level: 'none' as const, score: 0, quote: '', source: null, kind: null, quoteMatch: 'nothing to quote', reason: `Nothing was said on ${PART_INFO[part].asks}.` };
    const answer = await step.answer<AssessAnswer>('assess', assessPrompt(row.name, part, found, firstGuess(found), stage, persona));
    const checked = await step.tool('check_quote', { quote: answer.evidence_quote, text: found.map(({ text }) => text).join('\n') });
    const data = checked.data as { match?: string; found?: string | null } | undefined;
    const quoted = data?.match && data.match !== 'none' ? found.find(({ text }) => text.includes(data.found ?? answer.evidence_quote)) ?? null : null;
    return { vendor, part, level: answer.level, score: scoreOf(answer.level, quoted?.kind ?? null), quote: answer.evidence_quote, source: quoted?.source ?? null, kind: quoted?.kind ?? null, quoteMatch: data?.match ?? 'not checked', reason: answer.reason };
  });
  draft.assessments.push(...all);
  step.summarise(`${row.name}: ${all.map(({ part, score }) => `${PART_INFO[part].title} ${score}`).join(', ')} of 3 each.`);
}

async function contradict({ request: { persona } }: Context, step: Step, draft: Draft): Promise<void> {
  const pairs = draft.vendors.flatMap(({ texts }, vendor) => draft.parts.flatMap((part) => disputes(part, sentencesOf(texts)).map((pair) => ({ vendor, part, ...pair }))))
    .filter((pair, index, all) => all.findIndex((other) => other.vendor === pair.vendor && other.claim.text === pair.claim.text && other.evidence.text === pair.evidence.text) === index);
  const judged = await mapItems(pairs, PARALLEL, async ({ vendor, part, claim, evidence, sign }) => {
    const answer = await step.answer<ContradictionAnswer>('contradiction', contradictionPrompt(draft.vendors[vendor]?.name ?? '', part, claim, evidence, sign, persona));
    return answer.contradicts ? { vendor, part, claim, evidence, why: answer.why } : null;
  });
  draft.contradictions = judged.filter((each) => each !== null);
  step.summarise(`${draft.contradictions.length} of ${pairs.length} doubtful pairs contradict each other.`);
}

async function score(context: Context, draft: Draft): Promise<void> {
  const { input, stage } = context;
  const tier = TIER_WEIGHTS[input.tier];
  if (stage === 'full' && input.ask_weights) {
    const answered = await context.ask<Weights>({ key: 'weights', title: `How much does each part weigh? Without an answer the weights of tier ${input.tier} hold.`, questions: 'weights', shown: { weights_of_the_tier: tier, scores: draft.assessments.map(({ vendor, part, score: points }) => `${draft.vendors[vendor]?.name ?? ''}, ${PART_INFO[part].title}: ${points} of 3`) }, otherwise: tier });
    draft.weights = usable(answered, tier, draft.parts);
    draft.weighedBy = draft.parts.every((part) => draft.weights?.[part] === tier[part]) ? `the weights of tier ${input.tier}: nobody set others` : 'your answer';
  } else {
    draft.weights = tier;
    draft.weighedBy = `the weights of tier ${input.tier}`;
  }
  const { weights } = draft;
  await context.step('score', 'Work out the scorecard', async (step) => {
    const scores = draft.vendors.map((_, vendor) => Object.fromEntries(draft.assessments.filter((each) => each.vendor === vendor).map(({ part, score: points }) => [part, points])));
    draft.figures = await workOut(step, scoreFormulas(draft.vendors.length, draft.parts), scoreVariables(weights, scores, draft.vendors.map(({ cost }) => cost ?? 0), draft.parts));
    if (draft.figures) step.summarise(recommendation(input, draft));
  });
}
