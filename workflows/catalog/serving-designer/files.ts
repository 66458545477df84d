import { barChart } from '#contracts/charts';
import { toCsv } from '#contracts/csv';
import type { LintConfigData } from '#contracts/data-tools';
import { ACCELERATORS, shapeOf } from '#contracts/model-shapes';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import { body, bullets, nextSteps, oneLine, page, section, stamps, table } from '../../steps/report.ts';
import { Sources } from '../../steps/sources.ts';
import { money, readable, type Figures } from '../../steps/work-out.ts';
import { figureOf, meets, TRAITS, type engineScores, type Option } from './choose.ts';
import type { CritiqueAnswer, EngineAnswer, ServingDesignerInput } from './definition.ts';
import { loadFormulas, memoryFormulas } from './formulas.ts';
import { limitsOf, rates, weightsNote } from './manifests.ts';
import { ENGINE_LABELS, PRECISION_LABELS, SPANS, type Engine } from './sizes.ts';

/** The draft and the files made from it, finished or not. Pure. */
interface Written { text: string; lint: LintConfigData | null }
export interface Draft {
  memory: Figures | null; options: Option[]; option: Option | null; ranked: ReturnType<typeof engineScores>; judged: EngineAnswer | null; engine: Engine | null;
  compose: Written | null; script: Written | null; critique: CritiqueAnswer | null; reading: string; trouble: string[]; sources: Sources;
}
export const newDraft = (): Draft => ({ memory: null, options: [], option: null, ranked: [], judged: null, engine: null, compose: null, script: null, critique: null, reading: '', trouble: [], sources: new Sources() });

type Stage = 'test' | 'full';
const device = (input: ServingDesignerInput): string => ACCELERATORS[input.accelerator].name;
const seconds = (value: number): string => `${readable(value)} s`;

/** The design in one sentence. */
export function verdict(input: ServingDesignerInput, { memory, options, option }: Pick<Draft, 'memory' | 'options' | 'option'>): string {
  if (!memory) return 'The memory could not be worked out, so there is no design.';
  if (!option) return options.some(({ span }) => span !== null) ? `No precision keeps ${input.p95_seconds} s for an answer of ${input.answer_tokens} tokens on ${device(input)}.` : `The longest request does not fit beside the weights, not even on eight ${device(input)}.`;
  const needed = figureOf(option, 'devices');
  return `${PRECISION_LABELS[option.precision]}, ${figureOf(option, 'replicas')} replicas of ${option.span} × ${device(input)}: ${needed} devices${needed > input.devices ? `, ${needed - input.devices} more than you have` : ''}, ${money(figureOf(option, 'hour'))} an hour, ${money(figureOf(option, 'thousand'))} a thousand requests.`;
}

/** What stops a replica from taking more. */
export function limitOf(option: Option): string {
  if (!meets(option)) return figureOf(option, 'in_time') < 1 ? 'one answer alone is slower than promised' : 'the cache holds no request';
  return figureOf(option, 'batch') === figureOf(option, 'slots') ? 'room for the cache' : figureOf(option, 'batch') === figureOf(option, 'in_time') ? 'the promised time' : 'sequences the engine takes at once';
}

/** The sizing as sentences that a model can read and cite. */
export function factsText(input: ServingDesignerInput, draft: Draft): string {
  const { memory, options, option } = draft;
  return [
    verdict(input, draft),
    option && meets(option) && `What limits the service is ${limitOf(option)}: a replica takes ${figureOf(option, 'batch')} requests at once and serves ${readable(figureOf(option, 'goodput'))} requests a second.`,
    option && meets(option) && `An answer takes about ${seconds(figureOf(option, 'time'))} on average at that batch; the promise is ${input.p95_seconds} s for 95 %.`,
    memory && `The cache of one token takes ${readable(memory['cache_token'])} bytes, an average request ${readable(memory['cache_request'])} GB, the longest ${readable(memory['cache_longest'])} GB.`,
    ...options.map((one) => (one.span === null ? `${PRECISION_LABELS[one.precision]}: the longest request does not fit.` : `${PRECISION_LABELS[one.precision]} needs ${readable(figureOf(one, 'devices'))} devices; its limit is ${limitOf(one)}.`)),
    'The figure to doubt first is the share of bandwidth that the engine reaches; the load test replaces it.',
  ].filter(Boolean).join('\n');
}

/** The ranking as sentences. */
export function enginesText({ ranked }: Pick<Draft, 'ranked'>): string {
  const [first, second] = ranked;
  return [
    first && `By the rule the engine that serves this workload is ${ENGINE_LABELS[first.engine]}, for these reasons: ${first.why.replace(/ \([+−]\d\)/g, '')}.`,
    second && `Another engine, ${ENGINE_LABELS[second.engine]}, would be the better choice if what it is strong at came first: ${TRAITS[second.engine].strong}.`,
    ...ranked.map(({ engine }) => `${ENGINE_LABELS[engine]} is strong at ${TRAITS[engine].strong}; mind ${TRAITS[engine].mind}.`),
  ].filter(Boolean).join('\n');
}

