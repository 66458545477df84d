import { z } from 'zod';
import { parseBibtex } from '#contracts/bibtex';
import { contains, csvRows, fileOf, hasSections, jsonFits, recomputed, wordsBetween, writtenIn } from './runner/checks.ts';
import type { EvalCase, EvalOutcome } from './runner/eval-case.ts';

const count = z.int().min(0);
const Flow = z.object({ question: z.string(), queries: z.array(z.string()).min(1), counts: z.object({ records: count, duplicates: count, outside_years: count, over_limit: count, screened: count, split: count, excluded: count, included: count, undecided: count }) });
const counts = (outcome: EvalOutcome) => Flow.parse(JSON.parse(fileOf(outcome, 'flow.json'))).counts;

/** Flow, table of papers and references have to tell the same story. */
const addsUp = recomputed('the flow adds up', (outcome) => {
  const flow = counts(outcome);
  const rows = csvRows(outcome, 'screening.csv');
  return {
    found: { records: flow.records, screened: flow.screened, included: flow.included, excluded: flow.excluded },
    expected: { records: flow.duplicates + flow.outside_years + flow.over_limit + flow.screened, screened: rows.length, included: rows.filter((row) => row['outcome'] === 'include').length, excluded: rows.filter((row) => row['outcome'] === 'exclude').length },
  };
});

/** A sentence that passed the check stands in what the person gave. */
const quoted = {
  name: 'quotations stand in the records',
  check: (outcome: EvalOutcome): string[] => {
    const flat = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ');
    const given = flat(JSON.stringify(outcome.inputs['papers']) + String(outcome.inputs['papers_bib']));
    const rows = csvRows(outcome, 'included.csv').filter((row) => row['read'] === 'abstract' && row['quote_check'] === 'exact');
    return rows.length === 0 ? ['no row has a quotation that stands'] : rows.filter((row) => /table|bibtex/.test(row['found_in'] ?? '') && !given.includes(flat(row['quote'] ?? '').trim())).map((row) => `“${row['quote']}” is in no record`);
  },
};

export const cases: readonly EvalCase[] = [
  {
    name: 'feedback and tools, nobody answers', preset: 'feedback',
    checks: [
      quoted, hasSections('review.md', 'Sentences the rows rest on', 'Synthesis', 'Included papers', 'How the papers came in', 'How it was searched', 'Screening', 'Sources', 'Recommended next steps'),
      wordsBetween('review.md', 400, 4_000), writtenIn('review.md', 'en'), jsonFits('flow.json', Flow), addsUp,
      { name: 'refs.bib holds the included papers', check: (outcome) => { const { entries, problems } = parseBibtex(fileOf(outcome, 'refs.bib')); return problems.length > 0 || entries.length !== counts(outcome).included ? [`${entries.length} entries, ${problems.length} problems`] : []; } },
      { name: 'includes the paper that the question is about', realModelOnly: true, check: (outcome) => (csvRows(outcome, 'included.csv').some((row) => row['title']?.startsWith('Self-Refine')) ? [] : ['Self-Refine was left out']) },
    ],
  },
  {
    name: 'the person settles what the screeners differ on', preset: 'feedback', inputs: { registries: [] }, answers: { split: { include_ids: '' } },
    checks: [addsUp, contains('review.md', 'No registry was wanted.')],
  },
  {
    name: 'papers from an uploaded export', preset: 'list', inputs: { papers: [], papers_file: 'upload:papers' },
    uploads: { papers: { fileName: 'export.csv', content: 'Title,Authors,Publication Year,DOI,Abstract\nTools for language models,"Doe, Jane",2023,10.1234/tools,We let language models use external tools and measure what methods gain.\nTools for Language Models,Doe J,2023,,\nAn old paper about ships,Roe,1999,,Ships.\n' } },
    checks: [addsUp, recomputed('records of the file', (outcome) => { const { records, duplicates, outside_years } = counts(outcome); return { found: { records, duplicates, outside_years }, expected: { records: 3, duplicates: 1, outside_years: 1 } }; })],
  },
];
