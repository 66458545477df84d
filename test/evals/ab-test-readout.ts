import { abTestReadoutDefinition } from '#workflows/catalog/ab-test-readout/definition';
import { parseCsv } from '#test/support/parse-csv';
import { chiSquare2P, exactP, holmP, mean, normalP, sum, variance, zFor } from './runner/by-hand.ts';
import { contains, csvRows, hasSections, recomputed, wordsBetween, writtenIn } from './runner/checks.ts';
import type { EvalCase, EvalCheck, EvalOutcome } from './runner/eval-case.ts';

type Row = Record<string, string>;
const inputsOf = ({ inputs }: EvalOutcome) => abTestReadoutDefinition.input.parse(inputs);
function rowsOf(csv: string): Row[] {
  const [header = [], ...rows] = parseCsv(csv.trim());
  return rows.map((cells) => Object.fromEntries(header.map((name, column) => [name, cells[column] ?? ''])));
}
const given = (outcome: EvalOutcome): Row[] => rowsOf(inputsOf(outcome).results_csv);
const rowsIn = (outcome: EvalOutcome, kind: string): Row[] => csvRows(outcome, 'tables.csv').filter((row) => row['table'] === kind);
const figuresOf = (row: Row | undefined, ...columns: string[]): Record<string, number> => Object.fromEntries(columns.map((column) => [column, Number(row?.[column])]));

/** People of each variant, and the chi-square test of an even split. */
const evenSplit = (people: (outcome: EvalOutcome) => Record<string, number>): EvalCheck => recomputed('people and sample ratio', (outcome) => {
  const counts = people(outcome);
  const each = mean(Object.values(counts));
  const statistic = sum(Object.values(counts).map((count) => (count - each) ** 2 / each));
  const p = Object.keys(counts).length === 2 ? normalP(Math.sqrt(statistic)) : chiSquare2P(statistic);
  return {
    found: Object.fromEntries(rowsIn(outcome, 'people').flatMap((row) => [[`${row['variant']} people`, Number(row['people_variant'])], [`${row['variant']} p`, Number(row['p'])]])),
    expected: Object.fromEntries(Object.entries(counts).flatMap(([name, count]) => [[`${name} people`, count], [`${name} p`, p]])),
  };
});
const counted = (rows: readonly Row[], by: string, of: string): Record<string, number> => Object.fromEntries([...new Set(rows.map((row) => row[by] ?? ''))].map((name) => [name, sum(rows.filter((row) => row[by] === name).map((row) => Number(row[of])))]));

/** Difference of two shares with its interval (each share with its own variance) and p (variance pooled). */
function twoShares(yesA: number, nA: number, yesB: number, nB: number, confidence: number): Record<'difference' | 'low' | 'high' | 'p', number> {
  const [a, b, pooled] = [yesA / nA, yesB / nB, (yesA + yesB) / (nA + nB)];
  const half = zFor(confidence) * Math.sqrt((a * (1 - a)) / nA + (b * (1 - b)) / nB);
  return { difference: a - b, low: a - b - half, high: a - b + half, p: normalP((a - b) / Math.sqrt(pooled * (1 - pooled) * (1 / nA + 1 / nB))) };
}

/** The effect and every segment of a table of totals with one treatment, and the decision that follows from them. */
const totals = (control: string, treatment: string): EvalCheck => recomputed('effect, segments and their correction', (outcome) => {
  const { outcome_column: yes, people_column: people, segment_columns: segments } = inputsOf(outcome);
  const test = (rows: readonly Row[]) => { const [n, k] = [counted(rows, 'variant', people), counted(rows, 'variant', yes)]; return twoShares(k[treatment] ?? 0, n[treatment] ?? 0, k[control] ?? 0, n[control] ?? 0, 0.95); };
  const parts = segments.flatMap((column) => [...new Set(given(outcome).map((row) => row[column] ?? ''))].map((value) => ({ name: `${column} ${value}`, ...test(given(outcome).filter((row) => row[column] === value)) })));
  const corrected = holmP(parts.map(({ p }) => p));
  const named = (name: string, figures: Record<string, number>): [string, number][] => Object.entries(figures).map(([key, value]) => [`${name} ${key}`, value]);
  const columns = ['difference', 'low', 'high', 'p'];
  return {
    found: Object.fromEntries([...named('all', figuresOf(rowsIn(outcome, 'effect')[0], ...columns)), ...rowsIn(outcome, 'segment').flatMap((row) => named(row['segment'] ?? '', figuresOf(row, ...columns, 'p_corrected')))]),
    expected: Object.fromEntries([...named('all', test(given(outcome))), ...parts.flatMap(({ name, difference, low, high, p }, at) => named(name, { difference, low, high, p, p_corrected: corrected[at] ?? NaN }))]),
  };
});

