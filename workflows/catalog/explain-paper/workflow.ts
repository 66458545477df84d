import { clip } from '#contracts/material';
import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import { mapItems, type Step } from '../../stages/step.ts';
import { addSections, readDocument } from '../../steps/document-input.ts';
import { findMaterial } from '../../steps/find-material.ts';
import type { Source } from '../../steps/sources.ts';
import { verifyCitations } from '../../steps/verify-citations.ts';
import type { Claims, ExplainPaperInput, Figures, Glossary, SectionMap, SelfTest } from './definition.ts';
import { assembleFiles, captionMaterial, materialFor, newDraft, termMaterial, type Draft, type Lookup } from './files.ts';
import { againPrompt, claimsPrompt, explainPrompt, figuresPrompt, glossaryPrompt, mapPrompt, selfTestPrompt } from './prompts.ts';
import { captionsOf, termsOf } from './reading.ts';
import { claimCount, FIGURE_LIMIT, LEVELS, questionCount, sectionLimit, termCount } from './sizes.ts';

type Context = StageContext<ExplainPaperInput>;
const PARALLEL_LOOKUPS = 3;

/** Explain this paper: read → section map → claims and evidence → quotations looked up → three explanations → figures in words
 * → glossary → self-test → its quotations looked up. */
export async function explainPaper(request: RunRequest<ExplainPaperInput>): Promise<RunResult> {
  return runStages<ExplainPaperInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona } } = context;
  context.expectSteps(stage === 'test' ? 8 : 12);
  const paper = await context.step('read', 'Read the paper', (step) => read(context, step, draft));
  if (paper.length > 0) {
    draft.terms = termsOf(paper.map((section) => section.text), input.known_terms.split(/[,;\n]/), termCount(stage));
    draft.map = await context.step('map', 'Map the sections', async (step) => {
      const answer = await step.answer<SectionMap>('section_map', mapPrompt(input, paper, stage, persona), paper.length);
      step.summarise(`${paper.length === 1 ? 'One section' : `${paper.length} sections`} mapped.`);
      return answer;
    });
    await claims(context, draft);
    await explain(context, draft);
    if (stage === 'full' && input.related_pages) draft.related = await context.step('related', 'Look for related pages in the library', (step) => related(context, step, draft));
    if (stage === 'full' && input.describe_figures) await figures(context, draft, paper);
    await glossary(context, draft);
    await selfTest(context, draft);
  }
  await verifyCitations(context, draft.sources, draft.explanations.map(({ text }) => text));
}

async function read(context: Context, step: Step, draft: Draft): Promise<Source[]> {
  const { input, stage } = context;
  const document = await readDocument(context, step, {
    ...(input.source === 'upload' ? { upload: input.paper_file } : input.source === 'address' ? { url: input.paper_url } : {}), text: input.paper_text,
  }, 60);
  draft.trouble = document.trouble;
  // A few words before the first heading are title and authors.
  const [first] = document.sections;
  const opening = document.sections.length > 1 && first?.title === 'Beginning' && first.text.split(/\s+/).length <= 40 ? first : null;
  draft.title = document.title || (opening?.text.split('\n')[0] ?? '');
  // What was read of others is not what the paper says of itself.
  const own = document.sections.filter((section) => section !== opening && !/^(?:\d+\.?\s*)?(?:references|bibliography|acknowledg)/i.test(section.title));
  const abstract = own.find((section) => /^abstract/i.test(section.title)) ?? own[0];
  draft.paper = addSections(draft.sources, 'paper', stage === 'test' ? (abstract ? [abstract] : []) : own.slice(0, sectionLimit(stage)));
  return draft.paper;
}

async function claims({ input, stage, step: run, turn, request: { persona } }: Context, draft: Draft): Promise<void> {
  const paper = materialFor(draft, 'student');
  const found = await run('claims', 'Find claims and evidence', async (step) => {
    const answer = await step.answer<Claims>('claims', claimsPrompt(input, paper, stage, persona), claimCount(input.claims, stage));
    step.summarise(`${answer.claims.length} claims.`);
    return answer.claims;
  });
  const lookedUp = async (key: string, title: string, list: Claims['claims']): Promise<Draft['claims']> => run(key, title, async (step) => {
    const checked = await mapItems(list, PARALLEL_LOOKUPS, async (claim) => ({ ...claim, lookup: await lookUp(step, draft, claim, input.min_similarity) }));
    step.summarise(`${checked.filter((claim) => claim.lookup.found).length} of ${checked.length} quotations stand in the paper.`);
    return checked;
  });
  draft.claims = await lookedUp('quotes', 'Look the quotations up', found);
  const missing = draft.claims.filter((claim) => !claim.lookup.found);
  if (missing.length === 0 || stage === 'test') return;
  turn();
  const again = await run('again', 'Ask again for quotations that were not found', async (step) => (await step.answer<Claims>('claims', againPrompt(input, missing, paper, persona), missing.length)).claims);
  const second = await lookedUp('quotes-again', 'Look the new quotations up', again);
  const replacements = second.filter((claim) => claim.lookup.found && !draft.claims.some((other) => other.quote === claim.quote));
  draft.claims = draft.claims.map((claim) => (claim.lookup.found ? claim : (replacements.shift() ?? claim)));
}

