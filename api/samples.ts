import { existsSync, readFileSync } from 'node:fs';
import type { CatalogEntry } from '#contracts/catalog.schema';

export interface Sample { fileName: string; mimeType: string; title: string; text: string }
const FOLDER = new URL('../workflows/samples/', import.meta.url);
const read = new Map<string, Sample | null>();

/** What the demo provider made of the first preset of a workflow, as `npm run samples` wrote it: the main file, or its begin.
 * Null for a workflow that has none. Read once: samples change with a new version of the product. */
export function sampleOf(entry: Pick<CatalogEntry, 'slug' | 'artifacts'>): Sample | null {
  const known = read.get(entry.slug);
  if (known !== undefined) return known;
  const [main] = Object.values(entry.artifacts);
  const file = main ? new URL(`${entry.slug}/${main.fileName}`, FOLDER) : null;
  const sample = main && file && existsSync(file) ? { ...main, text: readFileSync(file, 'utf8') } : null;
  read.set(entry.slug, sample);
  return sample;
}
