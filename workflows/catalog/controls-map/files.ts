import { barChart } from '#contracts/charts';
import { toCsv } from '#contracts/csv';
import { clip } from '#contracts/material';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import { body, bullets, nextSteps, oneLine, page, section, stamps, table } from '../../steps/report.ts';
import { Sources } from '../../steps/sources.ts';
import { coverage, gapsOf, type RiskClass, type Row } from './assess.ts';
import { CONTROLS, CONTROLS_REVIEWED, FRAMEWORK_TITLES, type ControlId } from './controls.ts';
import type { ControlsMapInput, SignOff, TestIdea } from './definition.ts';

/** The draft and the files made from it, finished or not. Pure. */
export type Signed = SignOff | { decision: 'not_signed'; conditions?: undefined; name?: undefined };
export interface Draft { date: string; risk: { class: RiskClass; why: string } | null; rows: Row[]; duties: { quote: string; control: ControlId; source: string }[]; /** quotes that stand in no text */ refused: number; tests: Partial<Record<ControlId, TestIdea>>; reading: string; signed: Signed | null; trouble: string[]; sources: Sources }
export const newDraft = (): Draft => ({ date: '', risk: null, rows: [], duties: [], refused: 0, tests: {}, reading: '', signed: null, trouble: [], sources: new Sources() });
type Stage = 'test' | 'full';

const words = (value: string): string => value.replaceAll('_', ' ');
const bare = (text: string): string => text.replace(/^the (?:test|evidence) is (?:to )?/i, '');
const CLASS_WORDS: Record<RiskClass, string> = { high: 'high risk', transparency: 'transparency duties', minimal: 'minimal risk' };

export const classSentence = ({ risk }: Pick<Draft, 'risk'>): string => (risk ? `Class by rule: ${CLASS_WORDS[risk.class]}, because ${risk.why}.` : 'No class was set.');
export function gapSentence(rows: readonly Row[]): string {
  const gaps = gapsOf(rows);
  if (gaps.length === 0) return rows.length === 0 ? 'Nothing was assessed.' : 'No gap: every control is in place with evidence.';
  return `${gaps.length} of ${rows.length} controls have a gap, ${gaps.filter((row) => row.need === 'required').length} of them required; first comes ${gaps[0]?.control} ${CONTROLS[gaps[0]?.control ?? 'C1'].title}.`;
}

/** Class and gaps as sentences that can be cited. */
export function gapsText(draft: Draft): string {
  return [classSentence(draft), gapSentence(draft.rows), ...gapsOf(draft.rows).map((row) => `${row.control} ${CONTROLS[row.control].title} is ${words(row.status)} and ${row.need}, because ${row.why}; it is due on ${row.due ?? 'a date to be set'}, and ${row.owner ? `${row.owner} owns it` : 'nobody owns it'}.`), ...draft.duties.map((duty) => `A rule says: “${oneLine(duty.quote)}” (served by ${duty.control}).`)].join('\n');
}

export function assembleFiles(request: Pick<RunRequest, 'provider'>, input: ControlsMapInput, draft: Draft, stage: Stage, remark: string | null): OutputFile[] {
  const { rows } = draft;
  if (rows.length === 0) return [];
  const covered = coverage(rows, input.frameworks);
  return [
    { key: 'gaps', fileName: 'gaps.md', mimeType: 'text/markdown', content: gaps(request, input, draft, stage, remark), summary: gapSentence(rows) },
    {
      key: 'matrix', fileName: 'matrix.csv', mimeType: 'text/csv', summary: `${rows.length} controls against ${input.frameworks.length} rule sets`,
      content: toCsv(['control', 'title', 'need', 'because', ...input.frameworks, 'own_rules', 'status', 'stated', 'owner', 'evidence', 'evidence_date', 'evidence_age_days', 'remarks', 'priority', 'due', 'test', 'evidence_wanted', 'frequency'], rows.map((row) => {
        const control = CONTROLS[row.control];
        return [row.control, control.title, row.need, row.why, ...input.frameworks.map((framework) => row.refs.find((ref) => ref.framework === framework)?.ref ?? ''), draft.duties.filter((duty) => duty.control === row.control).map((duty) => duty.quote).join(' | '), row.status, row.stated, row.owner, row.evidence, row.evidenceDate, row.ageDays, row.remarks.join('; '), row.priority, row.due, bare(draft.tests[row.control]?.test ?? control.test), bare(draft.tests[row.control]?.shown_by ?? control.evidence), control.frequency];
      })),
    },
    { key: 'evidence', fileName: 'evidence.csv', mimeType: 'text/csv', summary: 'What an auditor will ask for', content: toCsv(['control', 'title', 'wanted', 'there_today', 'dated', 'age_days', 'good', 'owner', 'frequency'], rows.map((row) => [row.control, CONTROLS[row.control].title, bare(draft.tests[row.control]?.shown_by ?? CONTROLS[row.control].evidence), row.evidence, row.evidenceDate, row.ageDays, row.evidence !== '' && !row.remarks.some((each) => each.includes('evidence')), row.owner, CONTROLS[row.control].frequency])) },
    { key: 'chart', fileName: 'coverage.svg', mimeType: 'image/svg+xml', content: barChart({ title: `${input.system_name}: controls in place by rule set`, yLabel: '% (partly counts half)' }, covered.map(({ framework, share }) => ({ label: words(framework), value: Math.round(share * 1000) / 10 }))), summary: 'Partly counts half' },
  ];
}

