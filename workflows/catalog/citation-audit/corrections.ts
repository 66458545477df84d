import { parseBibtex, protectCapitals, toBibtex, type BibEntry } from '#contracts/bibtex';
import type { Lookup } from './audit.ts';
import { arxivOf, checkEntry, doiOf, identifiersOf, sameWork } from './references.ts';

/** The corrected bibliography: only what the entry itself or a registry says, never a guess. Pure. */
export interface Change { key: string; field: string; before: string; after: string; why: string }
export const CORRECTIONS = ['form', 'registry', 'duplicates', 'uncited'] as const;
export type Correction = (typeof CORRECTIONS)[number];
export interface Corrected { entries: BibEntry[]; changes: Change[]; /** keys that the draft has to write otherwise */ replaced: { from: string; to: string }[] }

/** A registry's record counts as the same paper from this likeness of titles on. */
const SAME_TITLE = 0.9;

export function correct(entries: readonly BibEntry[], lookups: readonly Lookup[], cited: ReadonlySet<string>, wanted: readonly Correction[]): Corrected {
  const result: Corrected = { entries: [], changes: [], replaced: [] };
  for (const entry of entries) {
    if (wanted.includes('uncited') && cited.size > 0 && !cited.has(entry.key)) { result.changes.push({ key: entry.key, field: 'entry', before: 'there', after: 'taken out', why: 'never cited' }); continue; }
    const twin = wanted.includes('duplicates') ? result.entries.find((kept) => sameWork(kept, entry)) : undefined;
    if (twin) {
      result.changes.push({ key: entry.key, field: 'entry', before: 'there', after: `merged into ${twin.key}`, why: 'same work' });
      if (twin.key !== entry.key) result.replaced.push({ from: entry.key, to: twin.key });
      for (const [name, value] of Object.entries(entry.fields)) if (value && !twin.fields[name]) twin.fields[name] = value;
      continue;
    }
    const fields = { ...entry.fields };
    const set = (field: string, after: string, why: string): void => {
      const before = fields[field] ?? '';
      if (!after || before === after) return;
      fields[field] = after;
      result.changes.push({ key: entry.key, field, before, after, why });
    };
    if (wanted.includes('form')) fixForm({ ...entry, fields }, set);
    if (wanted.includes('registry')) fixFromRegistry(lookups.find(({ key }) => key === entry.key), set);
    result.entries.push({ ...entry, fields });
  }
  return result;
}

type Set = (field: string, after: string, why: string) => void;

function fixForm(entry: BibEntry, set: Set): void {
  const { fields } = entry;
  const { doi, arxiv } = identifiersOf(entry);
  if (doi && (!fields['doi'] || doiOf(fields['doi']) === doi)) set('doi', doi, fields['doi'] ? 'bare DOI' : 'the DOI stood in the address');
  if (arxiv && (!fields['eprint'] || arxivOf(fields['eprint']) === arxiv)) { set('eprint', arxiv, 'bare arXiv number'); set('archiveprefix', 'arXiv', 'names the archive of the number'); }
  if (/\bet al\b/i.test(fields['author'] ?? '')) set('author', (fields['author'] ?? '').replace(/,?\s*(?:and\s+)?\bet al\.?/i, ' and others'), 'BibTeX writes an open list so');
  const pages = /^(\d+)\s*[-–—]\s*(\d+)$/.exec(fields['pages'] ?? '');
  if (pages) set('pages', `${pages[1]}--${pages[2]}`, 'a range has two hyphens');
}

function fixFromRegistry(lookup: Lookup | undefined, set: Set): void {
  const paper = lookup?.paper;
  if (!lookup || !paper || lookup.exists !== 'yes' || (lookup.similarity ?? 0) < SAME_TITLE) return;
  const why = `as ${lookup.resolvedBy ?? 'the registry'} has it`;
  for (const { field } of lookup.mismatches) {
    if (field === 'year' && paper.year !== null) set('year', String(paper.year), why);
    if (field === 'authors' && paper.authors.length > 0) set('author', paper.authors.join(' and '), why);
  }
  if (paper.doi) set('doi', paper.doi, why);
  if (paper.arxiv) { set('eprint', paper.arxiv, why); set('archiveprefix', 'arXiv', why); }
}

/** The file, with what was changed in front, and whether it reads back as it was written. */
export function bibFile({ entries, changes, replaced }: Corrected, simulated: boolean): string {
  const line = (text: string): string => `% ${text.replace(/[\r\n{}@%]+/g, ' ').trim()}`;
  const head = [`${entries.length} entries, ${changes.length} corrections; nothing was added that the entry or a registry does not say.`, ...(simulated ? ['DEMO run.'] : []), ...replaced.map(({ from, to }) => `In the draft, cite ${to} in place of ${from}.`)];
  return `${head.map(line).join('\n')}\n\n${protectCapitals(toBibtex(entries))}`;
}

/** Second pass over the corrected file: findings of its entries before and after. */
export function secondPass(before: readonly BibEntry[], corrected: Corrected): { before: number; after: number; readable: boolean } {
  const read = parseBibtex(bibFile(corrected, false));
  const count = (entries: readonly BibEntry[]): number => entries.flatMap(checkEntry).length;
  return { before: count(before), after: count(read.entries), readable: read.problems.length === 0 && read.entries.length === corrected.entries.length };
}
