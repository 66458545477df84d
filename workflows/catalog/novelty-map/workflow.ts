import type { ReadUploadData } from '#contracts/data-tools';
import type { RunRequest, RunResult, ToolResult } from '#contracts/workflow';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import { mapItems, type Step } from '../../stages/step.ts';
import { findMaterial } from '../../steps/find-material.ts';
import { research } from '../../steps/research.ts';
import { verifyCitations } from '../../steps/verify-citations.ts';
import type { ClaimsAnswer, HuntAnswer, NoveltyMapInput, RelationAnswer } from './definition.ts';
import { assembleFiles, factsText, newDraft, type Draft } from './files.ts';
import { fromBibtex, fromPage, fromRegistry, sameWork, wordsOf, type FoundPaper, type Neighbour } from './papers.ts';
import { adversaryPrompt, claimsPrompt, huntPrompt, positioningPrompt, relationPrompt } from './prompts.ts';
import { FLOOR, guess, similarities } from './similarity.ts';
import { claimCount, HUNT_TURNS, neighbourCount, QUERIES_PER_ROUND, READ_PER_ROUND } from './sizes.ts';
import { overall, readingList, type Cell } from './verdict.ts';

type Context = StageContext<NoveltyMapInput>;
type Pair = { claim: number; paper: string; similarity: number };
const PARALLEL = 3;
const CHECKED_REFERENCES = 12;
const HUNTING = ['search_papers', 'web_search', 'fetch_url'] as const;

/** Novelty map: claims → neighbours → claim × paper by checked quotations → adversary until dry → references → positioning. */
export async function noveltyMap(request: RunRequest<NoveltyMapInput>): Promise<RunResult> {
  return runStages<NoveltyMapInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona, version } } = context;
  context.expectSteps(stage === 'test' ? 5 : 9);
  await takeApart(context, draft);
  await context.step('neighbours', 'Collect the neighbours', (step) => collect(context, step, draft));
  await context.step('matrix', 'Compare claims and papers', async (step) => {
    await compare(context, step, draft, readingList(draft.claims, draft.papers));
    step.summarise(overall(draft.claims, draft.cells, draft.papers.length, draft.searches));
  });
  if (stage === 'full') {
    for (let round = 1; round <= input.hunt_rounds && draft.hunted === null; round += 1) {
      // Version 1 asked for searches and made them; what may be searched with is now the adversary's own choice.
      const free = version >= 2 && HUNTING.some((tool) => input.sources.includes(tool));
      if (!free) context.turn();
      await context.step(`hunt-${round}`, `Hunt for prior art, round ${round}`, (step) => (free ? pursue(context, step, draft, round) : hunt(context, step, draft, round)));
    }
    if (input.check_references && input.sources.includes('search_papers')) await context.step('references', 'Check the references', (step) => checkReferences(step, draft));
  }
  const found = stage === 'full' && input.sources.includes('library_search') ? await context.step('library', 'Look into the library', (step) => findMaterial(context, step, { query: 'related work comparing several papers novelty claims', limit: 1 })) : [];
  const facts = draft.sources.addText('verdict', 'Verdict by the matrix', factsText(draft), 'computed');
  const read = draft.papers.filter((paper) => draft.cells.some((cell) => cell.paper === paper.id));
  // How a comparison is written comes last: what stands in it are the papers.
  const background = stage === 'full' ? draft.sources.add(found.slice(0, 1)) : [];
  await context.step('positioning', 'Write the positioning', async (step) => {
    draft.positioning = await step.write(positioningPrompt(input, draft.claims, [facts, ...read.slice(0, stage === 'test' ? 2 : 10), ...background], stage, persona));
    step.summarise(`Placed among ${read.length} ${read.length === 1 ? 'paper' : 'papers'} that were read.`);
  });
  await verifyCitations(context, draft.sources, [draft.positioning, ...draft.notes]);
}

async function takeApart(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona } } = context;
  const wanted = claimCount(input.claim_number, stage);
  await context.step('claims', 'Take the idea apart', async (step) => {
    if (input.claims.length > 0) {
      draft.claims = input.claims.slice(0, wanted);
      draft.queries = draft.claims;
    } else {
      const { claims } = await step.answer<ClaimsAnswer>('claims', claimsPrompt(input, wanted, stage, persona), wanted);
      draft.claims = claims.map(({ claim }) => claim);
      draft.queries = claims.map(({ search_query: query }) => query);
    }
    step.summarise(draft.claims.map((claim, index) => `${index + 1}. ${claim}`).join(' '));
  });
}

