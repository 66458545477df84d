import { parseBibtex, type BibEntry } from '#contracts/bibtex';
import { barChart } from '#contracts/charts';
import { toCsv } from '#contracts/csv';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import { body, bullets, nextSteps, oneLine, page, section, stamps, table } from '../../steps/report.ts';
import { Sources } from '../../steps/sources.ts';
import { countOf } from '../../steps/table-data.ts';
import { draftFindings, lookupFindings, supportFindings, type Lookup, type Support } from './audit.ts';
import type { Draft as ReadDraft } from './claims.ts';
import { bibFile, correct, secondPass, type Corrected } from './corrections.ts';
import type { CitationAuditInput } from './definition.ts';
import { authorsOf, bySeverity, checkEntry, checkTogether, finding, yearOf, type Finding } from './references.ts';
import { SEVERITIES, type Severity } from './sizes.ts';

/** The draft and the files made from it, finished or not. Pure. */
export interface Draft { read: ReadDraft | null; bib: string; /** all entries of the bibliography, and those that this run looked at */ entries: BibEntry[]; looked: BibEntry[]; lookups: Lookup[]; supports: Support[]; /** keys whose text was there to check against */ withText: string[]; /** what a search of the web showed of references without a registry entry */ onWeb: { key: string; title: string; url: string | null; same: boolean }[]; advice: string; trouble: string[]; sources: Sources }
export const newDraft = (): Draft => ({ read: null, bib: '', entries: [], looked: [], lookups: [], supports: [], withText: [], onWeb: [], advice: '', trouble: [], sources: new Sources() });
type Stage = 'test' | 'full';

const WORDS: Record<Severity, string> = { critical: 'critical', major: 'major', minor: 'minor', info: 'for information' };
const EXISTS = { yes: 'found', no: 'not found', unknown: 'could not be told', not_asked: 'not looked up' } as const;

/** Everything that was found, most serious first. */
export function findingsOf(input: CitationAuditInput, draft: Draft): Finding[] {
  const { problems } = parseBibtex(draft.bib);
  const claims = draft.read?.claims ?? [];
  const looked = new Set(draft.looked.map(({ key }) => key));
  const together = checkTogether(draft.entries, claims).filter(({ key, code }) => code === 'key_missing' || looked.has(key ?? ''));
  return bySeverity([
    ...problems.map(({ line, message }) => finding('major', 'bib_unreadable', null, `Line ${line} of the bibliography cannot be read: ${message}.`, 'Close the brackets and check the commas.')),
    ...together, ...draft.looked.flatMap(checkEntry), ...lookupFindings(draft.lookups), ...supportFindings(draft.supports),
    ...draftFindings(input.checks.includes('uncited_figures') ? (draft.read?.bare ?? []) : [], draft.read?.numbered ?? []),
  ]);
}

export const countsOf = (findings: readonly Finding[]): Record<Severity, number> => Object.fromEntries(SEVERITIES.map((severity) => [severity, findings.filter((each) => each.severity === severity).length])) as Record<Severity, number>;
export const isReady = (input: Pick<CitationAuditInput, 'fail_on'>, findings: readonly Finding[]): boolean => !findings.some(({ severity }) => SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(input.fail_on));

export function verdictOf(input: CitationAuditInput, draft: Draft): string {
  const findings = findingsOf(input, draft);
  const counts = countsOf(findings);
  const clean = draft.looked.filter(({ key }) => !findings.some((each) => each.key === key && (each.severity === 'critical' || each.severity === 'major'))).length;
  return `${isReady(input, findings) ? 'Ready' : 'Not ready'} by your rule (no ${input.fail_on} findings or worse): ${counts.critical} critical, ${counts.major} major, ${counts.minor} minor. ${clean} of ${countOf(draft.looked.length, 'reference')} without a critical or major finding; ${countOf(draft.read?.claims.length ?? 0, 'cited claim')} read.`;
}

export const correctedOf = (input: CitationAuditInput, draft: Draft): Corrected => correct(draft.entries, draft.lookups, new Set(draft.read?.claims.flatMap(({ keys }) => keys) ?? []), input.corrections);