/** Whether the words stand in the paper: the tool decides, first over the section that was named, then over all that was read. */
async function lookUp(step: Step, draft: Draft, { quote, material_id: named }: { quote: string; material_id: string }, minSimilarity: number): Promise<Lookup> {
  if (quote.trim().length < 8) return { found: false, match: 'none', similarity: 0, sourceId: null };
  const section = draft.paper.find((source) => source.id === named);
  const here = section ? await lookInto(step, [section], quote, minSimilarity) : null;
  return here?.found ? here : lookInto(step, draft.paper, quote, minSimilarity);
}

async function lookInto(step: Step, sections: readonly Source[], quote: string, minSimilarity: number): Promise<Lookup> {
  const result = await step.tool('check_quote', { quote, text: sections.map((section) => section.text).join('\n\n').slice(0, 400_000), min_similarity: minSimilarity / 100 });
  const data = result.data as { match: Lookup['match']; similarity: number; start: number | null } | undefined;
  if (!data || data.start === null) return { found: false, match: 'none', similarity: data?.similarity ?? 0, sourceId: null };
  let end = 0;
  const place = sections.find((candidate) => { end += candidate.text.length + 2; return (data.start ?? 0) < end; });
  return { found: true, match: data.match, similarity: data.similarity, sourceId: place?.id ?? null };
}

/** The reader's own level first; a Test stops there. */
async function explain(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona } } = context;
  const levels = [input.reader_level, ...LEVELS.filter((level) => level !== input.reader_level)].slice(0, stage === 'test' ? 1 : LEVELS.length);
  for (const level of levels) {
    await context.step(`explain-${level}`, `Explain to a ${level}`, async (step) => {
      const material = materialFor(draft, level);
      const text = await step.write(explainPrompt(input, level, material, stage, persona));
      draft.explanations.push({ level, text });
      step.summarise(`${text.split(/\s+/).length} words from ${material.length} ${material.length === 1 ? 'section' : 'sections'}.`);
    });
  }
}

/** A page counts as related when it speaks of a term of the paper: a search always finds something. */
async function related(context: Context, step: Step, draft: Draft): Promise<Source[]> {
  const terms = draft.terms.map(({ term }) => term.toLowerCase());
  const query = clip([context.input.paper_title || draft.title, ...terms.slice(0, 4)].join(' ').trim() || 'reading a paper', 300);
  const found = await findMaterial(context, step, { query, limit: 4, onePerDocument: true });
  const kept = found.filter((item) => terms.some((term) => item.text.toLowerCase().includes(term)));
  step.summarise(kept.length > 0 ? `Related: ${kept.map((item) => item.title).join('; ')}.` : 'No page of the library speaks of the terms of this paper.');
  return draft.sources.add(kept);
}

async function figures({ input, step: run, request: { persona } }: Context, draft: Draft, paper: readonly Source[]): Promise<void> {
  draft.captions = captionsOf(paper.map((section) => section.text), FIGURE_LIMIT);
  await run('figures', 'Put the figures in words', async (step) => {
    if (draft.captions.length === 0) { step.summarise('The text that was read has no captions of figures or tables.'); return; }
    draft.figures = (await step.answer<Figures>('figures', figuresPrompt(input, captionMaterial(draft), persona), draft.captions.length)).figures;
    step.summarise(`${draft.captions.map(({ label }) => label).join(', ')} in words.`);
  });
}

async function glossary({ input, stage, step: run, request: { persona } }: Context, draft: Draft): Promise<void> {
  await run('glossary', 'Define the terms', async (step) => {
    if (draft.terms.length === 0) { step.summarise('No term comes back often enough to need a definition.'); return; }
    draft.meanings = (await step.answer<Glossary>('glossary', glossaryPrompt(input, termMaterial(draft), stage, persona), draft.terms.length)).terms;
    step.summarise(`${draft.meanings.length} terms defined.`);
  });
}

async function selfTest({ input, stage, step: run, request: { persona } }: Context, draft: Draft): Promise<void> {
  const asked = await run('self-test', 'Make a self-test', async (step) => {
    const answer = await step.answer<SelfTest>('self_test', selfTestPrompt(input, materialFor(draft, 'student'), stage, persona), questionCount(input.self_test_questions, stage));
    step.summarise(`${answer.questions.length} ${answer.questions.length === 1 ? 'question' : 'questions'}.`);
    return answer.questions;
  });
  draft.questions = asked.map((question) => ({ ...question, lookup: null }));
  draft.questions = await run('verify-answers', 'Look the answers up', async (step) => {
    const checked = await mapItems(asked, PARALLEL_LOOKUPS, async (question) => ({ ...question, lookup: await lookUp(step, draft, question, input.min_similarity) }));
    step.summarise(`${checked.filter((question) => question.lookup.found).length} of ${checked.length} answers stand in the paper.`);
    return checked;
  });
}