/** Your list and files first, then the registries in Full; one work once. */
async function collect(context: Context, step: Step, draft: Draft): Promise<void> {
  const { input, stage } = context;
  const { papers, problems } = fromBibtex(input.known_bib);
  draft.trouble.push(...problems);
  const most = neighbourCount(input.max_neighbours, stage);
  take(draft, papers.slice(0, most));
  for (const [index, upload] of input.paper_files.entries()) {
    if (draft.papers.length >= most) break;
    const read = await step.tool('read_upload', { upload, label: `p${index + 1}`, sections: 4 });
    const data = read.data as ReadUploadData | undefined;
    if (read.outcome !== 'ok' || !data) { draft.trouble.push(`A file was not read: ${read.summary}`); continue; }
    take(draft, [{ key: `file${index + 1}`, type: 'misc', title: data.title, url: null, text: read.items.map((item) => item.text).join('\n\n').slice(0, 12_000), year: null, authors: [], doi: null, arxiv: null, venue: null, met: `file ${data.file_name}`, retracted: null, status: null }]);
  }
  if (stage === 'full' && input.sources.includes('search_papers')) {
    for (const query of draft.queries) {
      if (draft.papers.length >= most) break;
      if (!(await search(context, step, draft, query, 'search', most - draft.papers.length))) break;
    }
  }
  step.summarise(draft.papers.length > 0 ? `${draft.papers.length} neighbours: ${draft.papers.map((paper) => paper.title).join('; ')}.` : 'There are no neighbours: none was named, and none was searched.');
}

/** @returns the papers that are new, null when no registry answers */
async function search({ input }: Context, step: Step, draft: Draft, query: string, by: string, most: number): Promise<Neighbour[] | null> {
  const wanted = [query, input.field].filter(Boolean).join(' ').slice(0, 300);
  const result: ToolResult = await step.tool('search_papers', { query: wanted, limit: 10, from_year: input.from_year });
  const found = ((result.data as { papers?: FoundPaper[] } | undefined)?.papers ?? []).map((paper) => fromRegistry(paper, by));
  const away = result.outcome === 'unavailable' || result.outcome === 'failed';
  const fresh = take(draft, found.filter((paper) => !draft.papers.some((known) => sameWork(known, paper))).slice(0, most));
  draft.searches.push({ query: wanted, by, outcome: result.outcome, found: found.length, fresh: fresh.length });
  if (away && !draft.searches.slice(0, -1).some((earlier) => earlier.outcome === result.outcome)) draft.trouble.push(`The registries were not searched for “${wanted}”: ${result.summary}`);
  return away ? null : fresh;
}

function take(draft: Draft, papers: readonly Omit<Neighbour, 'id'>[]): Neighbour[] {
  const fresh: Neighbour[] = [];
  for (const paper of papers) {
    if ([...draft.papers, ...fresh].some((known) => sameWork(known, paper))) continue;
    const [source] = draft.sources.add([{ id: paper.origin ?? paper.key, title: paper.title, url: paper.url, source: paper.met, snippet: '', text: paper.text }]);
    if (source) fresh.push({ ...paper, id: source.id });
  }
  draft.papers.push(...fresh);
  return fresh;
}

/** Reads each pair; a quotation that is not in the paper makes the answer worth nothing. */
async function compare(context: Context, step: Step, draft: Draft, pairs: readonly Pair[]): Promise<void> {
  const { stage, request: { persona } } = context;
  const cells = await mapItems(pairs, PARALLEL, async ({ claim, paper: id, similarity }): Promise<Cell | null> => {
    const paper = draft.papers.find((each) => each.id === id);
    if (!paper) return null;
    const answer = await step.answer<RelationAnswer>('relation', relationPrompt(draft.claims[claim] ?? '', paper, guess(similarity), stage, persona));
    const checked = await step.tool('check_quote', { quote: answer.evidence_quote, text: paper.text });
    const match = (checked.data as { match?: string } | undefined)?.match ?? 'not checked';
    const holds = ['exact', 'normalised', 'fuzzy'].includes(match);
    return { claim, paper: id, similarity, relation: holds ? answer.relation : 'unclear', quote: answer.evidence_quote, quoteMatch: match, difference: answer.difference };
  });
  draft.cells.push(...cells.filter((cell) => cell !== null));
}

/** One round: other words, other fields; what is new and near enough is read for the claim it is nearest to. Nothing new = dry. */
async function hunt(context: Context, step: Step, draft: Draft, round: number): Promise<void> {
  const { input, request: { persona } } = context;
  const made = draft.searches.map((each) => each.query);
  const plan = await step.answer<HuntAnswer>('hunt', huntPrompt(input, draft.claims, made, draft.papers.slice(0, 6), persona));
  if (!input.sources.includes('search_papers')) { draft.hunted = 'The adversary named searches, but the registries were not to be asked.'; draft.suggested.push(...plan.queries); step.summarise(draft.hunted); return; }
  const fresh: Neighbour[] = [];
  for (const query of plan.queries.slice(0, QUERIES_PER_ROUND)) {
    const found = await search(context, step, draft, query, `hunt ${round}`, READ_PER_ROUND);
    if (!found) { draft.hunted = 'The registries are away, so the hunt ended without a result.'; draft.suggested.push(...plan.queries); step.summarise(draft.hunted); return; }
    fresh.push(...found);
  }
  await readNear(context, step, draft, round, fresh);
}

