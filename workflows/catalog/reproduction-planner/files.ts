import { barChart } from '#contracts/charts';
import { toCsv } from '#contracts/csv';
import type { ConfigProblem } from '#contracts/data-tools';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import type { Section } from '../../steps/paper-text.ts';
import { body, bullets, nextSteps, oneLine, page, section, stamps, table } from '../../steps/report.ts';
import { Sources } from '../../steps/sources.ts';
import { countOf } from '../../steps/table-data.ts';
import { budgetOf, DEVICES, round, verdictWords, type Workload } from './budget.ts';
import { configYaml, type Claim } from './config.ts';
import type { ReproductionPlannerInput, RisksAnswer } from './definition.ts';
import { gapsOf, type Fact } from './facts.ts';

/** The draft and the files made from it, finished or not. Pure. */
export interface Draft { title: string; sections: Section[]; code: Section[]; commit: string | null; facts: Fact[]; claims: Claim[]; /** null = not checked */ calculatorAgrees: boolean | null; risks: (RisksAnswer['risks'][number] & { known: boolean })[]; plan: string; problems: ConfigProblem[] | null; trouble: string[]; sources: Sources }
export const newDraft = (): Draft => ({ title: '', sections: [], code: [], commit: null, facts: [], claims: [], calculatorAgrees: null, risks: [], plan: '', problems: null, trouble: [], sources: new Sources() });
type Stage = 'test' | 'full';

/** An evaluation sees its data once. */
export const workOf = (input: ReproductionPlannerInput): Workload => ({ ...input, epochs: input.job === 'evaluation' ? 1 : input.epochs });
export const configOf = (request: Pick<RunRequest, 'provider'>, input: ReproductionPlannerInput, draft: Draft): string => configYaml(input, draft.title, draft.claims, draft.facts, budgetOf(workOf(input)), draft.commit, request.provider === 'demo');
const STATES = { paper: 'in the paper', code: 'only in the code', both: 'in both, alike', differs: 'PAPER AND CODE DIFFER', missing: 'missing' } as const;

export function assembleFiles(request: Pick<RunRequest, 'provider'>, input: ReproductionPlannerInput, draft: Draft, stage: Stage, remark: string | null): OutputFile[] {
  if (draft.facts.length === 0 && draft.trouble.length === 0) return [];
  const budget = budgetOf(workOf(input));
  const gaps = gapsOf(draft.facts);
  const files: OutputFile[] = [{ key: 'plan', fileName: 'plan.md', mimeType: 'text/markdown', content: plan(request, input, draft, stage, remark), summary: `${countOf(gaps.length, 'gap')}. ${verdictWords(budget, workOf(input))}` }];
  if (draft.facts.length === 0) return files;
  files.push({ key: 'config', fileName: 'config.yaml', mimeType: 'application/yaml', content: configOf(request, input, draft), summary: `${draft.facts.length - gaps.length} of ${draft.facts.length} facts known` });
  files.push({ key: 'gaps', fileName: 'gaps.csv', mimeType: 'text/csv', content: toCsv(['fact', 'area', 'weight', 'state', 'paper', 'paper_section', 'code', 'code_file', 'what_to_do'], draft.facts.map(({ spec, paper, code, state }) => [spec.title, spec.area, spec.weight, STATES[state], paper?.value, paper?.where, code?.value, code?.where, state === 'missing' ? spec.fallback : state === 'differs' ? 'Ask the authors which one made the tables.' : ''])), summary: countOf(gaps.length, 'gap') });
  files.push({ key: 'budget', fileName: 'budget.csv', mimeType: 'text/csv', content: toCsv(['stage', 'share_of_run', 'gpu_hours', 'wall_hours', 'cost', 'go_on_when'], [...budget.stages.map((each) => [each.title, each.share, round(each.gpuHours), round(each.wallHours), round(each.cost), each.stop]), ['all', null, round(budget.totalHours), round(budget.totalHours / input.gpu_count), round(budget.totalCost), null]]), summary: `${round(budget.totalHours)} GPU hours` });
  files.push({ key: 'hours', fileName: 'hours.svg', mimeType: 'image/svg+xml', content: barChart({ title: 'GPU hours by stage', yLabel: 'GPU hours' }, [...budget.stages.filter(({ share }) => share > 0).map(({ title, gpuHours }) => ({ label: title, value: round(gpuHours) })), { label: 'Budget', value: round(input.budget_gpu_hours) }]), summary: 'Each stage beside the budget' });
  return files;
}

