import { promptOptimiserDefinition } from '#workflows/catalog/prompt-optimiser/definition';
import { coinP } from './runner/by-hand.ts';
import { contains, csvRows, fileOf, hasSections, recomputed, wordsBetween, writtenIn } from './runner/checks.ts';
import type { EvalCase, EvalCheck, EvalOutcome } from './runner/eval-case.ts';

interface Asked { prompt: string; id: string; answer: string }
interface Regression { prompt: string; must_pass: string[]; cases: { id: string; set: 'development' | 'held_back'; text: string; expected: string; right: boolean | null }[] }
const inputsOf = ({ inputs }: EvalOutcome) => promptOptimiserDefinition.input.parse(inputs);
const regression = (outcome: EvalOutcome): Regression => JSON.parse(fileOf(outcome, 'regress.json')) as Regression;
const flat = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Every answer of one step of the Full stage, as the step's own record holds it. */
function answersOf(outcome: EvalOutcome, step: RegExp): Asked[] {
  const records = Object.entries(outcome.files).filter(([fileName]) => fileName.startsWith('steps/')).map(([, text]) => JSON.parse(text) as { stage: string; step: string; completions: { prompt: { role: string; content: string }[]; response: string }[] });
  return records.filter((record) => record.stage === 'full' && step.test(record.step)).flatMap(({ completions }) => completions.map(({ prompt, response }) => {
    const asked = prompt.at(-1)?.content ?? '';
    return { prompt: flat(asked.slice(asked.lastIndexOf('Task: ') + 6)), id: /<material id="(case\d+)"/.exec(asked)?.[1] ?? '', answer: response.replace(/\[case\d+\]/g, ' ') };
  }));
}

/** Right by the person's own choice of metric and length. */
function isRight(outcome: EvalOutcome, answer: string, expected: string): boolean {
  const { metric, max_words: most } = inputsOf(outcome);
  if (most > 0 && (answer.match(/\S*[\p{L}\p{N}]\S*/gu) ?? []).length > most) return false;
  if (metric === 'number') return Math.abs(Number((/\d[\d,]*(?:\.\d+)?/.exec(answer)?.[0] ?? 'none').replaceAll(',', '')) / Number(expected) - 1) <= 0.01;
  return metric === 'exact' ? flat(answer).toLowerCase() === expected.toLowerCase() : flat(answer).toLowerCase().includes(expected.toLowerCase());
}
const hitsOf = (outcome: EvalOutcome, prompt: string, step: RegExp): number => answersOf(outcome, step).filter((asked) => asked.prompt === flat(prompt) && isRight(outcome, asked.answer, regression(outcome).cases.find(({ id }) => id === asked.id)?.expected ?? '—')).length;

/** Right answers of every try on the development cases, from the answers themselves. */
const triesRecounted = recomputed('right answers of every try', (outcome) => {
  const tries = csvRows(outcome, 'history.csv');
  return {
    found: Object.fromEntries(tries.flatMap((row) => [[`${row['try']} right`, Number(row['right'])], [`${row['try']} accuracy`, Number(row['accuracy'])]])),
    expected: Object.fromEntries(tries.flatMap((row) => { const hits = hitsOf(outcome, row['prompt'] ?? '', /^(baseline|score-\d+)$/); return [[`${row['try']} right`, hits], [`${row['try']} accuracy`, hits / regression(outcome).cases.filter(({ set }) => set === 'development').length]]; })),
  };
});

/** The prompt that is handed over, on what was held back, from the answers themselves. */
const heldBack = recomputed('right answers on what was held back', (outcome) => {
  const { prompt, cases } = regression(outcome);
  return { found: { right: cases.filter(({ set, right }) => set === 'held_back' && right).length }, expected: { right: hitsOf(outcome, prompt, /^holdout$/) } };
});

const fairSplit: EvalCheck = {
  name: 'held back cases are as many as wanted, and no round sees them',
  check: (outcome) => {
    const { examples, holdout_percent: share } = inputsOf(outcome);
    const { cases } = regression(outcome);
    const held = cases.filter(({ set }) => set === 'held_back');
    const seen = new Set(answersOf(outcome, /^(baseline|score-\d+)$/).map(({ id }) => id));
    return [
      ...(held.length === Math.round((cases.length * share) / 100) ? [] : [`${held.length} of ${cases.length} are held back, not ${share} %`]),
      ...(examples.every(({ text }) => cases.some((each) => each.text === text)) ? [] : ['an example is missing']),
      ...held.filter(({ id }) => seen.has(id)).map(({ id }) => `${id} was tuned on`),
    ];
  },
};

