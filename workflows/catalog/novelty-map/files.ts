import { toBibtex } from '#contracts/bibtex';
import { scatterChart } from '#contracts/charts';
import { toCsv } from '#contracts/csv';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import { body, bullets, nextSteps, oneLine, page, section, stamps, table } from '../../steps/report.ts';
import { Sources } from '../../steps/sources.ts';
import type { NoveltyMapInput } from './definition.ts';
import { toEntry, wordsOf, type Neighbour } from './papers.ts';
import { similarities } from './similarity.ts';
import { claimVerdict, overall, type Cell, type SearchLog } from './verdict.ts';

/** The draft and the files made from it, finished or not. Pure. */
export interface Draft { claims: string[]; queries: string[]; papers: Neighbour[]; cells: Cell[]; searches: SearchLog[]; /** why the hunt ended; null = it used up its rounds */ hunted: string | null; suggested: string[]; /** what the adversary says of each round */ notes: string[]; positioning: string; trouble: string[]; sources: Sources }
export const newDraft = (): Draft => ({ claims: [], queries: [], papers: [], cells: [], searches: [], hunted: null, suggested: [], notes: [], positioning: '', trouble: [], sources: new Sources() });

type Stage = 'test' | 'full';
const WORDS = { same: 'does the same', partial: 'does a part of it', different: 'does something else', unclear: 'unclear' } as const;

/** The verdict as sentences that a model can read and cite. */
export function factsText(draft: Draft): string {
  return [
    overall(draft.claims, draft.cells, draft.papers.length, draft.searches),
    ...draft.claims.map((claim, index) => `Claim ${index + 1}, “${oneLine(claim).replace(/[.!?]+$/, '')}”, is ${claimVerdict(index, draft.cells)}.`),
    ...draft.cells.map((cell) => `${oneLine(draft.papers.find((paper) => paper.id === cell.paper)?.title ?? '')} ${WORDS[cell.relation]} for claim ${cell.claim + 1}.`),
  ].join('\n');
}

export function assembleFiles(request: Pick<RunRequest, 'provider'>, input: NoveltyMapInput, draft: Draft, stage: Stage, remark: string | null): OutputFile[] {
  if (draft.claims.length === 0) return [];
  const { claims, papers, cells } = draft;
  const near = similarities(claims, papers.map(wordsOf));
  const files: OutputFile[] = [{ key: 'related', fileName: 'related.md', mimeType: 'text/markdown', content: report(request, input, draft, near, stage, remark), summary: overall(claims, cells, papers.length, draft.searches) }];
  if (papers.length === 0) return files;
  const rows = claims.flatMap((claim, index) => papers.map((paper, at) => {
    const cell = cells.find((each) => each.claim === index && each.paper === paper.id);
    return [index + 1, claim, paper.key, paper.title, paper.year, Number((near[index]?.[at] ?? 0).toFixed(4)), cell?.relation ?? 'not read', cell?.quote, cell?.quoteMatch, cell?.difference, paper.met, paper.retracted === null ? 'unknown' : paper.retracted ? 'yes' : 'no', paper.status ?? 'not checked', paper.url];
  }));
  files.push({ key: 'matrix', fileName: 'matrix.csv', mimeType: 'text/csv', content: toCsv(['claim', 'claim_text', 'paper', 'title', 'year', 'word_similarity', 'relation', 'quote', 'quote_check', 'difference', 'met', 'retracted', 'reference_check', 'url'], rows), summary: `${claims.length} claims × ${papers.length} papers, ${cells.length} pairs read` });
  files.push({ key: 'references', fileName: 'refs.bib', mimeType: 'application/x-bibtex', content: toBibtex(papers.map(toEntry)), summary: `${papers.length} references` });
  const dated = papers.flatMap((paper, at) => (paper.year === null ? [] : [{ paper, nearness: Math.max(0, ...near.map((row) => row[at] ?? 0)) }]));
  const groups = [...new Set(dated.map(({ paper }) => paper.met.replace(/ \d+$/, '')))];
  if (dated.length > 0) files.push({ key: 'map', fileName: 'map.svg', mimeType: 'image/svg+xml', content: scatterChart({ title: 'Neighbours: year, and nearness to the claim they are nearest to', xLabel: 'Year', yLabel: 'Words in common (0 to 1)' }, groups.map((name) => ({ name, points: dated.filter(({ paper }) => paper.met.replace(/ \d+$/, '') === name).map(({ paper, nearness }) => [paper.year ?? 0, nearness] as const) }))), summary: `${dated.length} neighbours` });
  return files;
}

