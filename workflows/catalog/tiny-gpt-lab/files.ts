import { lineChart } from '#contracts/charts';
import { toCsv } from '#contracts/csv';
import type { TrainCharModelData } from '#contracts/data-tools';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import { body, bullets, nextSteps, oneLine, page, section, stamps, table } from '../../steps/report.ts';
import { Sources, type Source } from '../../steps/sources.ts';
import { countOf } from '../../steps/table-data.ts';
import { labFile, PIECES, type Checks } from './code.ts';
import type { Annotations, Exercises, Milestones, TinyGptLabInput } from './definition.ts';
import { fitMinutes, LADDER, parameters, sizeFor, symptomsOf, THROUGHPUT, trainingHours, TRAINING_SHARE, unigramLoss, type Settings } from './figures.ts';
import { pieceCount, type Change, type Fault } from './sizes.ts';

/** The draft and the files made from it, finished or not. Pure. */
export interface LabRun { settings: Settings; data: TrainCharModelData; change: Change | null; reason: string; symptoms: string[] }
export interface Draft { text: string; trouble: string[]; /** one for each piece of code */ pages: Source[]; /** all that was found */ shelf: Source[]; milestones: Milestones['milestones']; checks: Checks | null; annotations: Annotations['annotations']; runs: LabRun[]; reading: string; exercises: Exercises | null; sources: Sources }
export const newDraft = (): Draft => ({ text: '', trouble: [], pages: [], shelf: [], milestones: [], checks: null, annotations: [], runs: [], reading: '', exercises: null, sources: new Sources() });
type Stage = 'test' | 'full';

export const CHANGE_WORDS: Record<Change, string> = { raise_rate: 'Learning rate times four', lower_rate: 'Learning rate to a third', train_longer: 'Three times the steps', widen: 'Twice the hidden units', look_further_back: 'Two more characters of context', look_less_far_back: 'Two fewer characters of context' };
const FAULT_WORDS: Record<Fault, string> = { none: 'There was none: the first run was made as you set it.', rate_too_small: 'The learning rate was a twentieth of yours: the loss falls, but hardly.', too_few_steps: 'It made a tenth of your steps: the loss was still falling fast when it stopped.', no_context: 'It looked at one character only: it cannot do better than letter pairs.' };
const three = (value: number): string => value.toFixed(3);

/** A run in sentences that can be cited. */
export function runText(draft: Draft, index: number): string {
  const run = draft.runs[index];
  if (!run) return '';
  const { data, settings, change } = run;
  const [first, last] = [data.loss[0], data.loss.at(-1)];
  return [
    `Run ${index + 1} made ${settings.steps} steps with a learning rate of ${settings.learning_rate}, a context of ${settings.context} and ${settings.hidden} hidden units; the model has ${data.parameters} parameters.${change ? ` It differs from the run before by one change: ${CHANGE_WORDS[change].toLowerCase()}.` : ''}`,
    `The validation loss of run ${index + 1} fell from ${three(first?.validation ?? 0)} to ${three(data.final_loss)} nats a character, and the training loss ended at ${three(last?.train ?? 0)}.`,
    `Chance is ${three(data.uniform_loss)}, the logarithm of ${data.vocabulary.length} different characters, and the first loss of run ${index + 1} lies ${three(Math.abs((first?.validation ?? 0) - data.uniform_loss))} away from it.`,
    `A table of letter pairs reaches ${three(data.bigram_loss)}, so run ${index + 1} is ${data.final_loss < data.bigram_loss ? 'better' : 'worse'} by ${three(Math.abs(data.final_loss - data.bigram_loss))}.`,
    `The perplexity of run ${index + 1} is ${data.perplexity.toFixed(1)} characters.`,
  ].join('\n');
}

export function assembleFiles(request: Pick<RunRequest, 'provider'>, input: TinyGptLabInput, draft: Draft, stage: Stage, remark: string | null): OutputFile[] {
  if (draft.milestones.length === 0 && draft.runs.length === 0 && draft.trouble.length === 0) return [];
  const best = draft.runs.toSorted((a, b) => a.data.final_loss - b.data.final_loss)[0];
  const files: OutputFile[] = [{ key: 'lab', fileName: 'lab.md', mimeType: 'text/markdown', content: lab(request, input, draft, stage, remark), summary: `${countOf(draft.milestones.length, 'milestone')}, ${countOf(draft.runs.length, 'run')}${best ? `, best loss ${three(best.data.final_loss)}` : ''}` }];
  if (draft.runs.length > 0) {
    files.push({ key: 'run', fileName: 'run.csv', mimeType: 'text/csv', content: runCsv(draft), summary: countOf(draft.runs.length, 'run') });
    files.push({ key: 'loss', fileName: 'loss.svg', mimeType: 'image/svg+xml', content: lossChart(draft), summary: 'Validation loss of all runs, with the letter pairs' });
  }
  if (draft.exercises) files.push({ key: 'rubric', fileName: 'rubric.md', mimeType: 'text/markdown', content: rubric(request, input, draft.exercises, stage, remark), summary: `${countOf(draft.exercises.exercises.length, 'exercise')}, ${countOf(draft.exercises.rubric.length, 'row')}` });
  if (draft.checks) files.push({ key: 'code', fileName: 'lab.mjs', mimeType: 'text/javascript', content: labFile(pieceCount(stage)), summary: 'Runs in Node beside corpus.txt' }, { key: 'corpus', fileName: 'corpus.txt', mimeType: 'text/plain', content: draft.text, summary: `${Array.from(draft.text).length} characters` });
  return files;
}

