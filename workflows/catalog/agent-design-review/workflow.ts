import type { CalculateData } from '#contracts/data-tools';
import type { MaterialItem } from '#contracts/material';
import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import { mapItems, type Step } from '../../stages/step.ts';
import { findMaterial } from '../../steps/find-material.ts';
import type { Source } from '../../steps/sources.ts';
import { verifyByTool, verifyCitations } from '../../steps/verify-citations.ts';
import type { AgentDesignReviewInput, Findings, Missed, OptionReading, Parts } from './definition.ts';
import { assembleFiles, decisions, findingText, newDraft, optionsText, threatsText, type Draft } from './files.ts';
import { partTexts, pointsOf, pointText } from './lenses.ts';
import { bestPattern, FRAMEWORKS, PATTERNS, readingText, weighFrameworks, weighPatterns } from './patterns.ts';
import { designPrompt, frameworkPrompt, missedPrompt, optionPrompt, partsPrompt, recordPrompt, reviewPrompt } from './prompts.ts';
import { findingCount, missedCount, optionCount, partCount, RECORDS, reviewerCount } from './sizes.ts';
import { threatsOf } from './threats.ts';

type Context = StageContext<AgentDesignReviewInput>;
const PARALLEL = 3;

/** Agent system design review: parts → options weighed → framework evidence → threats → panel → revised design → records. */
export async function agentDesignReview(request: RunRequest<AgentDesignReviewInput>): Promise<RunResult> {
  return runStages<AgentDesignReviewInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona } } = context;
  context.expectSteps(stage === 'test' ? 8 : 12 + input.patterns.length + input.reviewers.length);
  draft.date = new Date().toISOString().slice(0, 10);
  const requirements = await readRequirements(context, draft);
  draft.options = weighPatterns({ ...input, patterns: input.patterns.slice(0, optionCount(input.patterns.length, stage)) });
  draft.threats = threatsOf(input);
  await context.step('numbers', 'Work out the numbers of each option', (step) => checkNumbers(input, step, draft));
  const best = bestPattern(draft.options);
  draft.frameworks = weighFrameworks(input, best?.pattern ?? null);
  const [options, threats] = [draft.sources.addText('options', 'Options, weighed by rule', optionsText(input, draft), 'calculation'), draft.sources.addText('threats', 'Threats from the powers given', threatsText(draft.threats), 'rule')];
  const look = (key: string, title: string, query: string, limit: number) => context.step(key, title, async (step) => draft.sources.add(await findMaterial(context, step, { query, limit, tools: input.tools_enabled.filter((tool) => tool !== 'fetch_url') })));
  const review = await look('find', 'Look for review practice', 'design review of AI systems: failure modes, special to language models', stage === 'test' ? 1 : 3);
  if (stage === 'full' && input.tools_enabled.includes('fetch_url')) for (const [index, url] of input.evidence_urls.entries()) await context.step(`page-${index + 1}`, 'Read a page', async (step) => {
    const result = await step.tool('fetch_url', { url });
    step.summarise(result.summary);
    if (result.items.length > 0) requirements.push(...draft.sources.add(result.items).slice(0, 2));
    else draft.trouble.push(`A page was not read: ${result.summary}`);
  });
  const hints = partTexts(input, best ? PATTERNS[best.pattern].title : 'to be chosen').map((part, index): MaterialItem => ({ id: `part${index + 1}`, title: part.title, url: null, text: part.text }));
  draft.parts = (await context.step('decompose', 'Divide the system into parts', async (step) => {
    const answer = await step.answer<Parts>('parts', partsPrompt(input, [...hints, ...requirements.slice(1)].slice(0, stage === 'test' ? 3 : 14), stage, persona), partCount(stage));
    step.summarise(answer.parts.map((part) => part.part_title).join('; '));
    return answer;
  })).parts;
  await readOptions(context, draft, best ? PATTERNS[best.pattern].title : 'none');
  draft.missed = (await context.step('missed', 'Look for threats that were missed', async (step) => {
    const safety = draft.sources.add(await findMaterial(context, step, { query: 'agent safety: injection, least privilege, guardrails, red team', limit: stage === 'test' ? 1 : 3, tools: input.tools_enabled.filter((tool) => tool === 'library_search') }));
    const answer = await step.answer<Missed>('missed', missedPrompt(input, draft.threats.map((threat) => threat.title).slice(0, stage === 'test' ? 5 : 12), safety, stage, persona), missedCount(stage));
    step.summarise(`${draft.threats.length} threats by rule, ${answer.threats.length} more.`);
    return answer;
  })).threats;
  await panel(context, draft, best, [options, threats]);
  const findings = draft.findings.length > 0 ? [draft.sources.addText('panel', 'Findings of the panel', findingText(draft.findings), 'panel')] : [];
  draft.design = await context.step('design', 'Write the revised design', async (step) => {
    const text = await step.write(designPrompt(input, [options, ...findings, ...review, threats, ...requirements].slice(0, stage === 'test' ? 3 : 9), stage, persona));
    step.summarise(`Revised after ${draft.findings.length} findings.`);
    return text;
  });
  if (stage === 'full') await writeRecords(context, draft, [options, threats, ...findings]);
  await (context.request.version >= 2 ? verifyByTool : verifyCitations)(context, draft.sources, [draft.design, ...Object.values(draft.reasons)]);
}

/** The pasted text, and the sections of the file when there is one. */
async function readRequirements({ input, stage, step: run }: Context, draft: Draft): Promise<MaterialItem[]> {
  const found: Source[] = [draft.sources.addText('requirements', 'Requirements', input.requirements)];
  if (input.requirements_file) await run('read', 'Read the requirements file', async (step) => {
    const result = await step.tool('read_upload', { upload: input.requirements_file, sections: stage === 'test' ? 1 : 8 });
    step.summarise(result.summary);
    if (result.outcome === 'ok') found.push(...draft.sources.add(result.items));
    else draft.trouble.push(`The requirements file was not read: ${result.summary}`);
  });
  return found;
}

