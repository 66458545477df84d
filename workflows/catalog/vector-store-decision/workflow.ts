import type { CalculateData } from '#contracts/data-tools';
import type { RunRequest, RunResult, ToolResult } from '#contracts/workflow';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import { mapItems, type Step } from '../../stages/step.ts';
import { findMaterial } from '../../steps/find-material.ts';
import type { Source } from '../../steps/sources.ts';
import { verifyByTool, verifyCitations } from '../../steps/verify-citations.ts';
import { weakPoints, weakPointText, weighOptions, winnerOf } from './choice.ts';
import type { Evidence, Objections, VectorStoreDecisionInput } from './definition.ts';
import { assembleFiles, choiceText, decisionWords, newDraft, sizingText, type Draft } from './files.ts';
import { advocatePrompt, decisionPrompt, evidencePrompt, planPrompt } from './prompts.ts';
import { checkExpressions } from './sizing.ts';
import { objectionCount, storeCount } from './sizes.ts';
import { STORES, STORES_REVIEWED, storeText, type StoreId } from './stores.ts';

type Context = StageContext<VectorStoreDecisionInput>;
const PARALLEL_STORES = 3;

/** Vector store decision: sizing, checked → constraints and weights → evidence a store → devil's advocate → reason → migration
 * and exit → record. */
export async function vectorStoreDecision(request: RunRequest<VectorStoreDecisionInput>): Promise<RunResult> {
  return runStages<VectorStoreDecisionInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona } } = context;
  context.expectSteps(8);
  draft.date = new Date().toISOString().slice(0, 10);
  const stores = input.candidates.slice(0, storeCount(input.candidates.length, stage));
  draft.options = weighOptions({ ...input, candidates: stores });
  await context.step('sizing', 'Size each store and check the figures', (step) => checkSizes(input, step, draft));
  const winner = winnerOf(draft.options);
  await context.step('weigh', 'Apply constraints and weights', (step) => {
    step.summarise(decisionWords(draft.options));
    return Promise.resolve();
  });
  const facts = stores.map((store) => draft.sources.addText(`store/${store}`, `${STORES[store].title}: table of properties, ${STORES_REVIEWED}`, storeText(store), 'property table'));
  const sizes = draft.sources.addText('sizing', 'Sizes and cost of this run', sizingText(input, draft.options), 'calculation');
  const choice = draft.sources.addText('choice', 'Choice of this run', choiceText(input, draft.options), 'calculation');
  const weak = weakPoints(draft.options, { ...input, candidates: stores }).slice(0, objectionCount(stage) + 1).map((each, index) => draft.sources.addText(`weak_point/${index + 1}`, each.title, weakPointText(each), 'calculation'));
  const own = input.known_facts ? [draft.sources.addText('known_facts', 'What the team knows', input.known_facts)] : [];
  const found = await gather(context, draft, stores);
  await mapItems(stores, PARALLEL_STORES, (store, index) => context.step(`evidence-${index + 1}`, `Read the evidence on ${STORES[store].title}`, async (step) => {
    const material = [facts[index] as Source, ...own, ...(found.byStore[index] ?? []), ...found.general].slice(0, stage === 'test' ? 2 : 6);
    const evidence = await step.answer<Evidence>('evidence', evidencePrompt(input, STORES[store].title, material, stage, persona));
    draft.evidence[index] = { store, sources: material.map((source) => source.id), ...evidence };
    step.summarise(evidence.weakness);
  }));
  const chosen = winner ? STORES[winner.store].title : 'none of the candidates';
  const chosenFacts = facts.filter((_, index) => !winner || stores[index] === winner.store).slice(0, 2);
  const material = [choice, ...chosenFacts, sizes, ...own].slice(0, stage === 'test' ? 3 : 6);
  draft.objections = (await context.step('advocate', 'Let the devil\'s advocate speak', async (step) => {
    const answer = await step.answer<Objections>('objections', advocatePrompt(input, chosen, [...weak, ...own].slice(0, stage === 'test' ? 2 : 6), stage, persona), objectionCount(stage));
    step.summarise(answer.objections[0]?.objection ?? 'No objection.');
    return answer;
  })).objections;
  draft.reason = await context.step('decision', 'Explain the decision', async (step) => {
    const text = await step.write(decisionPrompt(input, chosen, material, stage, persona));
    step.summarise(decisionWords(draft.options));
    return text;
  });
  draft.plan = await context.step('plan', 'Plan migration and exit', async (step) => {
    const text = await step.write(planPrompt(input, chosen, [...found.moving, ...chosenFacts, ...own].slice(0, stage === 'test' ? 3 : 8), stage, persona));
    step.summarise(`The way to ${chosen} and out of it again.`);
    return text;
  });
  await (context.request.version >= 2 ? verifyByTool : verifyCitations)(context, draft.sources, [draft.reason, draft.plan]);
}

