import { parse as parseYaml } from 'yaml';
import { checkCitations } from '#contracts/citations';
import type { CatalogEntry } from '#contracts/catalog.schema';
import { parseCsv } from '#test/support/parse-csv';
import type { EvalCheck, EvalOutcome } from './eval-case.ts';

/** What every run of every workflow has to hold. */
const PLATFORM_FILES = new Set(['trace.json', 'logs.txt', 'metadata.json', 'evidence.json']);
const ownFiles = ({ files }: EvalOutcome): [string, string][] => Object.entries(files).filter(([fileName]) => !PLATFORM_FILES.has(fileName) && !fileName.startsWith('steps/'));
const markdown = (outcome: EvalOutcome): [string, string][] => ownFiles(outcome).filter(([fileName]) => fileName.endsWith('.md'));

export const genericChecks = (entry: CatalogEntry): EvalCheck[] => [
  {
    name: 'ends well',
    check: ({ view }) => [
      ...(view.status === 'completed' ? [] : [`the run is ${view.status}${view.error ? `: ${view.error.detail}` : ''}`]),
      ...view.stages.filter((stage) => stage.status !== 'passed').map((stage) => `the ${stage.stage} stage is ${stage.status}${stage.cap ? ` at its cap of ${stage.cap}` : ''}`),
    ],
  },
  {
    name: 'promised files',
    check: (outcome) => {
      const [main] = Object.values(entry.artifacts);
      const promised = new Set(Object.values(entry.artifacts).map(({ fileName }) => fileName));
      const base = (fileName: string): string => fileName.replace(/^test\//, '');
      return [
        ...(main && outcome.files[main.fileName] === undefined ? [`${main.fileName} is missing`] : []),
        ...ownFiles(outcome).filter(([fileName]) => !promised.has(base(fileName)) && !/^(notes\.html|notes-print\.html)$/.test(base(fileName))).map(([fileName]) => `${fileName} is not a file that the definition names`),
      ];
    },
  },
  { name: 'formats', check: (outcome) => ownFiles(outcome).flatMap(([fileName, text]) => formatProblems(fileName, text)) },
  { name: 'citations resolve', check: (outcome) => markdown(outcome).flatMap(([fileName, text]) => unresolved(outcome, text).map((id) => `${fileName} cites [${id}], which this run never read`)) },
  { name: 'no leftovers', check: (outcome) => ownFiles(outcome).flatMap(([fileName, text]) => [...new Set(withoutCode(text).match(/\bundefined\b|\[object Object\]|\bNaN\b|[Ll]orem ipsum|\*\*Unresolved:\*\*/g))].map((found) => `${fileName} holds ${found}`)) },
  {
    name: 'stamp',
    check: (outcome) => markdown(outcome).filter(([, text]) => text.includes('**DEMO**') !== (outcome.provider === 'demo')).map(([fileName]) => (outcome.provider === 'demo' ? `${fileName} does not say that the demo provider made it` : `${fileName} says DEMO of a real model`)),
  },
  { name: 'headline', check: ({ view }) => (view.headline === null || view.headline === 'All done.' ? ['the run does not say in a sentence what came out'] : []) },
  {
    name: 'inside the plan',
    check: ({ view, inputs }) => view.stages.flatMap(({ stage, steps }) => {
      if (stage === 'validate') return [];
      const planned = entry.plan(entry.input.parse(inputs), stage).reduce((sum, call) => sum + call.maxOutputTokens * call.repeat, 0);
      const asked = steps.flatMap(({ completions }) => completions).reduce((sum, { maxOutputTokens }) => sum + maxOutputTokens, 0);
      return asked <= planned ? [] : [`the ${stage} stage asked for ${asked} tokens, planned are ${planned}`];
    }),
  },
  { name: 'next steps', check: (outcome) => (markdown(outcome).some(([, text]) => /^#{2,3} .*next steps/im.test(text)) ? [] : ['no file recommends next steps']) },
];

function formatProblems(fileName: string, text: string): string[] {
  const wrong = (why: string): string[] => [`${fileName}: ${why}`];
  if (text.trim() === '') return wrong('is empty');
  try {
    if (fileName.endsWith('.json')) JSON.parse(text);
    else if (/\.ya?ml$/.test(fileName)) return typeof parseYaml(text) === 'object' ? [] : wrong('is no YAML document');
    else if (fileName.endsWith('.csv')) return csvProblems(parseCsv(text)).flatMap(wrong);
    else if (fileName.endsWith('.svg')) return /^<svg [^]*<\/svg>\s*$/.test(text) ? [] : wrong('is no SVG');
    else if (fileName.endsWith('.md')) return /^# \S/.test(text) ? [] : wrong('does not begin with a title');
    else if (fileName.endsWith('.bib')) return (text.match(/\{/g) ?? []).length === (text.match(/\}/g) ?? []).length ? [] : wrong('has braces that do not match');
    return [];
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
}

function csvProblems(rows: string[][]): string[] {
  const width = rows[0]?.length;
  return [
    ...(rows.length < 2 ? ['has no rows'] : []),
    ...rows.flatMap((row, index) => (row.length === width ? [] : [`line ${index + 1} has ${row.length} cells, not ${width}`])),
    ...rows.flat().filter((cell) => /^\s*[=+@]|^\s*-\D|^[\t\r\n]/.test(cell)).map((cell) => `a spreadsheet would run ${JSON.stringify(cell.slice(0, 40))}`),
  ];
}

/** Cited ids that stand neither in a list of sources nor in what a tool gave back. */
function unresolved(outcome: EvalOutcome, text: string): string[] {
  const listed = markdown(outcome).flatMap(([, each]) => [...each.matchAll(/^\s*[-*] \[([^\]\n]+)\]/gm)].map(([, id = '']) => id));
  return checkCitations(text, [...outcome.itemIds, ...listed]).unresolved;
}

const withoutCode = (text: string): string => text.replace(/^(```|~~~)[\s\S]*?^\1[^\S\n]*$/gm, '').replace(/`[^`\n]*`/g, '');
