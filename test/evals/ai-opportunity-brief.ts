import { contains, csvRows, hasSections, recomputed, wordsBetween, writtenIn } from './runner/checks.ts';
import type { EvalCase, EvalCheck, EvalOutcome } from './runner/eval-case.ts';

interface Row { name: string; cases_a_year: number; minutes_a_case: number; cost_an_hour: number; cost_once?: number; cost_a_year?: number }
const given = (outcome: EvalOutcome) => outcome.inputs as { processes: Row[]; saving_percent: number; adoption_percent: number; years: number; discount_percent: number; default_cost_once: number; default_cost_a_year: number; budget: number; max_pilots: number };
/** Year by year, as a person would on paper. */
function presentValue(row: Row, inputs: ReturnType<typeof given>): number {
  const saving = row.cases_a_year * (row.minutes_a_case / 60) * row.cost_an_hour * (inputs.saving_percent / 100) * (inputs.adoption_percent / 100);
  let value = -(row.cost_once ?? inputs.default_cost_once);
  for (let year = 1; year <= inputs.years; year += 1) value += (saving - (row.cost_a_year ?? inputs.default_cost_a_year)) / (1 + inputs.discount_percent / 100) ** year;
  return Math.round(value);
}
const money: EvalCheck = recomputed('present value of each process', (outcome) => ({
  found: Object.fromEntries(csvRows(outcome, 'portfolio.csv').map((row) => [row['process'] ?? '', Number(row['present_value_expected'])])),
  expected: Object.fromEntries(given(outcome).processes.map((row) => [row.name, presentValue(row, given(outcome))])),
}));
const affordable: EvalCheck = {
  name: 'what is started fits budget and number of pilots, and pays as expected',
  check: (outcome) => {
    const chosen = csvRows(outcome, 'portfolio.csv').filter((row) => row['advice'] === 'start');
    const cost = chosen.reduce((sum, row) => sum + Number(row['cost_once']), 0);
    return [...(cost > given(outcome).budget ? [`${cost} is above the budget`] : []), ...(chosen.length > given(outcome).max_pilots ? [`${chosen.length} pilots`] : []), ...chosen.filter((row) => Number(row['present_value_expected']) <= 0 || Number(row['risk']) < 2 || Number(row['feasibility']) < 2).map((row) => `${row['process']} should not be started`)];
  },
};

export const cases: readonly EvalCase[] = [
  {
    name: 'an insurer with five processes', preset: 'insurer',
    checks: [hasSections('brief.md', 'Decision', 'Portfolio', 'Why', 'What would change this', 'The cases', 'How it was worked out', 'Sources', 'Recommended next steps'), wordsBetween('brief.md', 400, 2_500), writtenIn('brief.md', 'en'), contains('brief.md', 'In code and again by the calculator; both gave the same figures.'), money, affordable, hasSections('rehearsal.md', '1. ', 'Sources')],
  },
  { name: 'nothing is worth it', inputs: { organisation: 'A bakery with two shops and nine people', sector: 'retail', processes: [{ name: 'Order flour', cases_a_year: 50, minutes_a_case: 10, cost_an_hour: 30, check: 'quick', harm: 'low', data: 'ready' }], questions: 3 }, checks: [contains('brief.md', 'Start nothing as things stand.', 'do not pursue'), money, affordable] },
  { name: 'cautious, in pounds, without discount', preset: 'city', inputs: { currency: 'GBP', discount_percent: 0, years: 1 }, checks: [money, affordable, contains('brief.md', 'GBP')] },
  { name: 'an agent looks for the evidence, also on the web', preset: 'insurer', inputs: { evidence_from: ['web_search'] }, checks: [hasSections('brief.md', 'Evidence', 'Sources'), contains('brief.md', 'Looked for by an agent of its own choosing', 'library_search: '), money] },
];
