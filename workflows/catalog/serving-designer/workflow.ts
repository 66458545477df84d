import { ACCELERATORS, shapeOf } from '#contracts/model-shapes';
import type { LintConfigData } from '#contracts/data-tools';
import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import type { Step } from '../../stages/step.ts';
import { findMaterial } from '../../steps/find-material.ts';
import type { Source } from '../../steps/sources.ts';
import { verifyCitations } from '../../steps/verify-citations.ts';
import { workOut } from '../../steps/work-out.ts';
import { bestSpan, engineScores, figureOf, meets, pick, precisionsOf, spansOf, variablesOf } from './choose.ts';
import type { CritiqueAnswer, EngineAnswer, ServingDesignerInput } from './definition.ts';
import { assembleFiles, enginesText, factsText, newDraft, signsText, verdict, type Draft } from './files.ts';
import { loadFormulas, memoryFormulas } from './formulas.ts';
import { composeText, loadTest } from './manifests.ts';
import { critiquePrompt, enginePrompt, readingPrompt } from './prompts.ts';
import { ENGINE_LABELS, PRECISION_LABELS } from './sizes.ts';

type Context = StageContext<ServingDesignerInput>;

/** Serving designer: cache and memory → batch, latency, replicas, money → engines with evidence → manifests, checked → critique. */
export async function servingDesigner(request: RunRequest<ServingDesignerInput>): Promise<RunResult> {
  return runStages<ServingDesignerInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona } } = context;
  context.expectSteps(stage === 'test' ? 5 : 8);
  await context.step('memory', 'Size memory and cache', async (step) => {
    draft.memory = await workOut(step, memoryFormulas, variablesOf(input));
    if (draft.memory) step.summarise(`A token takes ${Math.round((draft.memory['cache_token'] ?? 0) / 1024)} KiB of cache, the longest request ${draft.memory['cache_longest']?.toPrecision(3)} GB.`);
  });
  if (draft.memory) await context.step('load', 'Size for the load', (step) => sizeLoad(context, step, draft));
  const found = await context.step('evidence', 'Collect evidence', (step) => evidence(context, step, draft));
  const facts = draft.sources.addText('sizing', 'Sizing of this design', factsText(input, draft), 'calculation');
  if (stage === 'full') {
    await chooseEngine(context, draft, [facts, ...found]);
    if (draft.engine && draft.option) await context.step('manifests', 'Write the manifests and check them', (step) => manifests(context, step, draft));
    const signs = draft.sources.addText('signs', 'Signs at load', signsText(input, draft), 'calculation');
    draft.critique = await context.step('critique', 'Look for the weak spot', async (step) => {
      const answer = await step.answer<CritiqueAnswer>('critique', critiquePrompt(input, [signs, facts, ...found.slice(0, 2)], persona));
      step.summarise(answer.weakest_assumption);
      return answer;
    });
  }
  await context.step('reading', 'Read the sizing', async (step) => {
    draft.reading = await step.write(readingPrompt(input, [facts, ...found], stage, persona));
    step.summarise(verdict(input, draft));
  });
  await verifyCitations(context, draft.sources, [draft.reading]);
}

async function sizeLoad({ input }: Context, step: Step, draft: Draft): Promise<void> {
  const { memory } = draft;
  const device = ACCELERATORS[input.accelerator];
  if (!memory) return;
  const variables = {
    ...variablesOf(input), ...memory, bandwidth: device.bandwidthGbs, teraflops: device.teraflops, fresh: 1 - input.shared_prefix_percent / 100, target: input.p95_seconds,
    peak: input.peak_qps, mean_share: input.mean_load_percent / 100, price: input.price_usd,
  };
  for (const precision of precisionsOf(input)) {
    const spans = spansOf(memory, precision, shapeOf(input.model, input).heads);
    const figures = spans.length === 0 ? {} : await workOut(step, spans.flatMap((span) => loadFormulas(precision, span)), variables);
    if (figures) draft.options.push(bestSpan(precision, spans, figures));
    else draft.trouble.push(`${PRECISION_LABELS[precision]} could not be sized.`);
  }
  draft.option = pick(draft.options, input.devices);
  step.summarise(verdict(input, draft));
}

async function evidence(context: Context, step: Step, draft: Draft): Promise<Source[]> {
  const { input, stage } = context;
  const first = await findMaterial(context, step, { query: 'inference engine batching kv cache limits of serving', limit: stage === 'test' ? 1 : 3, tools: input.sources });
  if (stage === 'test') return draft.sources.add(first.slice(0, 1));
  const second = await findMaterial(context, step, { query: 'choosing inference engine vLLM SGLang TensorRT-LLM llama.cpp', limit: 2, tools: input.sources });
  const third = await findMaterial(context, step, { query: 'quantization accuracy test and load test reading the curve', limit: 3, tools: input.sources.filter((tool) => tool === 'library_search') });
  const pages = [];
  for (const url of input.reference_urls) {
    const page = await step.tool('fetch_url', { url });
    if (page.outcome === 'ok') pages.push(...page.items.slice(0, 2));
    else draft.trouble.push(`${url} was not read: ${page.summary}`);
  }
  const sources = draft.sources.add([...first.slice(0, 3), ...second.slice(0, 3), ...third.slice(0, 3), ...pages]);
  step.summarise(sources.length > 0 ? `${sources.length} texts at hand: ${sources.map((source) => source.title).join('; ')}.` : 'Nothing was found, so engines are judged by the rule alone.');
  return sources;
}

/** The rule ranks, the model judges with the evidence; an engine that is not on the person's list is never taken. */
async function chooseEngine(context: Context, draft: Draft, material: readonly Source[]): Promise<void> {
  const { input, request: { persona } } = context;
  draft.ranked = engineScores(input);
  const rule = draft.sources.addText('engines', 'Engines by the rule of the library', enginesText(draft), 'calculation');
  await context.step('engine', 'Judge the engines', async (step) => {
    const ranked = draft.ranked.map(({ engine }) => engine);
    const answer = await step.answer<EngineAnswer>('engine', enginePrompt(input, ranked, [rule, ...material], persona));
    draft.judged = answer;
    draft.engine = ranked.includes(answer.engine) ? answer.engine : (ranked[0] ?? null);
    if (draft.engine !== answer.engine) draft.trouble.push(`${ENGINE_LABELS[answer.engine]} was named but is not on your list; the first of the rule was taken.`);
    step.summarise(draft.engine ? `${ENGINE_LABELS[draft.engine]}: ${answer.reason}` : 'No engine is on the list.');
  });
}

async function manifests({ input }: Context, step: Step, draft: Draft): Promise<void> {
  const { engine, option } = draft;
  if (!engine || !option || !meets(option)) return;
  draft.compose = { text: composeText(engine, input, option), lint: null };
  draft.script = { text: loadTest(engine, input, option), lint: null };
  const checks = [[draft.compose, { format: 'yaml', schema: 'docker_compose' }], [draft.script, { format: 'javascript', schema: 'k6_script' }]] as const;
  for (const [file, kind] of checks) {
    const checked = await step.tool('lint_config', { ...kind, text: file.text });
    if (checked.outcome === 'ok' && checked.data) file.lint = checked.data as LintConfigData;
    else draft.trouble.push(`A ${kind.schema} could not be checked: ${checked.summary}`);
  }
  step.summarise(`compose.yml is ${draft.compose.lint?.valid ? 'valid' : 'not valid'}, loadtest.js is ${draft.script.lint?.valid ? 'valid' : 'not valid'}; planned for ${figureOf(option, 'goodput').toPrecision(3)} requests a second of a replica.`);
}