/** Tokens and money of each option a second time, by the calculator. */
async function checkNumbers(input: AgentDesignReviewInput, step: Step, draft: Draft): Promise<void> {
  const wanted = draft.options.flatMap(({ pattern, calls, tokens, usdRun }) => [
    { name: `${pattern}_in`, expression: `${calls} * ${input.input_tokens} + ${input.output_tokens} * ${calls} * (${calls} - 1) / 2`, value: tokens.input },
    { name: `${pattern}_usd`, expression: `(${pattern}_in * ${input.usd_input} + ${calls} * ${input.output_tokens} * ${input.usd_output}) / 10^6`, value: usdRun },
  ]);
  const result = await step.tool('calculate', { expressions: wanted.map(({ name, expression }) => ({ name, expression })) });
  const values = new Map(((result.data as CalculateData | undefined)?.results ?? []).map(({ name, value }) => [name, value]));
  const off = wanted.filter(({ name, value }) => Math.abs((values.get(name) ?? Infinity) - value) > 1e-9 * Math.max(1, value));
  draft.checked = wanted.length - off.length;
  if (off.length > 0) draft.trouble.push(`The calculator did not confirm ${off.length} of ${wanted.length} figures.`);
  step.summarise(decisions(draft).pattern);
}

/** Each option and, in Full, each framework, with what the library and the web say of it. */
async function readOptions(context: Context, draft: Draft, pattern: string): Promise<void> {
  const { input, stage, request: { persona } } = context;
  const tools = input.tools_enabled.filter((tool) => tool !== 'fetch_url');
  const found: Source[][] = [];
  await context.step('evidence', 'Find evidence on options and frameworks', async (step) => {
    for (const [index, { pattern: id }] of draft.options.entries()) found[index] = draft.sources.add(await findMaterial(context, step, { query: PATTERNS[id].query, limit: stage === 'test' ? 1 : 2, tools }));
    if (stage === 'full') for (const [index, { framework }] of draft.frameworks.entries()) found[draft.options.length + index] = draft.sources.add(await findMaterial(context, step, { query: FRAMEWORKS[framework].query, limit: 2, tools }));
    step.summarise(`${new Set(found.flat()).size} passages.`);
  });
  await mapItems(draft.options, PARALLEL, (option, index) => context.step(`option-${index + 1}`, `Read the option: ${PATTERNS[option.pattern].title}`, async (step) => {
    const { title, words } = PATTERNS[option.pattern];
    const own = { id: `option${index + 1}`, title, url: null, text: readingText(PATTERNS[option.pattern], `${words} It takes ${option.calls} calls, about ${option.seconds} s and ${option.usdRun.toFixed(4)} dollars a request.`) };
    const reading = await step.answer<OptionReading>('option', optionPrompt(input, title, [own, ...(found[index] ?? [])], stage, persona));
    draft.readings[index] = { ...reading, sources: (found[index] ?? []).map((source) => source.id) };
    step.summarise(reading.weakness);
  }));
  if (stage === 'full') await mapItems(draft.frameworks, PARALLEL, (option, index) => context.step(`framework-${index + 1}`, `Read the evidence on ${FRAMEWORKS[option.framework].title}`, async (step) => {
    const material = found[draft.options.length + index] ?? [];
    const reading = await step.answer<OptionReading>('option', frameworkPrompt(input, FRAMEWORKS[option.framework].title, pattern, [{ id: `framework${index + 1}`, title: FRAMEWORKS[option.framework].title, url: null, text: readingText(FRAMEWORKS[option.framework]) }, ...material], persona));
    draft.frameworkReadings[index] = { ...reading, sources: material.map((source) => source.id) };
    step.summarise(reading.strength);
  }));
}

/** The panel: each reads the same design and the figures of its own side, and nobody hears the others. */
async function panel(context: Context, draft: Draft, best: ReturnType<typeof bestPattern>, design: readonly Source[]): Promise<void> {
  const { input, stage, request: { persona } } = context;
  const reviewers = input.reviewers.slice(0, reviewerCount(input.reviewers.length, stage));
  const heard = await mapItems(reviewers, PARALLEL, (reviewer, index) => context.step(`review-${index + 1}`, `Panel: ${reviewer}`, async (step) => {
    const points = pointsOf(reviewer, input, best, draft.threats).slice(0, findingCount(stage)).map((point, at): MaterialItem => ({ id: `${reviewer}${at + 1}`, title: `${point.severity}: ${reviewer} ${at + 1}`, url: null, text: pointText(reviewer, point) }));
    const { findings } = await step.answer<Findings>('findings', reviewPrompt(input, reviewer, points.length > 0 ? points : design.slice(0, 2), stage, persona), findingCount(stage));
    step.summarise(findings[0]?.finding ?? 'No finding.');
    return findings.map((finding) => ({ reviewer, ...finding }));
  }));
  const order = { high: 0, medium: 1, low: 2 };
  draft.findings = heard.flat().toSorted((a, b) => order[a.severity] - order[b.severity]);
}

async function writeRecords(context: Context, draft: Draft, material: readonly Source[]): Promise<void> {
  const { input, request: { persona } } = context;
  const asked = decisions(draft);
  for (const record of RECORDS) await context.step(`record-${record}`, `Decision record: ${record}`, async (step) => {
    draft.reasons[record] = await step.write(recordPrompt(input, asked[record], material.slice(record === 'powers' ? 1 : 0), persona));
    step.summarise(asked[record]);
  });
}
