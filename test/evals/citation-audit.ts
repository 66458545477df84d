import { parseBibtex } from '#contracts/bibtex';
import { contains, csvRows, fileOf, hasSections, recomputed, wordsBetween, writtenIn } from './runner/checks.ts';
import type { EvalCase } from './runner/eval-case.ts';

const BIB = `@article{first2020work, title = {A first study of quiet engines}, author = {First, Ann}, journal = {Journal of Engines}, year = {2020}, doi = {10.1234/quiet}, abstract = {The engine was 12.5% quieter than the old one. It ran for 300 hours.}}
@article{again2020work, title = {A First Study of Quiet Engines}, author = {First, Ann}, journal = {J. Engines}, year = {2020}}`;
const DRAFT = 'The engine was 12.5% quieter \\cite{first2020work}. It ran for 900 hours \\cite{first2020work}. As \\cite{again2020work} and \\cite{nobody1999} agree, it is loved.';

/** Keys of a draft, read here by a pattern of our own. */
const citedKeys = (draft: string): string[] => [...new Set([...draft.matchAll(/\\cite\{([^}]+)\}/g)].flatMap((match) => (match[1] ?? '').split(',')))];

export const cases: readonly EvalCase[] = [
  {
    name: 'planted faults of a related-work section', preset: 'transformers',
    checks: [
      hasSections('report.md', 'What to repair first', 'Findings', 'References', 'Claims held against their sources', 'Corrections in fixed.bib', 'Sources', 'Recommended next steps'),
      wordsBetween('report.md', 300, 2_500), writtenIn('report.md', 'en'),
      contains('report.md', 'Not ready', 'lewis2020rag', '43.9', 'a new universal model of human language understanding'),
      { name: 'fixed.bib reads whole and holds no duplicate', check: (outcome) => { const { entries, problems } = parseBibtex(fileOf(outcome, 'fixed.bib')); return [...problems.map(({ message }) => message), ...(entries.some(({ key }) => key === 'yao2022react') ? ['yao2022react is still there'] : [])]; } },
      recomputed('times a reference is cited', (outcome) => ({
        found: Object.fromEntries(csvRows(outcome, 'audit.csv').map((row) => [row['key'] ?? '', Number(row['times_cited'])])),
        // Each \cite of this draft stands in a sentence of its own.
        expected: Object.fromEntries(csvRows(outcome, 'audit.csv').map((row) => [row['key'] ?? '', [...String(outcome.inputs['draft_text']).matchAll(/\\cite\{([^}]+)\}/g)].filter((match) => match[1] === row['key']).length])),
      })),
    ],
  },
  {
    name: 'a figure that the source does not hold, and a key that nobody has', inputs: { draft_text: DRAFT, bib_text: BIB, sources: [], checks: ['support'] },
    checks: [
      contains('report.md', '900', 'nobody1999', 'are the same work'),
      { name: 'every cited key is told of', check: (outcome) => citedKeys(DRAFT).filter((key) => !fileOf(outcome, 'claims.csv').includes(key)).map((key) => `${key} is missing`) },
    ],
  },
  {
    name: 'uploaded draft, bibliography and source', preset: 'thesis',
    inputs: { draft_file: 'upload:draft', bib_file: 'upload:bib', source_files: ['upload:source'] },
    uploads: { draft: { fileName: 'draft.tex', content: DRAFT }, bib: { fileName: 'refs.bib', content: BIB }, source: { fileName: 'again2020work.txt', content: 'The engine is quiet. It ran for 300 hours and is loved by all who heard it.' } },
    checks: [
      contains('report.md', 'nobody1999', '900'),
      { name: 'the files were read in place of the pasted texts', check: (outcome) => (csvRows(outcome, 'audit.csv').map((row) => row['key']).join() === 'first2020work,again2020work' ? [] : ['other references were audited']) },
      { name: 'the uploaded source was matched by its name', check: (outcome) => (csvRows(outcome, 'audit.csv').find((row) => row['key'] === 'again2020work')?.['text_available'] === 'true' ? [] : ['it was not']) },
    ],
  },
  { name: 'where the registries end', preset: 'transformers', inputs: { look_further: ['fetch_url', 'web_search'] }, checks: [hasSections('report.md', 'References', 'Recommended next steps')] },
];