export function assembleFiles(request: Pick<RunRequest, 'provider'>, input: CitationAuditInput, draft: Draft, stage: Stage, remark: string | null): OutputFile[] {
  if (!draft.read && draft.trouble.length === 0) return [];
  const findings = findingsOf(input, draft);
  const corrected = correctedOf(input, draft);
  const files: OutputFile[] = [{ key: 'report', fileName: 'report.md', mimeType: 'text/markdown', content: report(request, input, draft, stage, remark, findings, corrected), summary: verdictOf(input, draft) }];
  if (draft.looked.length > 0) files.push({ key: 'audit', fileName: 'audit.csv', mimeType: 'text/csv', content: auditCsv(draft, findings), summary: countOf(draft.looked.length, 'reference') });
  const claims = draft.read?.claims ?? [];
  if (claims.length > 0) files.push({ key: 'claims', fileName: 'claims.csv', mimeType: 'text/csv', content: claimsCsv(draft, findings), summary: countOf(claims.length, 'cited claim') });
  if (corrected.entries.length > 0) files.push({ key: 'fixed', fileName: 'fixed.bib', mimeType: 'application/x-bibtex', content: bibFile(corrected, request.provider === 'demo'), summary: countOf(corrected.changes.length, 'correction') });
  const counts = countsOf(findings);
  files.push({ key: 'severity', fileName: 'severity.svg', mimeType: 'image/svg+xml', content: barChart({ title: 'Findings by weight', yLabel: 'Findings' }, SEVERITIES.map((severity) => ({ label: WORDS[severity], value: counts[severity] }))), summary: countOf(findings.length, 'finding') });
  return files;
}

function report(request: Pick<RunRequest, 'provider'>, input: CitationAuditInput, draft: Draft, stage: Stage, remark: string | null, findings: readonly Finding[], corrected: Corrected): string {
  const again = secondPass(draft.entries, corrected);
  const open = draft.lookups.filter(({ exists }) => exists === 'unknown' || exists === 'not_asked').map(({ key }) => key);
  const serious = findings.filter(({ severity }) => severity !== 'info');
  return page([
    '# Citation integrity audit',
    stamps(request, stage, 'the first three references, no registry, one claim. A Full run looks at all of them.', remark),
    bullets(draft.trouble),
    `**${verdictOf(input, draft)}**`,
    section('What to repair first', draft.advice && body(draft.advice)),
    section('Findings', table(['Weight', 'Reference', 'Finding', 'What to do'], serious.map((each) => [WORDS[each.severity], each.key, each.message, each.remedy])) || 'Nothing was found.'),
    section('References', table(['Key', 'Year', 'Cited', 'Registry', 'Retracted', 'Text to check against', 'Findings'], draft.looked.map((entry) => {
      const lookup = draft.lookups.find(({ key }) => key === entry.key);
      return [entry.key, yearOf(entry), timesCited(draft, entry.key), EXISTS[lookup?.exists ?? 'not_asked'], retracted(lookup), draft.withText.includes(entry.key) ? 'yes' : 'no', findings.filter(({ key, severity }) => key === entry.key && severity !== 'info').length];
    }))),
    section('Claims held against their sources', table(['Claim', 'Source', 'Reading', 'Quotations', 'Figures not in the source', 'Passage'], draft.supports.map((each) => [claimText(draft, each.claim), each.key, each.verdict?.replace('_', ' '), each.quotes.map(({ match }) => match).join(', '), each.missing.join(', '), each.passage]))),
    section('Corrections in fixed.bib', [
      table(['Key', 'Field', 'Before', 'After', 'Why'], corrected.changes.map((change) => [change.key, change.field, change.before || '—', change.after, change.why])),
      corrected.entries.length > 0 && `Checked again: ${countOf(again.before, 'finding')} in the form of the entries before, ${again.after} after${again.readable ? '; the file reads back as it was written' : '; the file does not read back whole, look at it before use'}.`,
      corrected.replaced.length > 0 && bullets(corrected.replaced.map(({ from, to }) => `In the draft, cite ${to} in place of ${from}.`)),
    ].filter(Boolean).join('\n\n')),
    section('What could not be looked up', open.length === 0 ? '' : `${open.join(', ')}: no registry answered for ${open.length === 1 ? 'it' : 'them'} in this run, so existence, metadata and retraction are open. That is not a finding against the ${open.length === 1 ? 'reference' : 'references'}.`),
    section('On the web, not in a registry', table(['Reference', 'Found', 'Where', 'Same title'], draft.onWeb.map(({ key, title, url, same }) => [key, title, url, same ? 'yes' : 'no, look yourself']))),
    draft.entries.length > draft.looked.length && `${draft.entries.length - draft.looked.length} more entries of the bibliography were not looked at; corrections of form are made in all.`,
    draft.sources.markdown([body(draft.advice)]),
    nextSteps([
      stage === 'test' && 'Run Full to look at every reference and to ask the registries.',
      ...bySeverity(serious).slice(0, 4).map((each) => `${each.key ? `${each.key}: ` : ''}${each.remedy}`),
      open.length > 0 && stage === 'full' && 'Run again with a network, so that the registries can be asked.',
      draft.looked.some(({ key }) => !draft.withText.includes(key)) && 'Paste the abstracts or passages that are missing, so that more claims can be held against them.',
      corrected.changes.length > 0 && 'Read the list of corrections, then take fixed.bib in place of your file.',
    ]),
  ]);
}

