import type { BibEntry } from '#contracts/bibtex';
import type { Claim } from './claims.ts';
import { SEVERITIES, type Severity } from './sizes.ts';

/** What code alone can see in a bibliography and in how a draft uses it. Pure. */
export interface Finding { severity: Severity; code: string; /** key of the reference; null = the draft or the file */ key: string | null; claim: string | null; message: string; remedy: string }
export const finding = (severity: Severity, code: string, key: string | null, message: string, remedy: string, claim: string | null = null): Finding => ({ severity, code, key, claim, message, remedy });
export const bySeverity = (findings: readonly Finding[]): Finding[] => findings.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));

export const plainTitle = (title: string): string => title.normalize('NFKD').toLowerCase().replace(/[\u0300-\u036F]/g, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
/** `https://doi.org/10.1/AB` → `10.1/ab`; null when it is none */
export const doiOf = (text: string | undefined): string | null => /\b(10\.\d{4,9}\/[^\s"<>{}]+)/i.exec(text ?? '')?.[1]?.replace(/[.,;)\]]+$/, '').toLowerCase() ?? null;
export const arxivOf = (text: string | undefined): string | null => /(?:^|arxiv[.:\s/]|abs\/|pdf\/)\s*(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?\/\d{7})(?:v\d+)?(?:\.pdf)?$/i.exec((text ?? '').trim())?.[1]?.toLowerCase() ?? null;
export const identifiersOf = ({ fields }: BibEntry): { doi: string | null; arxiv: string | null; url: string | null } => {
  const doi = doiOf(fields['doi']) ?? doiOf(fields['url']);
  const arxiv = arxivOf(fields['eprint']) ?? arxivOf(fields['url']) ?? arxivOf(fields['note']) ?? arxivOf(fields['journal']?.replace(/\s*preprint\s*/i, ' ')) ?? (doi?.startsWith('10.48550/arxiv.') ? doi.slice(15) : null);
  return { doi, arxiv, url: /^https?:\/\/\S+$/.test(fields['url'] ?? '') ? (fields['url'] as string) : null };
};
export const yearOf = ({ fields }: BibEntry): number | null => { const found = /\b(1[5-9]\d\d|20\d\d)\b/.exec(fields['year'] ?? fields['date'] ?? '')?.[1]; return found ? Number(found) : null; };
export const authorsOf = ({ fields }: BibEntry): string[] => (fields['author'] ?? fields['editor'] ?? '').split(/\s+and\s+/).map((name) => name.trim()).filter(Boolean);

/** Fields without which a reader cannot find the work. @source the required fields of BibTeX's standard styles (btxdoc) */
const REQUIRED: Readonly<Record<string, readonly (readonly string[])[]>> = {
  article: [['journal', 'journaltitle']], inproceedings: [['booktitle']], conference: [['booktitle']], incollection: [['booktitle']], inbook: [['publisher', 'booktitle']], book: [['publisher']],
  phdthesis: [['school', 'institution']], mastersthesis: [['school', 'institution']], techreport: [['institution']],
};
const PLACEHOLDER = /\b(?:todo|tbd|fixme|xxx+)\b|\?\?+|lorem ipsum/i;

export function checkEntry(entry: BibEntry): Finding[] {
  const { key, type, fields } = entry;
  const found: Finding[] = [];
  const add = (severity: Severity, code: string, message: string, remedy: string): void => { found.push(finding(severity, code, key, message, remedy)); };
  if (!fields['title']) add('major', 'title_missing', `${key} has no title.`, 'Copy the title from the source.');
  if (authorsOf(entry).length === 0 && !fields['organization'] && !['misc', 'online', 'manual'].includes(type)) add('major', 'author_missing', `${key} has no author.`, 'Copy the authors from the source.');
  if (yearOf(entry) === null) add('major', 'year_missing', fields['year'] ? `${key} has the year "${fields['year']}", which is none.` : `${key} has no year.`, 'Write the year with four digits.');
  for (const names of REQUIRED[type] ?? []) if (!names.some((name) => fields[name])) add('minor', 'venue_missing', `${key} is of type ${type} and has no ${names[0]}.`, `Add the ${names[0]}, or change the type.`);
  const { doi, arxiv, url } = identifiersOf(entry);
  if (fields['doi'] && doi === null) add('major', 'doi_malformed', `${key} has "${fields['doi']}" as its DOI, which no DOI looks like.`, 'A DOI begins with 10. and a number; copy it again.');
  else if (fields['doi'] && fields['doi'].toLowerCase() !== doi) add('minor', 'doi_form', `${key} has more than the bare DOI in its field doi.`, 'Keep only what begins with 10.');
  if (fields['eprint'] && /arxiv/i.test(fields['archiveprefix'] ?? fields['eprinttype'] ?? '') && arxivOf(fields['eprint']) === null) add('major', 'arxiv_malformed', `${key} has "${fields['eprint']}" as its arXiv number, which none looks like.`, 'Copy the number from arxiv.org.');
  const submitted = arxiv === null ? null : /^(\d\d)(\d\d)\./.exec(arxiv);
  const year = yearOf(entry);
  if (submitted && year !== null && year < 2000 + Number(submitted[1])) add('major', 'year_before_preprint', `${key} is dated ${year}, but arXiv ${arxiv} was submitted in ${2000 + Number(submitted[1])}.`, 'One of the two belongs to another paper; look both up.');
  if (submitted && Number(submitted[2]) > 12) add('major', 'arxiv_malformed', `${key} has arXiv ${arxiv}, whose month does not exist.`, 'Copy the number from arxiv.org.');
  if (!doi && !arxiv && !url && !fields['isbn']) add('minor', 'no_identifier', `${key} has no DOI, arXiv number, ISBN or address.`, 'Add one, so that a reader can find the work.');
  if (/\bet al\b/i.test(fields['author'] ?? '')) add('minor', 'et_al', `${key} has "et al." in its authors.`, 'Name all authors, or end the list with "and others".');
  const pages = /^(\d+)\s*[-–]+\s*(\d+)$/.exec(fields['pages'] ?? '');
  if (pages && Number(pages[2]) < Number(pages[1])) add('minor', 'pages_reversed', `${key} has the pages ${fields['pages']}, which run backwards.`, 'Look the pages up.');
  const unfinished = Object.entries(fields).filter(([name, value]) => name !== 'abstract' && PLACEHOLDER.test(value)).map(([name]) => name);
  if (unfinished.length > 0) add('major', 'placeholder', `${key} has a placeholder in ${unfinished.join(', ')}.`, 'Fill it in or take the field out.');
  return found;
}

/** What only shows when all entries, and the draft, are seen together. */
export function checkTogether(entries: readonly BibEntry[], claims: readonly Claim[]): Finding[] {
  const found: Finding[] = [];
  const keys = new Set(entries.map(({ key }) => key));
  const cited = new Map<string, Claim[]>();
  for (const claim of claims) for (const key of claim.keys) cited.set(key, [...(cited.get(key) ?? []), claim]);
  for (const [key, places] of cited) {
    if (keys.has(key)) continue;
    const near = [...keys].find((known) => known.toLowerCase() === key.toLowerCase());
    found.push(finding('critical', 'key_missing', key, `${key} is cited on line ${places.map(({ line }) => line).join(', ')}, but the bibliography has no such key.`, near ? `Write ${near}, which differs in capitals only.` : 'Add the reference, or take the citation out.', places[0]?.id ?? null));
  }
  for (const [index, entry] of entries.entries()) {
    const before = entries.slice(0, index);
    if (before.some(({ key }) => key === entry.key)) found.push(finding('major', 'key_twice', entry.key, `The key ${entry.key} stands for more than one entry.`, 'Give each entry a key of its own.'));
    const twin = before.find((other) => other.key !== entry.key && sameWork(other, entry));
    if (twin) found.push(finding('major', 'work_twice', entry.key, `${entry.key} and ${twin.key} are the same work.`, `Keep one, and cite ${twin.key} in its place.`));
    if (!cited.has(entry.key) && claims.length > 0) found.push(finding('info', 'never_cited', entry.key, `${entry.key} is in the bibliography and never cited.`, 'Cite it or take it out.'));
  }
  return found;
}

export function sameWork(one: BibEntry, other: BibEntry): boolean {
  const [a, b] = [identifiersOf(one), identifiersOf(other)];
  if ((a.doi && a.doi === b.doi) || (a.arxiv && a.arxiv === b.arxiv)) return true;
  const title = plainTitle(one.fields['title'] ?? '');
  return title.length >= 15 && title === plainTitle(other.fields['title'] ?? '');
}