function signedWords(draft: Draft, input: ControlsMapInput, stage: Stage): string {
  const { signed } = draft;
  if (!signed) return stage === 'test' || !input.ask_sign_off ? 'Not asked for in this run.' : 'The run ended before the question.';
  if (signed.decision === 'not_signed') return '**Not signed.** Nobody answered in time; the map was finished without a decision.';
  return `**${{ accept: 'Signed off', accept_with_conditions: 'Signed off under conditions', refuse: 'Refused' }[signed.decision]}**${signed.name ? ` by ${oneLine(signed.name)}` : ''}, ${draft.date}.${signed.conditions ? ` ${oneLine(signed.conditions)}` : ''}`;
}

function gaps(request: Pick<RunRequest, 'provider'>, input: ControlsMapInput, draft: Draft, stage: Stage, remark: string | null): string {
  const { rows } = draft;
  const open = gapsOf(rows);
  const fine = rows.filter((row) => row.priority === 0);
  return page([
    `# Controls and gaps: ${oneLine(input.system_name)}`,
    stamps(request, stage, 'tests for three controls. A Full run reads your rules, tests every control and asks for the sign-off.', remark),
    'Orientation, not legal advice.',
    bullets(draft.trouble),
    section('Result', `**${classSentence(draft)}** ${gapSentence(rows)}`),
    draft.reading && body(draft.reading),
    section('System', `${clip(oneLine(input.description), 700)}\n\n${table(['What', 'Value'], [['Role', input.role], ['Area of use', words(input.use_area)], ['Personal data', input.personal_data], ['Decides alone', input.machine_alone ? 'yes' : 'no'], ['People talk to it', input.talks_to_people ? 'yes' : 'no'], ['Vendor’s model', input.vendor_model ? 'yes' : 'no']])}`),
    section('Gaps', table(['Control', 'Need', 'Status', 'Why', 'Owner', 'Due', 'Remarks'], open.map((row) => [`${row.control} ${CONTROLS[row.control].title}`, row.need, words(row.status), row.why, row.owner || 'nobody yet', row.due, row.remarks.join('; ') || '—']))),
    section('In place', table(['Control', 'Evidence', 'Dated', 'Owner'], fine.map((row) => [`${row.control} ${CONTROLS[row.control].title}`, row.evidence, row.evidenceDate, row.owner || 'nobody yet']))),
    section('Coverage', table(['Rule set', 'Controls it asks for', 'In place', 'Partly', 'Share'], coverage(rows, input.frameworks).map((each) => [FRAMEWORK_TITLES[each.framework], each.asked, each.inPlace, each.partly, `${Math.round(each.share * 100)} %`]))),
    section('Matrix', table(['Control', ...input.frameworks.map(words), 'Status'], rows.map((row) => [`${row.control} ${CONTROLS[row.control].title}`, ...input.frameworks.map((framework) => row.refs.find((ref) => ref.framework === framework)?.ref ?? '—'), words(row.status)]))),
    draft.duties.length > 0 && section('Duties in your own rules', table(['Words of the rule', 'Control', 'Status', 'Source'], draft.duties.map((duty) => [duty.quote, `${duty.control} ${CONTROLS[duty.control].title}`, words(rows.find((row) => row.control === duty.control)?.status ?? 'missing'), `[${duty.source}]`]))),
    draft.refused > 0 && `${draft.refused} ${draft.refused === 1 ? 'quote was' : 'quotes were'} left out: the words do not stand in the text.`,
    section('Tests', table(['Control', 'Test', 'Evidence that convinces', 'How often'], rows.filter((row) => draft.tests[row.control]).map((row) => [`${row.control} ${CONTROLS[row.control].title}`, bare(draft.tests[row.control]?.test ?? ''), bare(draft.tests[row.control]?.shown_by ?? ''), CONTROLS[row.control].frequency]))),
    section('Sign-off', signedWords(draft, input, stage)),
    section('How it was worked out', bullets([
      'Need: required, expected or useful, by rule from the facts above. Priority = need (3, 2, 1) × missing (2) or partly (1); 4 and more is due in 30 days, 2 and more in 60, the rest in 90.',
      `A control counts as in place only with dated evidence that is at most ${input.evidence_max_age_days} days old.`,
      `References are those of the catalogue of ${CONTROLS_REVIEWED}; the text of the law, its dates and its exceptions go before it.`,
    ])),
    draft.sources.markdown([body(draft.reading)]),
    nextSteps([
      stage === 'test' && 'Run Full to read your rules, to test every control and to sign off.',
      rows.some((row) => row.owner === '') && 'Name an owner for each control that has none.',
      open[0] && `Close ${open[0].control} ${CONTROLS[open[0].control].title} first${open[0].due ? `, by ${open[0].due}` : ''}.`,
      draft.risk?.class === 'high' && 'Let counsel confirm the class and the dates that hold today, before anything else is planned.',
      draft.signed?.decision === 'not_signed' && 'Run again and answer the question, or record the sign-off outside.',
      'Run the tests of the matrix once, and put date and result beside each.',
    ]),
  ]);
}
