import { z } from 'zod';
import { contains, fileOf, hasSections, jsonFits, recomputed, wordsBetween } from './runner/checks.ts';
import { parseCsv } from '#test/support/parse-csv';
import type { EvalCase, EvalOutcome } from './runner/eval-case.ts';

const Contract = z.object({
  version: z.string(), purpose: z.string().min(1), use: z.enum(['reporting', 'training', 'scoring', 'sharing']), simulated: z.boolean(), key: z.string().nullable(),
  fields: z.array(z.object({ name: z.string(), type: z.string(), required: z.boolean(), personal_data: z.array(z.string()), description: z.string().nullable() })).min(1),
  rules: z.array(z.object({ id: z.string(), severity: z.string() })).min(1),
  evidence: z.object({ rows: z.int(), passed: z.int(), failed: z.int(), results: z.array(z.object({ id: z.string(), outcome: z.enum(['passed', 'failed', 'error']), checked: z.int(), violations: z.int() })) }),
});
const contract = (outcome: EvalOutcome): z.infer<typeof Contract> => Contract.parse(JSON.parse(fileOf(outcome, 'contract.json')));

/** Rows, rules and required fields of the contract, counted here once more. */
const counted = (csv: (outcome: EvalOutcome) => string) => recomputed('rows, rules and filled columns', (outcome) => {
  const [header = [], ...rows] = parseCsv(csv(outcome).trim());
  const { evidence, fields } = contract(outcome);
  return {
    found: { rows: evidence.rows, passed: evidence.passed, failed: evidence.failed, columns: fields.length, filled: fields.filter(({ required }) => required).length },
    expected: {
      rows: rows.length, columns: header.length, filled: header.filter((_, column) => rows.every((row) => (row[column] ?? '') !== '')).length,
      // A rule that allows some empty cells holds although rows break it.
      passed: evidence.results.filter(({ outcome: held }) => held === 'passed').length, failed: evidence.results.filter(({ outcome: held, violations }) => held === 'failed' && violations > 0).length,
    },
  };
});

const READINGS = `id,station,celsius\n${Array.from({ length: 50 }, (_, index) => `${index + 1},${index % 2 ? 'east' : 'west'},${index === 17 ? '' : ((index * 7) % 23) + 0.5}`).join('\n')}\n`;

export const cases: readonly EvalCase[] = [
  {
    name: 'churn training data', preset: 'churn',
    checks: [
      hasSections('profile.md', 'Findings', 'What it means for the use', 'Columns', 'What the columns mean', 'Rules, tried on the data', 'Sources', 'Recommended next steps'),
      wordsBetween('profile.md', 200, 2_500), jsonFits('contract.json', Contract), counted(({ inputs }) => String(inputs['data_csv'])),
      { name: 'personal data is found', check: (outcome) => (contract(outcome).fields.find(({ name }) => name === 'email')?.personal_data.includes('email') ? [] : ['the column email is not marked']) },
    ],
  },
  {
    name: 'readings from a file', inputs: { purpose: 'Weekly report of station readings', use: 'reporting', data_file: 'upload:readings' }, uploads: { readings: { fileName: 'readings.csv', content: READINGS } },
    checks: [jsonFits('contract.json', Contract), counted(() => READINGS), contains('profile.md', '50 rows, 3 columns', 'celsius')],
  },
  { name: 'an address that cannot be read', preset: 'churn', inputs: { data_url: 'http://127.0.0.1:9/table.csv' }, checks: [contains('profile.md', 'The address was not read, so this is about the pasted rows')] },
];
