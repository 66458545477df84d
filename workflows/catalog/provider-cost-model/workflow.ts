import type { CalculateData } from '#contracts/data-tools';
import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import { mapItems, type Step } from '../../stages/step.ts';
import { findMaterial } from '../../steps/find-material.ts';
import { isRight } from '../../steps/scoring.ts';
import type { Source } from '../../steps/sources.ts';
import { verifyCitations } from '../../steps/verify-citations.ts';
import { weigh } from './choice.ts';
import { bill, checkExpressions } from './cost.ts';
import type { Assumptions, PriceCheck, ProviderCostModelInput } from './definition.ts';
import { assembleFiles, newDraft, type Draft } from './files.ts';
import { candidateOf, targetOf } from './prices.ts';
import { assumptionsPrompt, leversPrompt, memoPrompt, priceCheckPrompt, probePrompt } from './prompts.ts';
import { MAX_PRICE_SEARCHES, assumptionCount, candidateCount, probedCount, sampleCount } from './sizes.ts';
import { assumptionTexts, billText, choiceSentence, priceText } from './texts.ts';

type Context = StageContext<ProviderCostModelInput>;
const PARALLEL = 3;

/** Provider choice and cost model: prices with their source → bill, checked → price pages, quotes checked → samples → choice,
 * sensitivity and chain → weakest assumptions → memo. */
export async function providerCostModel(request: RunRequest<ProviderCostModelInput>): Promise<RunResult> {
  return runStages<ProviderCostModelInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request, request: { persona } } = context;
  context.expectSteps(6);
  draft.date = new Date().toISOString().slice(0, 10);
  draft.candidates = input.candidates.slice(0, candidateCount(input.candidates.length, stage)).map((row) => candidateOf(row, request));
  draft.offers = weigh(draft.candidates, input, input, []);
  await context.step('bill', 'Work out the bill and check it', (step) => checkBill(context, step, draft));
  const prices = draft.sources.addText('prices', 'Prices of this run', priceText(draft.offers), 'table and price file');
  if (stage === 'full') await checkPrices(context, draft, prices);
  await probe(context, draft);
  draft.offers = weigh(draft.candidates, input, input, draft.probed.filter((each) => each.provider !== 'demo'));
  await context.step('choose', 'Apply the limits', (step) => {
    step.summarise(choiceSentence(draft.offers, input));
    return Promise.resolve();
  });
  const figures = draft.sources.addText('bill', 'Bill of this run', billText(input, draft.offers), 'calculation');
  const weak = assumptionTexts(input, draft.offers).slice(0, assumptionCount(stage) + 1).map(({ title, text }, index) => draft.sources.addText(`assumption/${index + 1}`, title, text, 'calculation'));
  draft.assumptions = (await context.step('assumptions', 'Find the weakest assumptions', async (step) => {
    const answer = await step.answer<Assumptions>('assumptions', assumptionsPrompt(input, weak, stage, persona), assumptionCount(stage));
    step.summarise(answer.assumptions[0]?.assumption ?? 'None found.');
    return answer;
  })).assumptions;
  if (stage === 'full') await findLevers(context, draft, figures);
  draft.memo = await context.step('memo', 'Write the memo', async (step) => {
    const text = await step.write(memoPrompt(input, [figures, prices], stage, persona));
    step.summarise(choiceSentence(draft.offers, input));
    return text;
  });
  await verifyCitations(context, draft.sources, [draft.memo, draft.levers]);
}

/** The calculator works every bill out again from the inputs. */
async function checkBill({ input }: Context, step: Step, draft: Draft): Promise<void> {
  const wanted = draft.candidates.flatMap(({ price }, index) => {
    if (!price) return [];
    const { usdRequest, usdMonth, usdTotal } = bill(input, price);
    return checkExpressions(`c${index + 1}`, input, price).map((each) => ({ ...each, wanted: { request: usdRequest, month: usdMonth, total: usdTotal }[each.name.split('_')[1] ?? ''] }));
  });
  if (wanted.length === 0) return step.summarise('No candidate has a price, so there is no bill.');
  const result = await step.tool('calculate', { expressions: wanted.map(({ name, expression }) => ({ name, expression })) });
  const values = new Map(((result.data as CalculateData | undefined)?.results ?? []).map(({ name, value }) => [name, value]));
  const checked = wanted.filter((each) => each.wanted !== undefined);
  const off = checked.filter((each) => { const value = values.get(each.name); return value === undefined || Math.abs(value - (each.wanted ?? 0)) > 1e-9 * Math.max(1, Math.abs(each.wanted ?? 0)); });
  draft.checked = checked.length - off.length;
  if (off.length > 0) draft.trouble.push(`The calculator did not confirm ${off.length} of ${checked.length} figures: ${off.slice(0, 5).map(({ name }) => name).join(', ')}.`);
  step.summarise(off.length === 0 ? `${checked.length} figures, each confirmed by the calculator.` : (draft.trouble.at(-1) ?? ''));
}