/** The calculator works the same figures out from the inputs; a difference is said, never hidden. */
async function checkSizes(input: VectorStoreDecisionInput, step: Step, draft: Draft): Promise<void> {
  const expressions = draft.options.flatMap(({ now, horizon }) => [now, horizon].flatMap((sized) => (sized ? checkExpressions(sized, input).map((each) => ({ ...each, name: `${each.name}_${sized.when}`, expression: each.expression.replaceAll(`${sized.store}_memory`, `${sized.store}_memory_${sized.when}`).replaceAll(`${sized.store}_disk`, `${sized.store}_disk_${sized.when}`) })) : [])));
  const result = expressions.length === 0 ? null : await step.tool('calculate', { expressions: expressions.map(({ name, expression }) => ({ name, expression })) });
  const values = new Map(((result?.data as CalculateData | undefined)?.results ?? []).map(({ name, value }) => [name, value]));
  const off = expressions.filter(({ name, wanted }) => { const value = values.get(name); return value === undefined || Math.abs(value - wanted) > 1e-6 * Math.max(1, Math.abs(wanted)); });
  draft.checked = expressions.length - off.length;
  if (off.length > 0) draft.trouble.push(`The calculator did not confirm ${off.length} of ${expressions.length} figures: ${off.slice(0, 5).map(({ name }) => name).join(', ')}.`);
  step.summarise(off.length === 0 ? `${expressions.length} figures, each confirmed by the calculator.` : (draft.trouble.at(-1) ?? ''));
}

/** Library for all, in Full the pages the person named and a web search a store; numbered in the order of the plan. */
async function gather(context: Context, draft: Draft, stores: readonly StoreId[]): Promise<{ general: Source[]; moving: Source[]; byStore: Source[][] }> {
  const { input, stage } = context;
  return context.step('find', 'Find evidence', async (step) => {
    const summaries: string[] = [];
    const told = (result: ToolResult): ToolResult['items'] => { summaries.push(result.summary); return result.items; };
    const fromLibrary = async (query: string, limit: number): Promise<Source[]> => draft.sources.add(await findMaterial(context, step, { query, limit, tools: input.tools_enabled.filter((tool) => tool === 'library_search') }));
    const general = await fromLibrary(`choosing a vector store: ${input.filtering === 'none' ? 'exact search, sizing' : 'filters and rights'}, recall`, stage === 'test' ? 1 : 3);
    const moving = await fromLibrary('operating a vector store: rebuild, second index, switch, deletion, backup', stage === 'test' ? 1 : 3);
    const byStore: Source[][] = [];
    if (stage === 'full') {
      if (input.tools_enabled.includes('fetch_url')) for (const url of input.evidence_urls) general.push(...draft.sources.add(told(await step.tool('fetch_url', { url }))));
      if (input.tools_enabled.includes('web_search')) for (const [index, store] of stores.entries()) byStore[index] = draft.sources.add(told(await step.tool('web_search', { query: `${STORES[store].title} vector database filtered search recall memory limits`, limit: 3 })));
    }
    step.summarise(`${new Set([...general, ...moving, ...byStore.flat()]).size} passages. ${summaries.join(' ')}`.trim());
    return { general, moving, byStore };
  });
}