/** The same round by an adversary that searches for itself: papers and pages that its tools brought are compared, its words are
 * shown beside them. */
async function pursue(context: Context, step: Step, draft: Draft, round: number): Promise<void> {
  const { input, request: { persona } } = context;
  const tools = HUNTING.filter((tool) => input.sources.includes(tool));
  const prompt = adversaryPrompt(input, draft.claims, draft.searches.map(({ query }) => query), tools, draft.papers.slice(0, 4), persona);
  let planned = false;
  const { calls, found, note, trouble } = await research(context, step, {
    prompt, tools, maxTurns: HUNT_TURNS, sources: draft.sources, results: { items: 6, characters: 1500 },
    fixed: async () => { planned = true; await hunt(context, step, draft, round); return []; },
  });
  draft.trouble.push(...trouble.filter((sentence) => !draft.trouble.includes(sentence)));
  if (planned) return;
  if (note) draft.notes.push(note);
  const before = draft.papers.length;
  const searched = calls.filter(({ tool }) => tool !== 'fetch_url');
  for (const call of calls) {
    const known = draft.papers.length;
    const papers = ((call.data as { papers?: FoundPaper[] } | undefined)?.papers ?? []).map((paper) => fromRegistry(paper, `hunt ${round}`));
    const pages = call.tool === 'search_papers' ? [] : found.filter(({ originId }) => call.items.includes(originId)).map((source) => fromPage(source, `hunt ${round}`));
    take(draft, [...papers, ...pages]);
    if (searched.includes(call)) draft.searches.push({ query: String(call.arguments['query'] ?? ''), by: `hunt ${round}, ${call.tool}`, outcome: call.outcome, found: call.items.length, fresh: draft.papers.length - known });
  }
  if (searched.every(({ outcome }) => outcome !== 'ok' && outcome !== 'empty')) { draft.hunted = 'Nothing that the adversary may use could be searched, so the hunt ended without a result.'; step.summarise(draft.hunted); return; }
  await readNear(context, step, draft, round, draft.papers.slice(before));
}

/** What is new and near enough is read for the claim it is nearest to. Nothing near = dry. */
async function readNear(context: Context, step: Step, draft: Draft, round: number, fresh: readonly Neighbour[]): Promise<void> {
  const rows = similarities(draft.claims, fresh.map(wordsOf));
  const near = fresh.map((paper, at): Pair => { const [claim = 0, similarity = 0] = rows.map((row, index) => [index, row[at] ?? 0] as const).toSorted((a, b) => b[1] - a[1])[0] ?? []; return { claim, paper: paper.id, similarity }; }).filter(({ similarity }) => similarity >= FLOOR).toSorted((a, b) => b.similarity - a.similarity);
  await compare(context, step, draft, near.slice(0, READ_PER_ROUND));
  if (near.length === 0) draft.hunted = `Dry after ${round} ${round === 1 ? 'round' : 'rounds'}: nothing new came near a claim.`;
  step.summarise(draft.hunted ?? `${near.length} new papers near a claim.`);
}

async function checkReferences(step: Step, draft: Draft): Promise<void> {
  let checked = 0;
  for (const paper of draft.papers.filter((each) => each.doi !== null || each.arxiv !== null).slice(0, CHECKED_REFERENCES)) {
    const result = await step.tool('resolve_reference', { ...(paper.doi ? { doi: paper.doi } : { arxiv: paper.arxiv }), given: { title: paper.title, ...(paper.year === null ? {} : { year: paper.year }) } });
    const data = result.data as { exists: 'yes' | 'no' | 'unknown'; retracted: boolean | null; mismatches: { field: string; found: string }[] } | undefined;
    if (!data || data.exists === 'unknown') { draft.trouble.push(`References could not be checked: ${result.summary}`); break; }
    paper.retracted = data.retracted ?? paper.retracted;
    paper.status = data.exists === 'no' ? 'not found in the registries' : data.mismatches.length > 0 ? `registry says ${data.mismatches.map(({ field, found }) => `${field}: ${found}`).join('; ')}`.slice(0, 200) : 'resolved';
    checked += 1;
  }
  step.summarise(`${checked} references resolved and compared.`);
}