/** What somebody on call sees first, with the figures of this design; the library's table of faults as sentences. */
export function signsText(input: ServingDesignerInput, { option }: Pick<Draft, 'option'>): string {
  if (!option || !meets(option)) return 'The assumption that fails first is that this can be served at all on these devices. What to measure first is one answer alone.';
  return [
    `The engine may reach less than 0.6 of the bandwidth, the assumption of the plan that fails first; at half of it an answer takes ${seconds(2 * figureOf(option, 'time'))}.`,
    `Measure first in the load test how long an answer takes with ${figureOf(option, 'batch')} requests at once.`,
    `At load the first token comes late: the cause is a queue of prompts above ${figureOf(option, 'batch')} requests a replica, the remedy chunked prefill or one more replica.`,
    `At load answers slow down suddenly: the cause is a full cache above ${readable(figureOf(option, 'slots'))} average requests, where the engine preempts and computes again, the remedy a bound on sequences.`,
    `At the start memory runs out: the cause is a context of ${Math.max(input.longest_context, input.prompt_tokens + input.answer_tokens)} tokens that is too long for the memory left, the remedy a shorter one.`,
  ].join('\n');
}

export function assembleFiles(request: Pick<RunRequest, 'provider'>, input: ServingDesignerInput, draft: Draft, stage: Stage, remark: string | null): OutputFile[] {
  const { memory, options, compose, script } = draft;
  if (!memory && draft.trouble.length === 0 && !draft.reading) return [];
  const files: OutputFile[] = [{ key: 'design', fileName: 'design.md', mimeType: 'text/markdown', content: design(request, input, draft, stage, remark), summary: verdict(input, draft) }];
  if (compose) files.push({ key: 'compose', fileName: 'compose.yml', mimeType: 'application/yaml', content: compose.text, summary: compose.lint?.valid ? 'Valid' : 'Not valid or not checked' });
  if (script) files.push({ key: 'loadtest', fileName: 'loadtest.js', mimeType: 'text/javascript', content: script.text, summary: script.lint?.valid ? 'Valid' : 'Not valid or not checked' });
  if (!memory) return files;
  const rows = [...memoryFormulas.map((formula) => ({ ...formula, part: 'memory', value: memory[formula.name] })), ...options.filter(({ span }) => span !== null).flatMap((option) => SPANS.flatMap((span) => loadFormulas(option.precision, span)).map((formula) => ({ ...formula, part: 'load', value: option.figures[formula.name] }))).filter(({ value }) => value !== undefined)];
  files.push({ key: 'sizing', fileName: 'sizing.csv', mimeType: 'text/csv', content: toCsv(['part', 'figure', 'name', 'formula', 'value', 'unit', 'source'], rows.map((row) => [row.part, row.title, row.name, row.expression, row.value, row.unit, row.source])), summary: `${rows.length} figures` });
  const good = options.filter(meets);
  if (good.length > 0) files.push({ key: 'options', fileName: 'options.svg', mimeType: 'image/svg+xml', content: barChart({ title: `Devices for ${input.peak_qps} requests a second, against those you have`, yLabel: 'Devices' }, [...good.map((option) => ({ label: PRECISION_LABELS[option.precision].replace(/ \(.*/, ''), value: figureOf(option, 'devices') })), { label: 'you have', value: input.devices }]), summary: 'Devices by precision' });
  return files;
}

function design(request: Pick<RunRequest, 'provider'>, input: ServingDesignerInput, draft: Draft, stage: Stage, remark: string | null): string {
  const { memory, options, option, engine, critique, judged } = draft;
  const sized = option && meets(option) ? option : null;
  return page([
    `# Serving design: ${oneLine(input.use_case)}`,
    stamps(request, stage, 'the sizing and a short reading. A Full run judges engines and writes the manifests.', remark),
    bullets(draft.trouble),
    section('Decision', [`**${verdict(input, draft)}**`, engine && judged && `Engine: **${ENGINE_LABELS[engine]}**. ${oneLine(judged.reason)} ${oneLine(judged.change_if)}`].filter(Boolean).join('\n\n')),
    section('Workload', table(['Requests a second at peak', 'Prompt', 'Answer', 'Longest request', 'Shared beginning', 'Promise'], [[input.peak_qps, `${input.prompt_tokens} tokens`, `${input.answer_tokens} tokens`, `${memory?.['longest'] ?? input.longest_context} tokens`, `${input.shared_prefix_percent} %`, `95 % within ${input.p95_seconds} s`]])),
    memory && section('Sizing', `${oneLine(shapeOf(input.model, input).name)} on ${device(input)}. One token takes ${readable(memory['cache_token'])} bytes of cache, an average request ${readable(memory['cache_request'])} GB, the longest ${readable(memory['cache_longest'])} GB.\n\n${sizingTable(options, memory)}`),
    sized && section('What it means', bullets([
      `A replica takes ${figureOf(sized, 'batch')} requests at once; the limit is ${limitOf(sized)} (the cache would hold ${readable(figureOf(sized, 'slots'))}, the promise allows ${readable(figureOf(sized, 'in_time'))}).`,
      `An answer then takes ${seconds(figureOf(sized, 'time'))} on average. A stream alone runs at ${readable(figureOf(sized, 'alone'))} tokens a second at most; its prompt is read in ${seconds(figureOf(sized, 'prompt_time'))}.`,
      `${input.peak_qps} requests a second at peak over ${readable(figureOf(sized, 'goodput'))} a replica, run at 70 %, and one spare: ${figureOf(sized, 'replicas')} replicas.`,
    ])),
    section('Engines', table(['Engine', 'Points', 'Why these points', 'Strong at', 'Mind'], draft.ranked.map(({ engine: one, points, why }) => [ENGINE_LABELS[one], points, why, TRAITS[one].strong, TRAITS[one].mind]))),
    engine && sized && draft.compose && section('Manifests', bullets([
      `compose.yml starts one replica on ${sized.span} ${sized.span === 1 ? 'device' : 'devices'}: at most ${limitsOf(input, sized).sequences} sequences of ${limitsOf(input, sized).context} tokens. ${checked(draft.compose)}`, weightsNote(engine, sized.precision),
      `loadtest.js sends ${rates(sized).steps.join(', ')} requests a minute in steps, then ${rates(sized).soak} for an hour. ${checked(draft.script)}`,
    ])),
    section('What the figures do not say', draft.reading && body(draft.reading)),
    critique && section('Where it breaks first', [`**Weakest assumption.** ${oneLine(critique.weakest_assumption)}`, `**First measurement.** ${oneLine(critique.first_measurement)}`, bullets(critique.failures)].join('\n\n')),
    section('Assumptions', bullets(['Every figure stands in sizing.csv with its formula and the skill it comes from. GB are 10⁹ bytes; a tenth of each device stays free.', 'Engines reach 0.6 of the bandwidth and 0.5 of the peak speed; the mean is planned for 0.7 of the p95. Shapes are those of the model’s configuration file, memory and speed those of the data sheet.', `Mean load ${input.mean_load_percent} % of the peak and ${input.price_usd} dollars a device and hour, as you gave them.`])),
    draft.sources.markdown([body(draft.reading)]),
    nextSteps([
      stage === 'test' && 'Run Full for engines, manifests and the critique.',
      sized && 'Start one replica, run loadtest.js, and put the measured goodput in place of the planned one.',
      sized && sized.precision !== 'bits16' && 'Compare the quantised model with the 16-bit one on your own cases before it serves anybody.',
      sized && figureOf(sized, 'devices') > input.devices && `Get ${figureOf(sized, 'devices') - input.devices} more devices, or lower the peak, the promise or the precision.`,
      memory && !sized && 'Take a smaller model or a faster device, shorten the answer, or allow more time.',
      'Refuse early at the limit (429 with a wait), and test that a replica can be lost.',
    ]),
  ]);
}

const checked = (file: Written | null): string => (file?.lint ? (file.lint.valid ? 'It passed the check.' : `The check found: ${file.lint.problems.slice(0, 2).map(({ line, message }) => `line ${line}, ${message}`).join('; ')}`) : 'It was not checked.');

function sizingTable(options: readonly Option[], memory: Figures): string {
  return table(['Precision', 'Weights, GB', 'Devices a replica', 'At once', 'Answer takes', 'Requests/s a replica', 'Replicas', 'Devices', '$ an hour', '$ a thousand', 'Limit'], options.map((option) => {
    const head = [PRECISION_LABELS[option.precision], readable(memory[`weights_${option.precision}`])];
    if (option.span === null) return [...head, 'more than 8', ...Array.from({ length: 7 }, () => '—'), 'the longest request does not fit'];
    if (!meets(option)) return [...head, option.span, ...Array.from({ length: 7 }, () => '—'), limitOf(option)];
    return [...head, option.span, figureOf(option, 'batch'), seconds(figureOf(option, 'time')), readable(figureOf(option, 'goodput')), figureOf(option, 'replicas'), figureOf(option, 'devices'), money(figureOf(option, 'hour')), money(figureOf(option, 'thousand')), limitOf(option)];
  }));
}
