import { contains, csvRows, fileOf, hasSections, recomputed, wordsBetween, writtenIn } from './runner/checks.ts';
import type { EvalCase, EvalCheck, EvalOutcome } from './runner/eval-case.ts';

const flat = (text: string): string => text.replace(/\s+/g, ' ').trim();
const paperOf = (outcome: EvalOutcome): string => flat(String(outcome.inputs['paper_text']));

/** What the file calls word for word stands in the paper, looked up here once more. */
const quotationsStand: EvalCheck = {
  name: 'quotations called word for word stand in the paper',
  check: (outcome) => csvRows(outcome, 'claims.csv').filter((row) => row['match'] === 'exact' && !paperOf(outcome).includes(flat(row['quotation'] ?? ''))).map((row) => `“${row['quotation']}” does not stand in it`),
};
/** Share of quotations that were found: the playbook asks again for those that were not. */
const mostFound: EvalCheck = { name: 'at least three of four quotations were found', check: (outcome) => { const rows = csvRows(outcome, 'claims.csv'); const found = rows.filter((row) => row['match'] !== 'none').length; return found >= rows.length * 0.75 ? [] : [`${found} of ${rows.length}`]; } };

const PAPER = 'Abstract\nWe measured how long bread stays soft. Bread with 2 % rye flour stayed soft for 4 days, and bread without it for 3 days. We baked 40 loaves of each kind.\n\n1 Method\nA needle was pressed into every loaf each morning. A loaf counts as soft below 5 newton.\n\n2 Results\nTable 1: Days until hard, mean of 40 loaves. With rye: 4.1. Without: 3.2.\nTable 1 shows a difference of 0.9 days.\n\n3 Limitations\nOnly one oven was used. Nobody tasted the bread.';

export const cases: readonly EvalCase[] = [
  {
    name: 'a lab report, all of it', preset: 'lab_report',
    checks: [
      hasSections('explainer.md', 'For a newcomer', 'For a student of the field', 'For somebody who works with it', 'What it claims', 'Figures and tables in words', 'Map of the paper', 'Self-test', 'Sources', 'Recommended next steps'),
      wordsBetween('explainer.md', 500, 4_000), writtenIn('explainer.md', 'en'), quotationsStand, mostFound,
      recomputed('claims asked for', (outcome) => ({ found: { claims: csvRows(outcome, 'claims.csv').length }, expected: { claims: Number(outcome.inputs['claims']) } })),
      { name: 'words of the sections are those of the paper', check: (outcome) => { const words = Number(/(\d+) words\.\*/.exec(fileOf(outcome, 'explainer.md'))?.[1]); const all = paperOf(outcome).split(' ').length; return words > all * 0.9 && words <= all ? [] : [`${words} words of ${all}`]; } },
    ],
  },
  {
    name: 'German for a practitioner, strict quotations', inputs: { paper_text: PAPER, reader_level: 'practitioner', language: 'German', claims: 3, min_similarity: 100, self_test_questions: 2 },
    checks: [quotationsStand, mostFound, contains('explainer.md', 'Table 1', '## For somebody who works with it'), { ...writtenIn('explainer.md', 'de'), realModelOnly: true }],
  },
  { name: 'an upload', inputs: { source: 'upload', paper_file: 'upload:paper', claims: 3, self_test_questions: 2 }, uploads: { paper: { fileName: 'bread.md', content: PAPER.replaceAll(/^(Abstract|\d .+)$/gm, '## $1') } }, checks: [contains('explainer.md', 'Limitations', 'upload'), contains('claims.csv', /word|exact/)] },
];