/** Pages and pasted lists against the table. A quote counts only when the checker finds it in the text. */
async function checkPrices(context: Context, draft: Draft, prices: Source): Promise<void> {
  const { input, request: { persona } } = context;
  const pages: Source[] = [];
  if (input.price_text) pages.push(draft.sources.addText('price_text', 'Pasted price list', input.price_text));
  if (input.tools_enabled.includes('fetch_url')) for (const [index, url] of input.price_pages.entries()) await context.step(`page-${index + 1}`, `Read ${new URL(url).hostname}`, async (step) => {
    const result = await step.tool('fetch_url', { url });
    step.summarise(result.summary);
    if (result.items.length > 0) pages.push(...draft.sources.add(result.items).slice(0, 1));
    else draft.trouble.push(`A price page was not read: ${result.summary}`);
  });
  // No run of version 1 could choose it.
  if (input.tools_enabled.includes('web_search')) pages.push(...await searchPrices(context, draft));
  for (const [index, source] of pages.entries()) await context.step(`price-check-${index + 1}`, `Compare prices: ${source.title}`, async (step) => {
    const { findings } = await step.answer<PriceCheck>('price_check', priceCheckPrompt(prices.text, source, persona));
    for (const finding of findings) {
      const found = await step.tool('check_quote', { quote: finding.quote, text: source.text });
      draft.priceChecks.push({ ...finding, source: source.id, stands: found.outcome === 'ok' });
    }
    step.summarise(`${findings.length} quotes, ${draft.priceChecks.filter((each) => each.source === source.id && each.stands).length} of them stand on the page.`);
  });
}

/** The best hit for each model, once a model. A hit is a page like one that was named: its prices count by checked quotes only. */
async function searchPrices(context: Context, draft: Draft): Promise<Source[]> {
  const models = [...new Set(draft.candidates.filter(({ provider }) => provider !== 'demo').map(({ model }) => model))].slice(0, MAX_PRICE_SEARCHES);
  return context.step('price-search', 'Search for prices', async (step) => {
    const pages: Source[] = [];
    for (const model of models) {
      const result = await step.tool('web_search', { query: `${model} API price per million tokens input output`.slice(0, 300), limit: 3 });
      if (result.items.length === 0) { draft.trouble.push(`No price was found for ${model}: ${result.summary}`); if (result.outcome === 'unavailable') break; }
      else pages.push(...draft.sources.add(result.items).slice(0, 1));
    }
    step.summarise(models.length === 0 ? 'No candidate has a price that is written anywhere.' : `${pages.length} of ${models.length} models have a page to compare with.`);
    return [...new Set(pages)];
  });
}

async function findLevers(context: Context, draft: Draft, figures: Source): Promise<void> {
  const { input, request: { persona } } = context;
  draft.levers = await context.step('levers', 'Look for ways to spend less', async (step) => {
    const found = draft.sources.add(await findMaterial(context, step, { query: 'levers that lower model cost: caching, batch, routing, shorter prompts, controls', limit: 4, tools: input.tools_enabled.filter((tool) => tool === 'library_search') }));
    const text = await step.write(leversPrompt(input, [...found, ...(found.length === 0 ? [figures] : [])], persona));
    step.summarise(`${found.length} passages of the library were read for it.`);
    return text;
  });
}

/** A cheap look at quality, scored by code: the answer contains what was expected. */
async function probe({ input, stage, request, step: run }: Context, draft: Draft): Promise<void> {
  const samples = input.samples.slice(0, sampleCount(input.samples.length, stage));
  const named = [...new Set(input.candidates.map((candidate) => candidate.model))].map(targetOf).filter((target) => target !== null);
  const targets = (input.probe === 'own' ? [null] : named).slice(0, probedCount(input.probe, named.length, stage));
  if (samples.length === 0) return;
  for (const [place, target] of targets.entries()) await run(`probe-${place + 1}`, `Try the samples with ${target?.model ?? request.model}`, async (step) => {
    const texts = await mapItems(samples, PARALLEL, (sample, at) => step.write(probePrompt(input, { id: `sample${at + 1}`, text: sample.text }, target, stage)));
    const right = samples.filter((sample, at) => isRight('contains', texts[at] ?? '', sample.expected)).length;
    const { provider, model } = target ?? request;
    draft.probed.push({ candidate: draft.candidates.find((each) => each.provider === provider && each.model === model)?.name ?? model, provider, model, right, n: samples.length });
    draft.answerCharacters.push(...texts.map((text) => text.length));
    step.summarise(`${right} of ${samples.length} answers hold what was expected.`);
  });
}
