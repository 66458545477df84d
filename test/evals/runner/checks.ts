import type { z } from 'zod';
import { parseCsv } from '#test/support/parse-csv';
import type { EvalCheck, EvalOutcome } from './eval-case.ts';

/** Checks that cases are put together from. Each names the file it looks at; a file that is not there fails it. */
export function fileOf({ files }: EvalOutcome, fileName: string): string {
  const text = files[fileName];
  if (text === undefined) throw new Error(`${fileName} is missing; there are ${Object.keys(files).join(', ')}`);
  return text;
}

/** Headings that a Markdown file has to have, whatever their level. */
export const hasSections = (fileName: string, ...headings: string[]): EvalCheck => ({
  name: `sections of ${fileName}`,
  check: (outcome) => {
    const found = [...fileOf(outcome, fileName).matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading = '']) => heading);
    return headings.filter((heading) => !found.some((each) => each.startsWith(heading))).map((heading) => `no section “${heading}”; there are ${found.join(' · ')}`);
  },
});

/** Words of a file, stamps and tables included. */
export const wordsBetween = (fileName: string, least: number, most: number): EvalCheck => ({
  name: `length of ${fileName}`,
  check: (outcome) => {
    const count = fileOf(outcome, fileName).split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
    return count >= least && count <= most ? [] : [`${count} words, not ${least} to ${most}`];
  },
});

/** A JSON file that fits a schema. */
export const jsonFits = (fileName: string, schema: z.ZodType): EvalCheck => ({
  name: `schema of ${fileName}`,
  check: (outcome) => {
    const parsed = schema.safeParse(JSON.parse(fileOf(outcome, fileName)));
    return parsed.success ? [] : parsed.error.issues.map((issue) => `/${issue.path.join('/')} ${issue.message}`);
  },
});

/** Rows of a CSV file as objects by its header. */
export function csvRows(outcome: EvalOutcome, fileName: string): Record<string, string>[] {
  const [header = [], ...rows] = parseCsv(fileOf(outcome, fileName));
  return rows.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index] ?? ''])));
}

/** Figures of a file against figures that the check computes by itself, from the inputs.
 * @param figures  name → number, found and expected; equal within a millionth of the size */
export const recomputed = (name: string, figures: (outcome: EvalOutcome) => { found: Readonly<Record<string, number>>; expected: Readonly<Record<string, number>> }): EvalCheck => ({
  name,
  check: (outcome) => {
    const { found, expected } = figures(outcome);
    return [...new Set([...Object.keys(found), ...Object.keys(expected)])].flatMap((key) => {
      const [seen, wanted] = [found[key], expected[key]];
      if (seen !== undefined && wanted !== undefined && Math.abs(seen - wanted) <= 1e-6 * Math.max(1, Math.abs(wanted))) return [];
      return [`${key}: ${seen ?? 'missing'}, recomputed ${wanted ?? 'missing'}`];
    });
  },
});

export const contains = (fileName: string, ...needles: (string | RegExp)[]): EvalCheck => ({
  name: `${fileName} says what it must`,
  check: (outcome) => needles.filter((needle) => (typeof needle === 'string' ? !fileOf(outcome, fileName).includes(needle) : !needle.test(fileOf(outcome, fileName)))).map((needle) => `does not hold ${String(needle)}`),
});

const FUNCTION_WORDS = {
  en: ['the', 'and', 'of', 'to', 'is', 'in', 'that', 'it', 'for', 'with', 'are', 'not'],
  de: ['der', 'die', 'und', 'das', 'ist', 'nicht', 'ein', 'eine', 'mit', 'für', 'auf', 'den'],
  fr: ['le', 'la', 'les', 'et', 'des', 'est', 'une', 'pour', 'dans', 'que', 'pas', 'avec'],
  es: ['el', 'la', 'los', 'y', 'de', 'es', 'una', 'para', 'en', 'que', 'no', 'con'],
} as const;

/** The language that a file is written in, by its most frequent small words. */
export const writtenIn = (fileName: string, language: keyof typeof FUNCTION_WORDS): EvalCheck => ({
  name: `${fileName} is written in ${language}`,
  realModelOnly: language !== 'en',
  check: (outcome) => {
    const words = fileOf(outcome, fileName).toLowerCase().match(/\p{L}+/gu) ?? [];
    const [first] = Object.entries(FUNCTION_WORDS).map(([code, list]) => ({ code, count: words.filter((word) => (list as readonly string[]).includes(word)).length })).sort((a, b) => b.count - a.count);
    return first?.code === language ? [] : [`reads like ${first?.code ?? 'nothing'}`];
  },
});