const runCsv = (draft: Draft): string => toCsv(['run', 'change', 'step', 'train_loss', 'validation_loss', 'learning_rate', 'context', 'hidden', 'seed', 'letter_pairs', 'chance'], draft.runs.flatMap(({ settings, data, change }, index) => data.loss.map((at) => [index + 1, change ?? 'first', at.step, at.train, at.validation, settings.learning_rate, settings.context, settings.hidden, settings.seed, data.bigram_loss, data.uniform_loss])));

function lossChart(draft: Draft): string {
  const last = Math.max(...draft.runs.map((run) => run.settings.steps));
  const pairs = draft.runs[0]?.data.bigram_loss ?? 0;
  return lineChart({ title: 'Validation loss', xLabel: 'Step', yLabel: 'Nats a character' }, [...draft.runs.map(({ data, change }, index) => ({ name: `Run ${index + 1}${change ? `: ${change.replaceAll('_', ' ')}` : ''}`, points: data.loss.map((at) => [at.step, at.validation] as const) })), { name: 'Letter pairs', points: [[0, pairs], [last, pairs]] }]);
}

function lab(request: Pick<RunRequest, 'provider'>, input: TinyGptLabInput, draft: Draft, stage: Stage, remark: string | null): string {
  const minutes = fitMinutes(input.hours, draft.milestones.map((milestone) => milestone.minutes));
  const last = draft.runs.at(-1);
  const open = last ? symptomsOf(last.data, last.settings) : [];
  return page([
    `# Lab: ${oneLine(input.goal)}`,
    stamps(request, stage, '20 steps of training, one piece of code, two milestones. A Full run makes the whole lab.', remark),
    bullets(draft.trouble),
    section('Milestones', draft.milestones.length > 0 && `${table(['#', 'Milestone', 'What works then', 'How you see it', 'Time'], draft.milestones.map((milestone, index) => [index + 1, milestone.title, milestone.outcome, milestone.check, `${minutes[index] ?? 0} min`]))}\n\n${minutes.reduce((sum, each) => sum + each, 0)} minutes in all, fitted to ${countOf(input.hours, 'hour')}.` || ''),
    section('Code, as it was run', codeText(draft, stage)),
    section('Training runs', runsText(draft, input, stage)),
    draft.reading && section('Reading of the losses', body(draft.reading)),
    section('Which GPT your hardware can train', sizesText(input)),
    draft.sources.markdown([body(draft.reading), ...draft.annotations.map((annotation) => (draft.sources.byId(annotation.material_id) ? `[${annotation.material_id}]` : ''))]),
    nextSteps([
      stage === 'test' && 'Run Full for the whole lab with its debug loop.',
      draft.checks && 'Run `node lab.mjs` beside corpus.txt and compare its figures with those above.',
      stage === 'full' && 'Do the exercises of rubric.md before you read the runs again.',
      open[0] && `Still open after the last run: ${open[0].words}`,
      last && last.data.final_loss < last.data.bigram_loss && 'Repeat the best run with two other seeds before you believe its lead.',
      `Then build the size "${sizeFor(input.hardware, input.hours).name}" with a framework and check that its first loss is the logarithm of its vocabulary.`,
    ]),
  ]);
}

function codeText(draft: Draft, stage: Stage): string {
  const { checks } = draft;
  const proofs = checks ? [checks.roundTrip, sameLoss(draft), checks.causal, checks.sampled] : [];
  return PIECES.slice(0, pieceCount(stage)).map(({ title, code, proves }, index) => {
    const page = draft.pages[index];
    const note = (page && draft.annotations.find((annotation) => annotation.material_id === page.id)) ?? draft.annotations[index];
    const proof = proofs[index];
    const known = note && draft.sources.byId(note.material_id) ? ` [${note.material_id}]` : '';
    return [`### ${title}`, note ? `${oneLine(note.idea)}${known}` : '', `\`\`\`js\n${code}\n\`\`\``, note ? `**Keep in mind:** ${oneLine(note.pitfall)}` : '', `*Checked by running it: ${proves} — ${proof === undefined || proof === null ? 'not checked' : proof ? 'yes' : '**no**'}.*`].filter(Boolean).join('\n\n');
  }).join('\n\n');
}

