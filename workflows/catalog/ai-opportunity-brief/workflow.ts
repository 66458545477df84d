import type { CalculateData } from '#contracts/data-tools';
import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import type { Step } from '../../stages/step.ts';
import { figuresNotIn } from '../../steps/figures-not-in.ts';
import { findMaterial } from '../../steps/find-material.ts';
import { callWords, research } from '../../steps/research.ts';
import type { Source } from '../../steps/sources.ts';
import { countOf } from '../../steps/table-data.ts';
import { verifyCitations } from '../../steps/verify-citations.ts';
import type { AiOpportunityBriefInput, Cases, Rehearsal, Reviews } from './definition.ts';
import { assembleFiles, assumptionsOf, caseText, doubtText, newDraft, portfolioText, rescore, scoreText, sectorOf, type Draft } from './files.ts';
import { disagreements, expressionsOf, figuresOf } from './portfolio.ts';
import { briefPrompt, casesPrompt, rehearsalPrompt, reviewPrompt, scanPrompt } from './prompts.ts';
import { caseCount, materialCount, MAX_PAGES, questionCount, SCAN_TURNS } from './sizes.ts';

type Context = StageContext<AiOpportunityBriefInput>;

/** AI opportunity brief: scan → figures, worked out twice → a case for each process → scores with a sceptic → portfolio inside the
 * budget → one page → rehearsal. */
export async function aiOpportunityBrief(request: RunRequest<AiOpportunityBriefInput>): Promise<RunResult> {
  return runStages<AiOpportunityBriefInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage, step, request: { persona, version } } = context;
  context.expectSteps(8);
  // Version 1 made a fixed row of searches; a Test still does.
  draft.pages = await step('scan', 'Scan for evidence', async (run) => (stage === 'full' && version >= 2 ? investigate(context, run, draft) : draft.sources.add(await scan(context, run))));
  draft.cases = input.processes.slice(0, caseCount(input.processes.length, stage)).map((process) => ({ process, figures: figuresOf(process, assumptionsOf(input)), told: null, review: null, scores: null, verdict: null, sourceId: '' }));
  await step('numbers', 'Work out the figures twice', (run) => numbers(context, run, draft));
  const sector = sectorOf(input);
  const facts = factsOf(draft, input);
  draft.guidance = draft.pages[0]?.id ?? null;
  await step('cases', 'Describe the cases', async (run) => {
    const { cases } = await run.answer<Cases>('cases', casesPrompt(input, sector, facts, draft.pages[0]?.text ?? '', stage, persona), facts.length);
    for (const [index, each] of draft.cases.entries()) each.told = cases.find((told) => told.material_id === each.sourceId) ?? cases[index] ?? null;
    run.summarise(`${countOf(cases.length, 'case')}.`);
  });
  rescore(draft);
  await step('review', 'Let a sceptic review the scores', async (run) => {
    const { reviews } = await run.answer<Reviews>('review', reviewPrompt(input, sector, draft.cases.map((each) => ({ id: each.sourceId, title: each.process.name, url: null, text: doubtText(each) })), draft.cases.map(scoreText), stage, persona), draft.cases.length);
    for (const [index, each] of draft.cases.entries()) each.review = reviews.find((review) => review.material_id === each.sourceId) ?? reviews[index] ?? null;
    const lowered = draft.cases.filter((each) => each.review?.feasibility === 'lower' || each.review?.risk === 'lower').length;
    run.summarise(lowered === 0 ? 'The sceptic keeps all scores and objects to each.' : `The sceptic lowers ${countOf(lowered, 'case')}.`);
  });
  await step('portfolio', 'Choose inside the budget', (run) => {
    rescore(draft, input);
    const started = draft.cases.filter((each) => each.verdict === 'start').map((each) => each.process.name);
    run.summarise(started.length > 0 ? `Start: ${started.join('; ')}.` : 'Nothing should be started as things stand.');
    return Promise.resolve();
  });
  const portfolio = draft.sources.addText('portfolio', 'Portfolio', portfolioText(input, draft), 'computed');
  const told = factsOf(draft, input);
  const material = [portfolio, ...(stage === 'test' ? [] : [...told, ...draft.pages])];
  // The page is about what is decided; the rehearsal about everything.
  await brief(context, draft, sector, stage === 'test' ? material : [portfolio, ...told.filter((_, index) => draft.cases[index]?.verdict === 'start'), ...draft.pages.slice(0, 2)]);
  draft.rehearsal = await step('rehearsal', 'Rehearse the questions', async (run) => {
    const { questions } = await run.answer<Rehearsal>('rehearsal', rehearsalPrompt(input, sector, material, stage, persona), questionCount(input.questions, stage));
    run.summarise(`${countOf(questions.length, 'question')}.`);
    return questions;
  });
  await verifyCitations(context, draft.sources, [draft.brief, draft.evidence]);
}