const search: EvalCheck = {
  name: 'each kept try gains, differences are tested, the budget holds',
  check: (outcome) => {
    const tries = csvRows(outcome, 'history.csv');
    const kept = tries.filter((row) => row['kept'] === 'true').map((row) => Number(row['right']));
    const calls = answersOf(outcome, /^(baseline|score-\d+|holdout)$/).length;
    return [
      ...(kept.every((right, at) => at === 0 || right > (kept[at - 1] ?? 0)) ? [] : [`kept tries have ${kept.join(', ')} right`]),
      ...tries.slice(1).filter((row) => Math.abs(Number(row['p_against_start']) - coinP(Number(row['gained']), Number(row['lost']))) > 1e-9 || Number(row['gained']) - Number(row['lost']) !== Number(row['right']) - Number(tries[0]?.['right'])).map((row) => `try ${row['try']}: gained, lost and p do not fit`),
      ...(calls <= inputsOf(outcome).call_budget ? [] : [`${calls} answers were asked for`]),
      ...(fileOf(outcome, 'prompt.md').includes(`${calls} answers were asked for`) ? [] : [`the report does not say ${calls} answers`]),
    ];
  },
};
const always = [triesRecounted, heldBack, fairSplit, search];

const FILE = `text,expected\n${['BX-11', 'BX-12', 'BX-13', 'BX-14'].map((box, at) => `"The parcel left on ${at + 2} May. It is box ${box} on the second shelf.",${box}`).join('\n')}\n`;
const BOXES = ['BX-21', 'BX-22', 'BX-23', 'BX-24'].map((expected) => ({ text: `Please look for box ${expected}. It was packed by the night shift and is heavier than the others.`, expected }));

/** Every judged pair was heard in both orders, and a verdict that turned is nobody's. */
const judged: EvalCheck = {
  name: 'a judge heard both orders',
  check: (outcome) => { const text = fileOf(outcome, 'prompt.md'); return /On what was held back/.test(text) && !/A judge on what was held back[^]*places swapped/.test(text) ? ['the judge is missing'] : []; },
};

export const cases: readonly EvalCase[] = [
  {
    name: 'invoice numbers, short', preset: 'invoices',
    checks: [hasSections('prompt.md', 'Result', 'The prompt', 'Reading', 'On what was held back', 'Every try', 'Method', 'Sources', 'Recommended next steps'), wordsBetween('prompt.md', 200, 2_000), writtenIn('prompt.md', 'en'), judged, ...always],
  },
  { name: 'fees as a number', preset: 'fees', checks: [...always, contains('prompt.md', '## What still fails')] },
  {
    name: 'more examples from a file, and a sentence that has to stay',
    inputs: { start_prompt: 'Say in 90 words what the note is about.', must_keep: 'Never guess.', examples: BOXES, examples_file: 'upload:boxes', max_words: 25, strategies: ['limit', 'format'], candidates: 2, rounds: 1 },
    uploads: { boxes: { fileName: 'boxes.csv', content: FILE } },
    checks: [
      ...always, contains('prompt.md', '4 examples came from the file'),
      { name: 'every prompt keeps the sentence', check: (outcome) => csvRows(outcome, 'history.csv').filter((row) => !row['prompt']?.includes('Never guess.')).map((row) => `try ${row['try']} lost it`) },
      recomputed('cases', (outcome) => ({ found: { cases: regression(outcome).cases.length }, expected: { cases: 8 } })),
    ],
  },
  {
    name: 'examples that no prompt can get right', preset: 'invoices', inputs: { examples: BOXES.map(({ text }, at) => ({ text, expected: `nobody wrote ${at}` })), rounds: 1 },
    checks: [triesRecounted, fairSplit, contains('prompt.md', '# Prompt: keep the one you have'), { name: 'the prompt stays as it was', check: (outcome) => (regression(outcome).prompt === inputsOf(outcome).start_prompt && regression(outcome).must_pass.length === 0 ? [] : ['another prompt is handed over']) }],
  },
];
