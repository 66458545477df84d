import type { CalculateData, LintConfigData } from '#contracts/data-tools';
import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import type { Step } from '../../stages/step.ts';
import { readDocument } from '../../steps/document-input.ts';
import { findMaterial } from '../../steps/find-material.ts';
import { contentOf, titleOf } from '../../steps/paper-text.ts';
import type { Source } from '../../steps/sources.ts';
import { countOf } from '../../steps/table-data.ts';
import { verifyCitations } from '../../steps/verify-citations.ts';
import { agrees, budgetOf, budgetText, expressionsOf, verdictWords } from './budget.ts';
import type { ClaimsAnswer, ReproductionPlannerInput, RisksAnswer } from './definition.ts';
import { factsText, findFacts, gapsOf, wordsOf } from './facts.ts';
import { assembleFiles, configOf, newDraft, workOf, type Draft } from './files.ts';
import { claimsPrompt, planPrompt, risksPrompt } from './prompts.ts';
import { claimCount, repositoryFiles, riskCount, webResults } from './sizes.ts';

type Context = StageContext<ReproductionPlannerInput>;
const MOST_SECTIONS = 60;

/** Reproduction planner: method → code → facts and gaps → claims → reports of others → cost in two ways → risks → plan → configuration. */
export async function reproductionPlanner(request: RunRequest<ReproductionPlannerInput>): Promise<RunResult> {
  return runStages<ReproductionPlannerInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona } } = context;
  context.expectSteps(stage === 'full' ? 9 : 8);
  await context.step('read', 'Read the method', (step) => read(context, step, draft));
  if (input.code_url && stage === 'full') await context.step('code', 'Read the repository', (step) => readCode(step, draft, input.code_url ?? ''));
  const sections = draft.sections.map(({ title, text }, index) => draft.sources.addText(`section:${index + 1}`, title, text, 'paper'));
  await context.step('facts', 'Look for every fact a rerun needs', (step) => {
    draft.facts = findFacts(draft.sections, draft.code, input.job);
    const gaps = gapsOf(draft.facts);
    step.summarise(`${draft.facts.length - gaps.length} of ${draft.facts.length} known; missing or contradictory: ${gaps.slice(0, 6).map(({ spec }) => spec.title.toLowerCase()).join(', ') || 'nothing'}.`);
    return Promise.resolve();
  });
  await claims(context, draft, sections);
  const guide = draft.sources.add(await context.step('library', 'Look into the library', (step) => findMaterial(context, step, { query: 'reproducing a published result stages numbers differ smoke test', limit: stage === 'test' ? 1 : 3 })));
  const reports = stage === 'full' && input.search_issues ? await findReports(context, draft) : [];
  const estimate = await context.step('estimate', 'Work out compute, memory and cost', (step) => calculate(context, step, draft));
  await risks(context, draft, [...reports, ...guide]);
  const facts = draft.sources.addText('facts', 'Facts and gaps', factsText(draft.facts), 'computed');
  await context.step('plan', 'Write the plan', async (step) => {
    draft.plan = await step.write(planPrompt(input, verdictWords(budgetOf(workOf(input)), workOf(input)), [estimate, facts, ...guide, ...reports], stage, persona));
    step.summarise(verdictWords(budgetOf(workOf(input)), workOf(input)));
  });
  await context.step('config', 'Check the configuration', async (step) => {
    const result = await step.tool('lint_config', { format: 'yaml', text: configOf(context.request, input, draft) });
    draft.problems = result.data ? (result.data as LintConfigData).problems : null;
    step.summarise(result.summary);
  });
  await verifyCitations(context, draft.sources, [draft.plan]);
}

async function read(context: Context, step: Step, draft: Draft): Promise<void> {
  const { paper_file: upload, paper_text: text, code_listing: listing } = context.input;
  const document = await readDocument(context, step, { upload, text }, MOST_SECTIONS);
  draft.trouble.push(...document.trouble);
  draft.sections = contentOf(document.sections);
  draft.title = document.title || titleOf(text);
  if (listing) draft.code = [{ title: 'pasted code', text: listing }];
}

async function readCode(step: Step, draft: Draft, url: string): Promise<void> {
  const result = await step.tool('read_repository', { url, max_files: repositoryFiles });
  step.summarise(result.summary);
  if (result.outcome !== 'ok') { draft.trouble.push(`The repository was not read: ${result.summary}`); return; }
  draft.commit = (result.data as { commit: string | null } | undefined)?.commit ?? null;
  draft.code.push(...result.items.map(({ title, text }) => ({ title, text })));
  draft.sources.add(result.items);
}

/** The person's claims as they are, else the model's, each in the words of a section. */
async function claims(context: Context, draft: Draft, sections: readonly Source[]): Promise<void> {
  const { input, stage, request: { persona } } = context;
  if (input.claims.length > 0) { draft.claims = input.claims.map((claim) => ({ ...claim, from: 'your form' })); return; }
  draft.claims = await context.step('claims', 'Name the claims to reproduce', async (step) => {
    const answer = await step.answer<ClaimsAnswer>('claims', claimsPrompt(sections, stage, persona), claimCount(stage));
    step.summarise(`${countOf(answer.claims.length, 'claim')} named.`);
    return answer.claims.map(({ claim, section_id }) => { const source = sections.find(({ id }) => id === section_id); return { claim, from: source ? `${source.title} [${source.id}]` : 'no section named: look it up' }; });
  });
}

async function findReports(context: Context, draft: Draft): Promise<Source[]> {
  const found = await context.step('reports', 'Search for reports of others', (step) => findMaterial(context, step, { query: `${draft.title.slice(0, 140)} reproduce results issue`, limit: webResults, tools: ['web_search', 'fetch_url'] }));
  if (found.length === 0) draft.trouble.push('No report of others was found: the web could not be searched, or nobody wrote one. Look into the issues of the repository yourself.');
  return draft.sources.add(found);
}

async function calculate({ input }: Context, step: Step, draft: Draft): Promise<Source> {
  const estimated = workOf(input);
  const budget = budgetOf(estimated);
  const result = await step.tool('calculate', { ...expressionsOf(estimated) });
  draft.calculatorAgrees = result.outcome === 'ok' && result.data ? agrees(budget, (result.data as CalculateData).results) : null;
  step.summarise(`${verdictWords(budget, estimated)}${draft.calculatorAgrees === false ? ' The calculator disagrees.' : ''}`);
  return draft.sources.addText('estimate', 'Estimate of this run', budgetText(budget, estimated), 'calculate');
}

async function risks(context: Context, draft: Draft, guide: readonly Source[]): Promise<void> {
  const { input, stage, request: { persona } } = context;
  const gaps = gapsOf(draft.facts).slice(0, 10).map((fact) => draft.sources.addText(`gap:${fact.spec.id}`, fact.spec.title, wordsOf(fact), 'computed'));
  await context.step('risks', 'Name the risks', async (step) => {
    const answer = await step.answer<RisksAnswer>('risks', risksPrompt(input, gaps, guide, stage, persona), riskCount(stage));
    draft.risks = answer.risks.map((risk) => ({ ...risk, known: draft.sources.byId(risk.source_id) !== undefined }));
    step.summarise(draft.risks.map(({ title }) => title).join('; '));
  });
}