/** What suits a model is always looked up; the evidence is an agent's: which words bring results differs from sector to sector. */
async function investigate(context: Context, step: Step, draft: Draft): Promise<Source[]> {
  const { input, request: { persona } } = context;
  const suits = draft.sources.add((await findMaterial(context, step, { query: 'what suits language models scoring opportunities', limit: 1 })).slice(0, 1));
  const query = `${sectorOf(input)} generative AI productivity measured pilot ${input.goals.join(' ')}`;
  const { note, found, calls, trouble } = await research(context, step, {
    prompt: scanPrompt(input, sectorOf(input), persona), tools: ['library_search', ...input.evidence_from], maxTurns: SCAN_TURNS, sources: draft.sources, results: { items: 5, characters: 3000 },
    fixed: () => findMaterial(context, step, { query, limit: materialCount('full'), tools: ['library_search', ...input.evidence_from] }),
  });
  draft.evidence = note;
  draft.calls = calls.map((call) => ({ call: callWords(call), outcome: call.summary }));
  draft.trouble.push(...trouble);
  return [...new Set([...suits, ...found])].slice(0, MAX_PAGES);
}

async function scan(context: Context, step: Step): ReturnType<typeof findMaterial> {
  const { input, stage } = context;
  const suits = await findMaterial(context, step, { query: 'what suits language models scoring opportunities', limit: 1 });
  if (stage === 'test') return suits.slice(0, 1);
  const evidence = await findMaterial(context, step, { query: `${sectorOf(input)} generative AI productivity measured pilot ${input.goals.join(' ')}`, limit: materialCount(stage), tools: ['library_search', ...input.evidence_from] });
  const all = [...new Map([...suits.slice(0, 1), ...evidence].map((item) => [item.id, item])).values()];
  step.summarise(`${countOf(all.length, 'piece')} of evidence: ${all.map((item) => item.title).join('; ')}.`);
  return all;
}

/** The calculator works out what code has worked out; a difference is said, never hidden. */
async function numbers({ input }: Context, step: Step, draft: Draft): Promise<void> {
  const processes = draft.cases.map((each) => each.process);
  const result = await step.tool('calculate', expressionsOf(processes, assumptionsOf(input)));
  if (result.outcome !== 'ok' || !result.data) {
    draft.checked = null;
    draft.trouble.push(`The figures were worked out once only, in code: ${result.summary}`);
  } else {
    draft.checked = disagreements(draft.cases.map((each) => each.figures), (result.data as CalculateData).results);
    if (draft.checked.length > 0) draft.trouble.push(`Code and calculator do not agree on ${draft.checked.slice(0, 5).join(', ')}: do not use the figures.`);
  }
  step.summarise(draft.checked === null ? result.summary : draft.checked.length === 0 ? `${countOf(processes.length, 'case')}: code and calculator agree on every figure.` : `They differ on ${countOf(draft.checked.length, 'figure')}.`);
}

/** Each case as a source of its own, so that its figures can be cited; told anew when it has scores. */
function factsOf(draft: Draft, input: AiOpportunityBriefInput): Source[] {
  return draft.cases.map((each, index) => {
    const source = draft.sources.addText(`case-${index + 1}`, each.process.name, '', 'computed');
    source.text = caseText(input, each);
    each.sourceId = source.id;
    return source;
  });
}

/** A figure that stands in no material is asked away once, and listed when it stays. */
async function brief({ input, stage, step, turn, request: { persona } }: Context, draft: Draft, sector: string, material: readonly Source[]): Promise<void> {
  const known = [...material.map((item) => item.text), input.organisation].join('\n');
  const unknownIn = (text: string): string[] => figuresNotIn(text.replace(/\[[^\]]*\]/g, ' '), known);
  await step('brief', 'Write the one page', async (run) => {
    draft.brief = await run.write(briefPrompt(input, sector, material, [], stage, persona));
    draft.unknown = unknownIn(draft.brief);
    if (draft.unknown.length > 0 && stage === 'full') {
      turn();
      draft.brief = await run.write(briefPrompt(input, sector, material, draft.unknown, stage, persona));
      draft.unknown = unknownIn(draft.brief);
    }
    run.summarise(draft.unknown.length === 0 ? 'Every figure of the brief stands in the calculation or the evidence.' : `${countOf(draft.unknown.length, 'figure')} of the brief stand nowhere.`);
  });
}
