import { barChart } from '#contracts/charts';
import { toCsv } from '#contracts/csv';
import { clip, type MaterialItem } from '#contracts/material';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import { body, nextSteps, oneLine, page, section, stamps, table, bullets } from '../../steps/report.ts';
import { figuresNotIn } from '../../steps/figures-not-in.ts';
import { Sources, type Source } from '../../steps/sources.ts';
import { countOf } from '../../steps/table-data.ts';
import type { Claims, ExplainPaperInput, Figures, Glossary, SectionMap, SelfTest } from './definition.ts';
import type { Caption, Term } from './reading.ts';
import type { Level, Role } from './sizes.ts';

/** The draft and the files made from it, finished or not. Pure. */
export interface Lookup { found: boolean; match: 'exact' | 'normalised' | 'fuzzy' | 'none'; similarity: number; sourceId: string | null }
export interface Draft {
  title: string; trouble: string[]; paper: Source[]; map: SectionMap | null; claims: (Claims['claims'][number] & { lookup: Lookup })[]; explanations: { level: Level; text: string }[]; related: Source[];
  captions: Caption[]; figures: Figures['figures']; terms: Term[]; meanings: Glossary['terms']; questions: (SelfTest['questions'][number] & { lookup: Lookup | null })[]; sources: Sources;
}
export const newDraft = (): Draft => ({ title: '', trouble: [], paper: [], map: null, claims: [], explanations: [], related: [], captions: [], figures: [], terms: [], meanings: [], questions: [], sources: new Sources() });
type Stage = 'test' | 'full';

/** Heading words decide first; the model's reading stands in where a heading says nothing. */
export function roleOf(draft: Draft, source: Source): Role {
  const title = source.title.toLowerCase();
  const known: [RegExp, Role][] = [[/abstract|summary/, 'abstract'], [/introduc|motivation/, 'problem'], [/related|background|prelimin/, 'background'], [/limit|threats/, 'limits'], [/conclu/, 'conclusion'], [/result|evaluation|experiment|ablation|discussion/, 'results'], [/method|approach|model|architecture|setup/, 'method']];
  return known.find(([words]) => words.test(title))?.[1] ?? draft.map?.sections.find((mapped) => mapped.material_id === source.id)?.role ?? 'other';
}

const WANTED: Record<Level, readonly Role[]> = {
  newcomer: ['abstract', 'problem', 'conclusion', 'background'], student: ['abstract', 'method', 'results', 'conclusion', 'limits'], practitioner: ['results', 'limits', 'method', 'conclusion'],
};

/** What a level has to read, in the order of the paper; all of it when its roles are not there. */
export function materialFor(draft: Draft, level: Level): Source[] {
  const wanted = draft.paper.filter((source) => WANTED[level].includes(roleOf(draft, source)));
  return (wanted.length > 0 ? wanted : draft.paper).slice(0, 8);
}

export const captionMaterial = (draft: Draft): MaterialItem[] => draft.captions.map(({ label, caption, mentions }, index) => ({ id: `c${index + 1}`, title: label, url: null, text: [caption, ...mentions].join('\n') }));
export const termMaterial = (draft: Draft): MaterialItem[] => draft.terms.map(({ term, sentences }, index) => ({ id: `t${index + 1}`, title: term, url: null, text: sentences.join(' ') }));

const MATCHES = { exact: 'word for word', normalised: 'but for typography', fuzzy: 'nearly', none: 'not found' } as const;
const HEADINGS: Record<Level, string> = { newcomer: 'For a newcomer', student: 'For a student of the field', practitioner: 'For somebody who works with it' };
const words = (text: string): number => text.split(/\s+/).filter(Boolean).length;
const titleOf = (input: ExplainPaperInput, draft: Draft): string => oneLine(input.paper_title || draft.title || draft.paper[0]?.title || 'The paper');