/** The letter pairs, counted by the lab's own code and by the lab tool; null when one of them is missing or the tool joined rare
 * characters, so that the two are not comparable. */
function sameLoss({ checks, runs }: Draft): boolean | null {
  const data = runs[0]?.data;
  if (!checks || checks.pairLoss === null || !data || checks.vocabulary !== data.vocabulary.length) return null;
  return Math.abs(checks.pairLoss - data.bigram_loss) < 1e-6;
}

function runsText(draft: Draft, input: TinyGptLabInput, stage: Stage): string {
  const [first] = draft.runs;
  if (!first) return '';
  const best = draft.runs.toSorted((a, b) => a.data.final_loss - b.data.final_loss)[0] as LabRun;
  return [
    `${first.data.train_characters} characters to learn from, ${first.data.validation_characters} to check with. Losses in nats a character.`,
    table(['Way to predict the next character', 'Loss'], [[`Chance among ${first.data.vocabulary.length} characters`, three(first.data.uniform_loss)], ['How frequent each is', three(unigramLoss(draft.text))], ['Letter pairs', three(first.data.bigram_loss)], ...draft.runs.map((run, index) => [`Run ${index + 1}`, three(run.data.final_loss)])]),
    table(['Run', 'Change', 'Steps', 'Rate', 'Context', 'Hidden', 'Start', 'End', 'Better than pairs'], draft.runs.map(({ settings, data, change }, index) => [index + 1, change ? CHANGE_WORDS[change] : 'as it began', settings.steps, settings.learning_rate, settings.context, settings.hidden, three(data.loss[0]?.validation ?? 0), three(data.final_loss), data.final_loss < data.bigram_loss ? 'yes' : 'no'])),
    stage === 'full' && section('The debug loop', draft.runs.flatMap((run, index) => (run.change ? [`**Before run ${index + 1}.** ${run.symptoms.map(oneLine).join(' ')} *Change:* ${CHANGE_WORDS[run.change].toLowerCase()}. *Reason given:* ${oneLine(run.reason)} *Effect:* ${three(draft.runs[index - 1]?.data.final_loss ?? 0)} → ${three(run.data.final_loss)}.`] : [])).join('\n\n') || 'No change was needed, or none was wanted.', 3),
    stage === 'full' && section('The fault that was put in', FAULT_WORDS[input.fault], 3),
    section('What the best run writes', `\`\`\`text\n${best.data.samples[0]?.replaceAll('`', "'").trim() ?? ''}\n\`\`\``, 3),
  ].filter(Boolean).join('\n\n');
}

function sizesText({ hardware, hours }: TinyGptLabInput): string {
  const chosen = sizeFor(hardware, hours);
  const time = (value: number): string => (value < 1 / 60 ? 'under a minute' : value < 1 ? `${Math.round(value * 60)} min` : value < 100 ? `${value.toFixed(1)} h` : `${Math.round(value / 24)} days`);
  return [
    table(['Size', 'Layers', 'Width', 'Context', 'Vocabulary', 'Parameters', 'Training'], LADDER.map((size) => [size === chosen ? `**${size.name}**` : size.name, size.layers, size.width, size.context, size.vocabulary, `${(parameters(size) / 1e6).toFixed(2)} million`, time(trainingHours(size, hardware))])),
    `Parameters are 12·L·d² + V·d + T·d; training is 6 operations a token and parameter for 20 tokens a parameter, at an assumed ${THROUGHPUT[hardware].flops.toExponential(0).replace('e+', 'e')} operations a second (${THROUGHPUT[hardware].title.toLowerCase()}). Measure your own and correct it. **${chosen.name}** is the largest that trains in ${Math.round(TRAINING_SHARE * 100)} % of your time, so that there is room to make mistakes.`,
  ].join('\n\n');
}

function rubric(request: Pick<RunRequest, 'provider'>, input: TinyGptLabInput, { exercises, rubric: rows }: Exercises, stage: Stage, remark: string | null): string {
  return page([
    `# Exercises and rubric: ${oneLine(input.goal)}`,
    stamps(request, stage, 'one exercise and one row.', remark),
    ...exercises.map((exercise, index) => section(`${index + 1}. ${exercise.title}`, `${oneLine(exercise.task)}\n\n**What has to come out:** ${oneLine(exercise.expected)}\n\n*About ${exercise.minutes} minutes*`)),
    section('Rubric', table(['What is judged', 'Weak (1)', 'Solid (2)', 'Strong (3)'], rows.map((row) => [row.title, row.weak, row.solid, row.strong]))),
    `Full marks are ${rows.length * 3} points. Give points only for what the lab book shows: a number, a curve or a line of code.`,
  ]);
}