/** Means of a table with one row a person; a bootstrap has to lie where the normal interval of the means lies. */
const means = recomputed('means and their difference', (outcome) => {
  const values = (name: string): number[] => given(outcome).filter((row) => row['variant'] === name).map((row) => Number(row['minutes_to_first_project']));
  const [a, b] = [values('A'), values('B')];
  return { found: figuresOf(rowsIn(outcome, 'effect')[0], 'value_control', 'value_variant', 'difference', 'relative_change'), expected: { value_control: mean(a), value_variant: mean(b), difference: mean(b) - mean(a), relative_change: (mean(b) - mean(a)) / mean(a) } };
});
const plausibleInterval: EvalCheck = {
  name: 'the resampled interval is about as wide as the normal one',
  check: (outcome) => {
    const values = (name: string): number[] => given(outcome).filter((row) => row['variant'] === name).map((row) => Number(row['minutes_to_first_project']));
    const { low = NaN, high = NaN, difference = NaN } = figuresOf(rowsIn(outcome, 'effect')[0], 'low', 'high', 'difference');
    // Two looks: the level of 5 % is halved.
    const wide = 2 * zFor(0.975) * Math.sqrt(variance(values('A')) / 60 + variance(values('B')) / 60);
    return low < difference && difference < high && Math.abs((high - low) / wide - 1) < 0.15 ? [] : [`${low} to ${high} around ${difference}; the normal one is ${wide} wide`];
  },
};

/** One row a person, twenty in each of three variants: too few for the normal test. Nobody stands in it twice. */
const SMALL = `person,variant,done\n${[['old', 2], ['short', 11], ['long', 3]].flatMap(([variant, yes]) => Array.from({ length: 20 }, (_, at) => `${String(variant)}${at},${String(variant)},${at < Number(yes) ? 'yes' : 'no'}`)).join('\n')}\n`;
/** The same with two people who met both: the read-out is worth nothing. */
const CROSSED = `${SMALL}short1,old,yes\nshort2,old,yes\n`;
const YES_NO = { hypothesis: 'Because it asks for less, more people finish the short form than the old one.', results_csv: 'variant,done\nold,no\nshort,yes', results_file: 'upload:people', row_kind: 'yes_no', outcome_column: 'done', unit_column: 'person', control_name: 'old', smallest_effect_percent: 10 };
const peopleIn = (csv: string) => (): Record<string, number> => counted(rowsOf(csv).map((row) => ({ ...row, one: '1' })), 'variant', 'one');

export const cases: readonly EvalCase[] = [
  {
    name: 'totals by device and country', preset: 'checkout',
    checks: [
      hasSections('decision.md', 'Decision', 'Reasoning', 'People and split', 'Effect on orders', 'Segments', 'Guardrails', 'Checks of the sceptic', 'Objections', 'Method', 'Sources', 'Recommended next steps'),
      wordsBetween('decision.md', 400, 2_500), writtenIn('decision.md', 'en'), contains('decision.md', '# Ship it: one_page', 'gave no answer in time'),
      evenSplit((outcome) => counted(given(outcome), 'variant', 'visitors')), totals('control', 'one_page'),
    ],
  },
  { name: 'one row a person with a long tail', preset: 'onboarding', checks: [evenSplit(() => ({ A: 60, B: 60 })), means, plausibleInterval, contains('decision.md', '# Keep it running: B', 'All 120 people met one variant')] },
  {
    name: 'a broken split is not read out, whatever the outcome says', preset: 'broken',
    checks: [evenSplit((outcome) => counted(given(outcome), 'variant', 'visitors')), totals('old_form', 'short_form'), contains('decision.md', '# Repair the experiment first', '**does not fit** the plan', 'must not be used for a decision')],
  },
  {
    name: 'uploaded people in three variants; the owner decides otherwise', inputs: YES_NO, uploads: { people: { fileName: 'people.csv', content: SMALL } },
    answers: { decision: { decision: 'keep_running', reason: 'Sixty people are too few for us.' } },
    checks: [
      evenSplit(peopleIn(SMALL)),
      recomputed('exact tests, corrected for two comparisons', (outcome) => {
        const exact = { short: exactP(11, 20, 2, 20), long: exactP(3, 20, 2, 20) };
        const [short = NaN, long = NaN] = holmP([exact.short, exact.long]);
        return { found: Object.fromEntries(rowsIn(outcome, 'effect').flatMap((row) => [[`${row['variant']} p`, Number(row['p'])], [`${row['variant']} corrected`, Number(row['p_corrected'])]])), expected: { 'short p': exact.short, 'long p': exact.long, 'short corrected': short, 'long corrected': long } };
      }),
      contains('decision.md', '# Keep it running: short', 'By rule: Ship it', 'The owner decided otherwise: Keep it running, because: Sixty people are too few for us', 'Fisher'),
    ],
  },
  { name: 'people who met two variants', inputs: { ...YES_NO, ask_owner: false }, uploads: { people: { fileName: 'people.csv', content: CROSSED } }, checks: [contains('decision.md', '# Repair the experiment first', '2 people of 60 met more than one variant')] },
];