export function assembleFiles(request: Pick<RunRequest, 'provider'>, input: ExplainPaperInput, draft: Draft, stage: Stage, remark: string | null): OutputFile[] {
  if (draft.paper.length === 0 && draft.trouble.length === 0) return [];
  const found = draft.claims.filter((claim) => claim.lookup.found).length;
  const files: OutputFile[] = [{ key: 'explainer', fileName: 'explainer.md', mimeType: 'text/markdown', content: explainer(request, input, draft, stage, remark), summary: draft.paper.length > 0 ? `${countOf(draft.explanations.length, 'explanation')}, ${found} of ${countOf(draft.claims.length, 'claim')} with a quotation that was found` : 'The paper could not be read' }];
  if (draft.meanings.length > 0) files.push({ key: 'glossary', fileName: 'glossary.md', mimeType: 'text/markdown', content: glossary(request, input, draft, stage, remark), summary: countOf(draft.meanings.length, 'term') });
  if (draft.claims.length > 0) files.push({ key: 'claims', fileName: 'claims.csv', mimeType: 'text/csv', content: claimsCsv(draft), summary: `${found} of ${draft.claims.length} quotations found` });
  if (draft.paper.length > 1) files.push({ key: 'sections', fileName: 'sections.svg', mimeType: 'image/svg+xml', content: barChart({ title: 'Where the paper spends its words', yLabel: 'Words' }, draft.paper.map((source) => ({ label: source.title, value: words(source.text) }))), summary: `${draft.paper.length} sections` });
  return files;
}

function explainer(request: Pick<RunRequest, 'provider'>, input: ExplainPaperInput, draft: Draft, stage: Stage, remark: string | null): string {
  const texts = draft.explanations.map(({ text }) => body(text));
  const missing = draft.claims.filter((claim) => !claim.lookup.found);
  const exceeding = draft.claims.filter((claim) => figuresNotIn(claim.claim, claim.quote).length > 0);
  return page([
    `# ${titleOf(input, draft)}, explained`,
    stamps(request, stage, 'the abstract alone. A Full run reads the whole paper and explains it at three levels.', remark),
    request.provider === 'demo' && input.language !== 'English' && `> The demo provider only quotes: it cannot write ${input.language}.`,
    bullets(draft.trouble),
    draft.paper.length > 0 && `*For a ${input.reader_level} first. ${countOf(draft.paper.length, 'section')} read, ${draft.paper.reduce((sum, source) => sum + words(source.text), 0)} words.*${input.question ? `\n\n*Your question: ${oneLine(input.question)}*` : ''}`,
    ...draft.explanations.map(({ level }, index) => section(HEADINGS[level], texts[index])),
    section('What it claims, and what stands behind it', claimsSection(draft, missing.length, exceeding.length)),
    section('Figures and tables in words', draft.captions.length > 0 && draft.figures.length > 0 ? draft.captions.map((caption, index) => figureText(draft, caption, index)).join('\n\n') : ''),
    draft.map && section('Map of the paper', table(['Section', 'Role', 'Words', 'What it says'], draft.paper.map((source) => [`${source.title} [${source.id}]`, roleOf(draft, source), words(source.text), draft.map?.sections.find((mapped) => mapped.material_id === source.id)?.gist ?? '—']))),
    selfTest(draft),
    section('Read on in the library', bullets(draft.related.map((source) => `${source.title} [${source.id}]`))),
    draft.sources.markdown(texts),
    nextSteps([
      draft.paper.length === 0 && 'Paste the text of the paper, or upload it, and run again: nothing here is about its content.',
      stage === 'test' && draft.paper.length > 0 && 'Run Full to read the whole paper, not the abstract alone.',
      missing.length > 0 && `Treat ${missing.length === 1 ? 'the claim' : `the ${missing.length} claims`} without a quotation as unproven, and look for the passage yourself.`,
      exceeding.length > 0 && 'Check the figures that stand in a claim but not in its quotation.',
      stage === 'full' && draft.questions.length > 0 && 'Answer the self-test tomorrow without looking, and again in a week.',
      draft.paper.length > 0 && 'Read the passages behind the two claims that matter most to you in the paper itself.',
      stage === 'full' && draft.paper.every((source) => roleOf(draft, source) !== 'limits') && 'The paper has no section on its limits: ask what would make its main claim false.',
    ]),
  ]);
}

