import { existsSync } from 'node:fs';
import type { CatalogEntry } from '#contracts/catalog.schema';
import type { EvalCase } from './eval-case.ts';

/** A workflow without cases of its own is evaluated on its first preset. */
const FIRST_PRESET: EvalCase = { name: 'first preset', checks: [] };

/** @returns the cases of test/evals/<slug with dashes>.ts; names are unique
 * @throws Error when the file has no `cases`, or two of one name */
export async function casesOf(entry: Pick<CatalogEntry, 'slug'>): Promise<readonly EvalCase[]> {
  const file = new URL(`../${entry.slug.replaceAll('_', '-')}.ts`, import.meta.url);
  if (!existsSync(file)) return [FIRST_PRESET];
  const { cases } = (await import(file.href)) as { cases?: readonly EvalCase[] };
  if (!cases || cases.length === 0) throw new Error(`${file.pathname} exports no cases`);
  if (new Set(cases.map(({ name }) => name)).size < cases.length) throw new Error(`${file.pathname} has two cases of one name`);
  return cases;
}