function plan(request: Pick<RunRequest, 'provider'>, input: ReproductionPlannerInput, draft: Draft, stage: Stage, remark: string | null): string {
  const work = workOf(input);
  const budget = budgetOf(work);
  const gaps = gapsOf(draft.facts);
  const blocking = gaps.filter(({ spec }) => spec.weight === 'blocking');
  return page([
    `# Reproduction plan: ${oneLine(draft.title || 'the paper')}`,
    stamps(request, stage, 'the first sections, one claim, one risk. A Full run reads all, the repository too.', remark),
    bullets(draft.trouble),
    draft.facts.length > 0 && `**${verdictWords(budget, work)}** ${draft.facts.length - gaps.length} of ${draft.facts.length} facts are known; ${blocking.length === 0 ? 'none of the open ones blocks a run' : `${blocking.length} of the open ones ${blocking.length === 1 ? 'blocks' : 'block'} a run`}.`,
    section('Claims and what counts as reproduced', table(['Claim', 'Metric', 'Published', 'Tolerance', 'From'], draft.claims.map((each) => [each.claim, each.metric, each.value, each.tolerance ?? 'decide before the run', each.from]))),
    section('Plan', draft.plan && body(draft.plan)),
    section('What is missing, and what differs', table(['Fact', 'Weight', 'State', 'Paper', 'Code', 'What to do'], gaps.map(({ spec, paper, code, state }) => [spec.title, spec.weight, STATES[state], paper && `${paper.value} (${paper.where})`, code && `${code.value} (${code.where})`, state === 'differs' ? 'Ask the authors which one made the tables; run both on the small stage.' : spec.fallback])) || (draft.facts.length > 0 ? 'Nothing that this list knows of.' : '')),
    section('What is known', table(['Fact', 'Value', 'Where', 'Sentence'], draft.facts.filter(({ state }) => state !== 'missing' && state !== 'differs').map(({ spec, paper, code }) => [spec.title, (paper ?? code)?.value, `${paper ? 'paper' : 'code'}, ${(paper ?? code)?.where}`, (paper ?? code)?.sentence]))),
    draft.facts.length > 0 && section('Cost', `${table(['Stage', 'GPU hours', `Hours on ${input.gpu_count}`, 'Cost', 'Go on when'], [...budget.stages.map((each) => [each.title, round(each.gpuHours), round(each.wallHours), round(each.cost), each.stop]), ['All', round(budget.totalHours), round(budget.totalHours / input.gpu_count), round(budget.totalCost), '']])}\n\n${method(work, draft)}`),
    section('Risks', table(['Risk', 'Why', 'What to do', 'Says so'], draft.risks.map((each) => [each.title, each.risk, each.remedy, each.known ? `[${each.source_id}]` : 'no source named']))),
    draft.problems !== null && (draft.problems.length === 0 ? 'config.yaml was parsed and has no problem.' : `config.yaml has problems: ${draft.problems.slice(0, 5).map(({ line, message }) => `line ${line}: ${oneLine(message)}`).join('; ')}`),
    draft.sources.markdown([body(draft.plan)]),
    nextSteps([
      stage === 'test' && 'Run Full to read the whole paper and the repository.',
      blocking.length > 0 && `Write to the authors, short and specific, about: ${blocking.map(({ spec }) => spec.title.toLowerCase()).join(', ')}.`,
      draft.claims.some(({ tolerance }) => tolerance === undefined) && 'Write the tolerance of each claim down before the first run.',
      !budget.memoryFits && `Take at least ${budget.devicesNeeded} of these devices, or one with more memory.`,
      budget.verdict === 'scale_down' && `Plan a scaled-down replication with ${round(budget.affordableShare * 100)} % of the tokens, and call it that.`,
      budget.verdict === 'fewer_seeds' && `Start with ${budget.seedsPaid} of ${input.seeds} seeds, and say how many there were.`,
      'Measure one step on your device and put the real share of the peak into the form: it is the least certain figure here.',
      'Fill the nulls of config.yaml, commit it, and begin with the evaluation of a known model.',
    ]),
  ]);
}

const FORMULA = { training: '6 × parameters × tokens × epochs', fine_tuning: '4 × parameters × tokens × epochs (the base weights stand still)', evaluation: '2 × parameters × tokens' } as const;
function method(work: Workload, draft: Draft): string {
  const device = DEVICES[work.gpu];
  const budget = budgetOf(work);
  return `One run is ${FORMULA[work.job]} = ${budget.operations.toExponential(2)} operations, at ${work.utilisation_percent} % of ${device.teraflops} × 10^12 a second (${device.title}, dense, 16 bit). Memory without activations: ${round(budget.memoryGb)} GB of ${device.memoryGb} GB a device, of which four fifths are counted; ${budget.memoryFits ? 'it fits' : `at least ${budget.devicesNeeded} devices are needed`}. ${draft.calculatorAgrees === null ? 'The calculator was not asked.' : draft.calculatorAgrees ? 'The calculator of this run comes to the same figures.' : 'The calculator of this run comes to OTHER figures: do not use these before you know why.'}`;
}