function claimsSection(draft: Draft, missing: number, exceeding: number): string {
  if (draft.claims.length === 0) return '';
  const rows = draft.claims.map((claim, index) => [index + 1, claim.claim, claim.kind, claim.support, claim.lookup.found ? `${MATCHES[claim.lookup.match]}${claim.lookup.sourceId ? ` [${claim.lookup.sourceId}]` : ''}` : `**not found** (likeness ${Math.round(claim.lookup.similarity * 100)} %)`]);
  return [
    table(['#', 'Claim', 'Kind', 'What the paper shows for it', 'Quotation in the paper'], rows),
    `${draft.claims.length - missing} of ${countOf(draft.claims.length, 'quotation')} ${draft.claims.length - missing === 1 ? 'stands' : 'stand'} in the text that was read; the words are in claims.csv.${exceeding > 0 ? ` ${countOf(exceeding, 'claim')} ${exceeding === 1 ? 'has' : 'have'} figures that ${exceeding === 1 ? 'its quotation does' : 'their quotations do'} not hold.` : ' No claim has a figure that its quotation does not hold.'}`,
  ].join('\n\n');
}

function figureText(draft: Draft, caption: Caption, index: number): string {
  const told = draft.figures.find((figure) => figure.material_id === `c${index + 1}`) ?? draft.figures[index];
  return [`### ${oneLine(caption.label)}`, `*${oneLine(clip(caption.caption, 300))}*`, told ? `${oneLine(told.shows)}\n\n**How to read it:** ${oneLine(told.reading)}` : ''].filter(Boolean).join('\n\n');
}

function selfTest(draft: Draft): string {
  if (draft.questions.length === 0) return '';
  const asked = draft.questions.map((question, index) => `${index + 1}. ${oneLine(question.question)}\n${question.options.map((option, place) => `   - ${'ABCD'[place]}. ${oneLine(option)}`).join('\n')}`);
  const told = draft.questions.map(({ answer_index: right, explanation, lookup }, index) => `${index + 1}. **${'ABCD'[right] ?? 'A'}** — ${oneLine(explanation)}${lookup?.found ? ` [${lookup.sourceId}]` : ' *(its sentence was not found in the paper)*'}`);
  return `## Self-test\n\n${asked.join('\n\n')}\n\n### Answers\n\n${told.join('\n')}`;
}

function glossary(request: Pick<RunRequest, 'provider'>, input: ExplainPaperInput, draft: Draft, stage: Stage, remark: string | null): string {
  const rows = draft.terms.map(({ term, times, sentences }, index) => {
    const first = draft.paper.find((source) => source.text.toLowerCase().includes(term.toLowerCase()));
    return { term, times, first: first ? `${first.title} [${first.id}]` : '—', meaning: draft.meanings.find((meaning) => meaning.material_id === `t${index + 1}`)?.meaning ?? draft.meanings[index]?.meaning ?? '—', example: sentences[0] ?? '' };
  }).toSorted((a, b) => a.term.localeCompare(b.term, 'en'));
  return page([
    `# Glossary: ${titleOf(input, draft)}`,
    stamps(request, stage, 'terms of the abstract alone.', remark),
    ...rows.map(({ term, times, first, meaning, example }) => section(term, [oneLine(meaning), example && example !== meaning ? `> ${oneLine(clip(example, 300))}` : '', `*${countOf(times, 'time')}; first in ${oneLine(first)}*`].filter(Boolean).join('\n\n'))),
    input.known_terms ? `Left out because you know them: ${oneLine(input.known_terms)}.` : '',
  ]);
}

function claimsCsv(draft: Draft): string {
  return toCsv(['number', 'claim', 'kind', 'support', 'quotation', 'match', 'likeness', 'section', 'figures_not_in_quotation'], draft.claims.map((claim, index) => [
    index + 1, oneLine(claim.claim), claim.kind, oneLine(claim.support), oneLine(claim.quote), claim.lookup.match, claim.lookup.similarity, claim.lookup.sourceId ? (draft.sources.byId(claim.lookup.sourceId)?.title ?? '') : '', figuresNotIn(claim.claim, claim.quote).join(' '),
  ]));
}
