import type { BibEntry } from '#contracts/bibtex';
import { figuresOf, holdsFigure, type Claim } from './claims.ts';
import { finding, type Finding } from './references.ts';
import type { Severity } from './sizes.ts';

/** What registries, sources and readings add to the findings. Pure. */
export interface Lookup {
  key: string;
  outcome: 'ok' | 'empty' | 'unavailable' | 'failed';
  /** `not_asked`: this run made no lookup for it */
  exists: 'yes' | 'no' | 'unknown' | 'not_asked';
  resolvedBy: string | null;
  retracted: boolean | null;
  mismatches: { field: string; given: string; found: string }[];
  similarity: number | null;
  paper: { title: string; authors: string[]; year: number | null; venue: string | null; doi: string | null; arxiv: string | null; abstract: string | null } | null;
  /** 2 = found only in the second pass, by its title */
  pass: 1 | 2;
}
export type Verdict = 'supports' | 'partly' | 'contradicts' | 'not_stated' | 'unproven';
export interface Support {
  claim: string;
  key: string;
  /** what the model says, after the check of its passage; null = code alone looked */
  verdict: Verdict | null;
  passage: string;
  reason: string;
  quotes: { quote: string; match: 'exact' | 'normalised' | 'fuzzy' | 'none'; similarity: number }[];
  /** figures of the claim that the source does not hold */
  missing: string[];
}
/** What resolve_reference hands back in `data`. */
export interface ReferenceData { exists: 'yes' | 'no' | 'unknown'; resolved_by: string | null; paper: Lookup['paper']; retracted: boolean | null; mismatches: Lookup['mismatches']; title_similarity: number | null }

export const lookupOf = (key: string, outcome: Lookup['outcome'], data: ReferenceData | undefined, pass: 1 | 2): Lookup => ({ key, outcome, exists: data?.exists ?? 'unknown', resolvedBy: data?.resolved_by ?? null, retracted: data?.retracted ?? null, mismatches: data?.mismatches ?? [], similarity: data?.title_similarity ?? null, paper: data?.paper ?? null, pass });
export const notAsked = (key: string): Lookup => ({ ...lookupOf(key, 'unavailable', undefined, 1), exists: 'not_asked' });

const WEIGHT: Readonly<Record<string, Severity>> = { title: 'critical', authors: 'major', year: 'minor', venue: 'minor', doi: 'major', arxiv: 'major' };

export function lookupFindings(lookups: readonly Lookup[]): Finding[] {
  return lookups.flatMap((lookup) => {
    const { key, exists, retracted, mismatches, pass } = lookup;
    return [
      exists === 'no' && finding('critical', 'does_not_exist', key, `${key} was not found in any registry, neither by identifier nor by title.`, 'Find the work yourself; if you cannot, take the reference out.'),
      retracted === true && finding('critical', 'retracted', key, `${key} was retracted.`, 'Do not rest a claim on it; say that it was retracted if you must cite it.'),
      pass === 2 && exists === 'yes' && finding('major', 'identifier_wrong', key, `${key} was found by its title only: its identifier leads nowhere.`, 'Take the identifier of the registry, which stands in fixed.bib.'),
      ...mismatches.map(({ field, given, found }) => finding(WEIGHT[field] ?? 'minor', `${field}_differs`, key, `${key} has the ${field} "${given}"; the registry has "${found}".`, field === 'title' ? 'The identifier may belong to another paper: open it.' : 'Take over what the registry has, if it is the version you read.')),
    ].filter((found): found is Finding => found !== false);
  });
}

export function supportFindings(supports: readonly Support[]): Finding[] {
  return supports.flatMap(({ claim, key, verdict, quotes, missing }) => [
    ...quotes.filter(({ match }) => match === 'none').map(({ quote, similarity }) => finding('critical', 'quote_not_found', key, `The quotation "${shortened(quote)}" does not stand in the text of ${key} (best likeness ${Math.round(similarity * 100)} %).`, 'Copy the words from the source, or write without quotation marks.', claim)),
    ...quotes.filter(({ match }) => match === 'fuzzy').map(({ quote }) => finding('minor', 'quote_altered', key, `The quotation "${shortened(quote)}" stands in ${key} in slightly other words.`, 'Copy it again, letter by letter.', claim)),
    ...missing.map((figure) => finding('major', 'figure_not_found', key, `The figure ${figure} of claim ${claim} does not stand in the text of ${key} that was given.`, 'Look the figure up in the source, and give the page.', claim)),
    ...(verdict === 'contradicts' ? [finding('major', 'contradicted', key, `${key} says otherwise than claim ${claim}, as the model reads it.`, 'Read the passage and correct the claim.', claim)] : []),
    ...(verdict === 'not_stated' ? [finding('minor', 'not_stated', key, `What was read of ${key} does not speak of claim ${claim}.`, 'Give the page, or cite a work that says it.', claim)] : []),
    ...(verdict === 'unproven' ? [finding('minor', 'unproven', key, `The passage that was named for claim ${claim} does not stand in ${key}, so the reading does not count.`, 'Read the source yourself.', claim)] : []),
  ]);
}

/** The model's word counts only where its passage really stands in the source. */
export const provenVerdict = (said: Exclude<Verdict, 'unproven'>, passageStands: boolean): Verdict => (said === 'not_stated' || passageStands ? said : 'unproven');
export const missingFigures = (claim: Claim, source: string): string[] => claim.figures.filter((figure) => !holdsFigure(source, figure));
export const shortened = (text: string, most = 90): string => (text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`);

export function draftFindings(bare: readonly { text: string; line: number; figures: string[] }[], numbered: readonly string[]): Finding[] {
  return [
    ...bare.slice(0, 20).map(({ text, line }) => finding('minor', 'figure_uncited', null, `Line ${line} states ${figuresOf(text).join(', ')} without a citation: "${shortened(text, 120)}"`, 'Cite where the figure comes from, or say that it is yours.')),
    ...(numbered.length > 0 ? [finding('info', 'numbered_marks', null, `The draft has numbered marks (${numbered.slice(0, 5).join(' ')}), which name no key, so they were not checked.`, 'Give the draft with the keys of the bibliography.')] : []),
  ];
}

/** Claims that can be held against a text, with that text. Claims with quotations or figures go first. */
export function checkable(claims: readonly Claim[], texts: ReadonlyMap<string, string>, keys: ReadonlySet<string>): { claim: Claim; key: string; text: string }[] {
  const pairs = claims.flatMap((claim) => claim.keys.filter((key) => keys.has(key) && texts.has(key)).map((key) => ({ claim, key, text: texts.get(key) ?? '' })));
  const weight = ({ claim }: { claim: Claim }): number => (claim.quotes.length > 0 ? 2 : 0) + (claim.figures.length > 0 ? 1 : 0);
  return pairs.toSorted((a, b) => weight(b) - weight(a));
}

/** The references a run looks at: those that the draft cites first, in the order of the bibliography. */
export function chosenEntries(entries: readonly BibEntry[], claims: readonly Claim[], most: number): BibEntry[] {
  const cited = new Set(claims.flatMap(({ keys }) => keys));
  return entries.toSorted((a, b) => Number(cited.has(b.key)) - Number(cited.has(a.key))).slice(0, most);
}
