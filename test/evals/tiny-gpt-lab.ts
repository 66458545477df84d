import { contains, csvRows, fileOf, hasSections, recomputed, wordsBetween } from './runner/checks.ts';
import type { EvalCase, EvalCheck } from './runner/eval-case.ts';

/** Letter pairs counted here once more, over the text that the run hands out: nine tenths to count, the rest to measure. */
function pairLoss(text: string): number {
  const letters = Array.from(text);
  const kinds = new Set(letters).size;
  const cut = Math.floor(letters.length * 0.9);
  const [pairs, firsts] = [new Map<string, number>(), new Map<string, number>()];
  for (let at = 1; at < cut; at += 1) {
    const [left = '', right = ''] = [letters[at - 1], letters[at]];
    pairs.set(`${left}${right}`, (pairs.get(`${left}${right}`) ?? 0) + 1);
    firsts.set(left, (firsts.get(left) ?? 0) + 1);
  }
  let sum = 0;
  for (let at = cut; at < letters.length; at += 1) sum -= Math.log(((pairs.get(`${letters[at - 1]}${letters[at]}`) ?? 0) + 1) / ((firsts.get(letters[at - 1] ?? '') ?? 0) + kinds));
  return sum / (letters.length - cut);
}
const baselines: EvalCheck = recomputed('chance and letter pairs', (outcome) => {
  const [row] = csvRows(outcome, 'run.csv');
  const text = fileOf(outcome, 'corpus.txt');
  return { found: { pairs: Number(row?.['letter_pairs']), chance: Number(row?.['chance']) }, expected: { pairs: pairLoss(text), chance: Math.log(new Set(text).size) } };
});
const learns: EvalCheck = { name: 'the last run ends lower than the first', check: (outcome) => { const ends = csvRows(outcome, 'run.csv').reduce<Record<string, number>>((last, row) => ({ ...last, [row['run'] ?? '']: Number(row['validation_loss']) }), {}); const all = Object.values(ends); return (all.at(-1) ?? 9) <= (all[0] ?? 0) ? [] : [all.join(' → ')]; } };

export const cases: readonly EvalCase[] = [
  {
    name: 'a rate that is too small is found', preset: 'find_the_fault',
    checks: [hasSections('lab.md', 'Milestones', 'Code, as it was run', 'Training runs', 'The debug loop', 'Reading of the losses', 'Which GPT your hardware can train', 'Sources', 'Recommended next steps'), hasSections('rubric.md', 'Rubric'), wordsBetween('lab.md', 500, 5_000), contains('lab.md', '**Before run 2.**', '360 minutes in all'), contains('lab.mjs', "readFileSync(new URL('corpus.txt', import.meta.url)"), baselines, learns],
  },
  { name: 'own text, one run', preset: 'own_text', inputs: { fault: 'none', debug_rounds: 0, steps: 40, hidden: 16 }, checks: [contains('lab.md', 'No change was needed, or none was wanted.', '180 minutes in all'), baselines] },
];