const timesCited = (draft: Draft, key: string): number => draft.read?.claims.filter(({ keys }) => keys.includes(key)).length ?? 0;
const retracted = (lookup: Lookup | undefined): string => (lookup?.retracted === true ? 'YES' : lookup?.retracted === false ? 'no' : 'not known');
const claimText = (draft: Draft, id: string): string => { const claim = draft.read?.claims.find((each) => each.id === id); return claim ? `Line ${claim.line}: ${claim.text}` : id; };

function auditCsv(draft: Draft, findings: readonly Finding[]): string {
  const rows = draft.looked.map((entry) => {
    const lookup = draft.lookups.find(({ key }) => key === entry.key);
    const own = findings.filter(({ key }) => key === entry.key);
    return [entry.key, entry.type, entry.fields['title'], authorsOf(entry).join('; '), yearOf(entry), timesCited(draft, entry.key), EXISTS[lookup?.exists ?? 'not_asked'], lookup?.resolvedBy, retracted(lookup), lookup?.mismatches.map(({ field }) => field).join('; '), draft.withText.includes(entry.key), own[0]?.severity ?? 'none', own.map(({ code }) => code).join('; '), own.map(({ message }) => oneLine(message)).join(' ')];
  });
  return toCsv(['key', 'type', 'title', 'authors', 'year', 'times_cited', 'registry', 'resolved_by', 'retracted', 'differs_in', 'text_available', 'worst', 'codes', 'findings'], rows);
}

function claimsCsv(draft: Draft, findings: readonly Finding[]): string {
  const rows = (draft.read?.claims ?? []).flatMap((claim) => claim.keys.map((key) => {
    const support = draft.supports.find((each) => each.claim === claim.id && each.key === key);
    const own = findings.filter((each) => each.claim === claim.id && each.key === key);
    return [claim.id, claim.line, claim.text, key, support?.verdict ?? 'not read', support?.quotes.map(({ match }) => match).join('; '), support?.missing.join('; '), support?.passage, support?.reason, own.map(({ code }) => code).join('; ')];
  }));
  return toCsv(['claim', 'line', 'text', 'key', 'reading', 'quotations', 'figures_not_in_source', 'passage', 'reason', 'findings'], rows);
}

/** The findings as sentences that the advice can cite. */
export const findingsText = (input: CitationAuditInput, draft: Draft): string => [verdictOf(input, draft), ...findingsOf(input, draft).filter(({ severity }) => severity !== 'info').slice(0, 30).map(({ severity, message, remedy }) => `${severity.charAt(0).toUpperCase()}${severity.slice(1)} finding: ${oneLine(message)} ${remedy}`)].join('\n');