function report(request: Pick<RunRequest, 'provider'>, input: NoveltyMapInput, draft: Draft, near: readonly number[][], stage: Stage, remark: string | null): string {
  const { claims, papers, cells, searches } = draft;
  const titleOf = (id: string): string => { const paper = papers.find((each) => each.id === id); return paper ? `${oneLine(paper.title)}${paper.year === null ? '' : ` (${paper.year})`}` : id; };
  const retracted = papers.filter((paper) => paper.retracted === true);
  const doubtful = papers.filter((paper) => paper.status !== null && paper.status !== 'resolved');
  const answered = searches.some(({ outcome }) => outcome === 'ok' || outcome === 'empty');
  return page([
    '# Novelty and related work',
    stamps(request, stage, 'one claim against at most three papers that you named; nothing was searched. A Full run compares all claims and hunts for prior art.', remark),
    bullets([...new Set(draft.trouble)]),
    section('Verdict', `**${overall(claims, cells, papers.length, searches)}**\n\n${table(['', 'Claim', 'Verdict', 'Nearest paper', 'What it does'], claims.map((claim, index) => {
      const own = cells.filter((cell) => cell.claim === index);
      const first = own.find((cell) => cell.relation === 'same') ?? own.find((cell) => cell.relation === 'partial') ?? own[0];
      return [index + 1, claim, claimVerdict(index, cells), first && `${titleOf(first.paper)} [${first.paper}]`, first && WORDS[first.relation]];
    }))}`),
    section('The matrix', papers.length === 0 ? null : `Words in common, 0 to 1, and what reading showed. A dash was not read.\n\n${table(['Paper', ...claims.map((_, index) => `Claim ${index + 1}`)], papers.map((paper, at) => [`[${paper.id}] ${titleOf(paper.id)}`, ...claims.map((_, index) => { const cell = cells.find((each) => each.claim === index && each.paper === paper.id); return `${(near[index]?.[at] ?? 0).toFixed(2)} ${cell ? WORDS[cell.relation] : '—'}`; })]))}`),
    ...claims.map((claim, index) => section(`Claim ${index + 1}`, [`*${oneLine(claim)}*`, cells.filter((cell) => cell.claim === index).map((cell) => `- **${titleOf(cell.paper)}** ${WORDS[cell.relation]}: “${oneLine(cell.quote)}” [${cell.paper}]${cell.relation === 'unclear' ? ' — this sentence is not in the paper, so the answer is not used' : ''}. Instead or left out: ${oneLine(cell.difference)}`).join('\n')].filter(Boolean).join('\n\n'))),
    section('Positioning', draft.positioning && body(draft.positioning)),
    section('How it was searched', [table(['Search', 'By', 'Outcome', 'Found', 'New'], searches.map(({ query, by, outcome, found, fresh }) => [query, by, outcome, found, fresh])), stage === 'full' && (draft.hunted ?? `The hunt used all of its ${input.hunt_rounds} rounds and still met new papers: it is not dry.`), draft.suggested.length > 0 && `Searches the adversary would make:\n\n${bullets([...new Set(draft.suggested)])}`].filter(Boolean).join('\n\n')),
    section('What the adversary says', draft.notes.map((note, index) => `${draft.notes.length > 1 ? `**Round ${index + 1}.** ` : ''}${body(note)}`).join('\n\n')),
    section('References that need a look', bullets([...retracted.map((paper) => `[${paper.id}] ${paper.title} is marked as retracted.`), ...doubtful.map((paper) => `[${paper.id}] ${paper.title}: ${paper.status}.`)])),
    section('Limits', bullets(['Absence of prior art is never shown by a search; the verdict holds for the papers and searches listed here.', 'Abstracts were compared, not whole papers, unless you gave files. Papers with few words in common with a claim were not read for it.', 'A first guess from shared words was given to the model; each judgement counts only with a sentence that stands in the paper.'])),
    draft.sources.markdown([body(draft.positioning), ...draft.notes.map(body)]),
    nextSteps([
      stage === 'test' && 'Run Full for all claims, the search and the hunt.',
      papers.length === 0 && 'Name papers you know, with their abstracts, or allow the registries to be searched.',
      stage === 'full' && !answered && 'Run this again with a network: without a search of the registries nothing is said about novelty.',
      cells.some((cell) => cell.relation === 'same') && 'Read the papers that do the same from beginning to end before you go on.',
      cells.some((cell) => cell.relation === 'partial') && 'Sharpen the claims that are partly known: say in one sentence what the paper does not do.',
      draft.hunted === null && stage === 'full' && 'Let the hunt go on: more rounds, or another field.',
    ]),
  ]);
}
