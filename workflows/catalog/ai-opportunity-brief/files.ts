import { barChart } from '#contracts/charts';
import { toCsv } from '#contracts/csv';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import { body, bullets, nextSteps, oneLine, page, section, stamps, table } from '../../steps/report.ts';
import { Sources, type Source } from '../../steps/sources.ts';
import { countOf, percent } from '../../steps/table-data.ts';
import type { AiOpportunityBriefInput, Cases, Rehearsal, Reviews } from './definition.ts';
import { choose, scoresOf, sensitivity, type Assumptions, type Figures, type Process, type Scores, type Verdict } from './portfolio.ts';
import { SECTORS } from './sizes.ts';

/** The draft and the files made from it, finished or not. Pure. */
export interface Case { process: Process; figures: Figures; told: Cases['cases'][number] | null; review: Reviews['reviews'][number] | null; scores: Scores | null; verdict: Verdict | null; sourceId: string }
export interface Draft { trouble: string[]; pages: Source[]; /** what the agent wrote of its search */ evidence: string; /** what it called, and what came of it */ calls: { call: string; outcome: string }[]; guidance: string | null; cases: Case[]; /** figures on which code and calculator differ; null = not compared */ checked: string[] | null; brief: string; /** figures of the brief that stand nowhere */ unknown: string[]; rehearsal: Rehearsal['questions']; sources: Sources }
export const newDraft = (): Draft => ({ trouble: [], pages: [], evidence: '', calls: [], guidance: null, cases: [], checked: null, brief: '', unknown: [], rehearsal: [], sources: new Sources() });
type Stage = 'test' | 'full';

export const sectorOf = (input: AiOpportunityBriefInput): string => (input.sector === 'other' && input.sector_other ? input.sector_other : SECTORS[input.sector]);
const WORDS = {
  check: { rule: 'by a rule', quick: 'by a person at once', expert: 'by an expert', hard: 'in no reliable way' }, data: { ready: 'ready', partly: 'ready in part', missing: 'missing' },
  verdict: { start: 'start', prepare: 'prepare', wait: 'wait', stop: 'do not pursue' },
  why: { start: 'in the best set that the budget allows', prepare: 'pays, but is not in the best set for this budget', wait: 'scores too low on feasibility or risk, or does not pay as expected', stop: 'does not pay even in the high case' },
} as const;

export const assumptionsOf = (input: AiOpportunityBriefInput): Assumptions => ({ saving: input.saving_percent / 100, adoption: input.adoption_percent / 100, spread: input.spread_percent / 100, discount: input.discount_percent / 100, years: input.years, cost_once: input.default_cost_once, cost_a_year: input.default_cost_a_year });
const onceOf = (input: AiOpportunityBriefInput, { process }: Case): number => process.cost_once ?? input.default_cost_once;
const yearOf = (input: AiOpportunityBriefInput, { process }: Case): number => process.cost_a_year ?? input.default_cost_a_year;

/** Whole units, thousands in groups. */
export const amount = (value: number): string => `${value < 0 && Math.round(value) !== 0 ? '-' : ''}${String(Math.abs(Math.round(value))).replace(/\B(?=(\d{3})+$)/g, ',')}`;
const money = (input: AiOpportunityBriefInput, value: number): string => `${amount(value)} ${input.currency}`;

/** Scores from rules and the sceptic; with the input also the choice. */
export function rescore(draft: Draft, input?: AiOpportunityBriefInput): void {
  const most = Math.max(0, ...draft.cases.map((each) => each.figures.npv));
  for (const each of draft.cases) each.scores = scoresOf(each.process, each.figures, most, { feasibility: each.review?.feasibility === 'lower' || each.told?.suits === 'poorly', risk: each.review?.risk === 'lower' });
  if (!input) return;
  const verdicts = choose(draft.cases.map((each) => ({ figures: each.figures, scores: each.scores as Scores, once: onceOf(input, each) })), input.budget, input.max_pilots, input.appetite);
  draft.cases.forEach((each, index) => { each.verdict = verdicts[index] ?? null; });
}

/** A case in sentences that can be cited. */
export function caseText(input: AiOpportunityBriefInput, each: Case): string {
  const { process, figures, scores, verdict } = each;
  return [
    `${process.name} takes ${amount(process.cases_a_year)} cases of ${process.minutes_a_case} minutes a year, which costs ${money(input, figures.baseline)}.`,
    `With ${input.saving_percent} % of the time saved in ${input.adoption_percent} % of the cases, ${process.name} saves ${money(input, figures.saving)} a year, between ${money(input, figures.low)} and ${money(input, figures.high)}.`,
    `${process.name} costs ${money(input, onceOf(input, each))} once and ${money(input, yearOf(input, each))} a year, so its present value over ${countOf(input.years, 'year')} is ${money(input, figures.npv)}, between ${money(input, figures.npvLow)} and ${money(input, figures.npvHigh)}.`,
    figures.breakEven <= 1 ? `${process.name} pays once it is used in ${percent(figures.breakEven)} of the cases.` : `${process.name} does not pay even if it is used in every case.`,
    `A result of ${process.name} is checked ${WORDS.check[process.check]}, an error does ${process.harm} harm, and the data are ${WORDS.data[process.data]}.`,
    `What changes with ${process.name} for the people who do it: ${amount(figures.saving / process.cost_an_hour)} hours a year come back.`,
    `Before a pilot of ${process.name}, ${process.data !== 'ready' ? 'its data have to be made ready' : process.check === 'hard' ? 'a way to check its results has to be found' : 'minutes and errors of today have to be measured for two weeks'}.`,
    `The strongest objection to ${process.name} is that ${objection(each)}.`,
    scores ? `${process.name} scores ${scores.value} of 5 for value, ${scores.feasibility} for feasibility and ${scores.risk} for risk.` : '',
    verdict ? `Advice on ${process.name}: ${WORDS.verdict[verdict]}, because it ${WORDS.why[verdict].replace(/^in /, 'is in ')}.` : '',
  ].filter(Boolean).join('\n');
}

/** What speaks most against a case, by rule. */
function objection({ process, figures }: Case): string {
  if (figures.npvHigh <= 0) return 'it does not pay even when all goes well';
  if (process.harm === 'high') return `an error does high harm, and a result is checked ${WORDS.check[process.check]}`;
  return figures.npvLow < 0 ? 'it loses money when saving and adoption fall short' : `its value rests on an adoption that nobody has measured, though ${percent(figures.breakEven)} is enough`;
}

/** What the sceptic reads of a case, and the scores beside it. */
export const doubtText = (each: Case): string => `A result of ${each.process.name} is checked ${WORDS.check[each.process.check]}, an error does ${each.process.harm} harm, and the data are ${WORDS.data[each.process.data]}.\nThe strongest objection to ${each.process.name} is that ${objection(each)}.`;
export const scoreText = ({ process, scores }: Case): string => (scores ? `${process.name}: value ${scores.value}, feasibility ${scores.feasibility}, risk ${scores.risk}` : process.name);

const started = (draft: Draft): Case[] => draft.cases.filter((each) => each.verdict === 'start');
/** Of rounded amounts, so that a reader who adds up comes to the same. */
const sum = (cases: readonly Case[], of: (each: Case) => number): number => cases.reduce((total, each) => total + Math.round(of(each)), 0);

export function portfolioText(input: AiOpportunityBriefInput, draft: Draft): string {
  const chosen = started(draft);
  const names = (verdict: Verdict): string => draft.cases.filter((each) => each.verdict === verdict).map((each) => each.process.name).join('; ');
  const moves = chosen.length > 0 ? sensitivity(chosen.map((each) => each.process), assumptionsOf(input)) : [];
  return [
    chosen.length > 0 ? `The decision is to start ${countOf(chosen.length, 'pilot')}: ${names('start')}.` : 'The decision is to start nothing as things stand.',
    chosen.length > 0 ? `Together they cost ${money(input, sum(chosen, (each) => onceOf(input, each)))} once of a budget of ${money(input, input.budget)}, and ${money(input, sum(chosen, (each) => yearOf(input, each)))} a year.` : `No case is worth it and safe enough inside the budget of ${money(input, input.budget)}.`,
    chosen.length > 0 ? `Together they are worth ${money(input, sum(chosen, (each) => each.figures.npv))} over ${countOf(input.years, 'year')}, between ${money(input, sum(chosen, (each) => each.figures.npvLow))} and ${money(input, sum(chosen, (each) => each.figures.npvHigh))}.` : '',
    names('prepare') ? `To be prepared and not started: ${names('prepare')}.` : '', names('wait') ? `To wait with: ${names('wait')}.` : '', names('stop') ? `Not to be pursued: ${names('stop')}.` : '',
    moves[0] ? `The assumption that matters most is “${moves[0].what.toLowerCase()}”: ${input.spread_percent} % off moves the value from ${money(input, moves[0].low)} to ${money(input, moves[0].high)}.` : '',
    'Saving and adoption are assumptions until a pilot has measured them against a baseline.',
  ].filter(Boolean).join('\n');
}

export function assembleFiles(request: Pick<RunRequest, 'provider'>, input: AiOpportunityBriefInput, draft: Draft, stage: Stage, remark: string | null): OutputFile[] {
  if (draft.cases.length === 0) return [];
  const chosen = started(draft);
  const files: OutputFile[] = [
    { key: 'brief', fileName: 'brief.md', mimeType: 'text/markdown', content: brief(request, input, draft, stage, remark), summary: chosen.length > 0 ? `Start ${chosen.map((each) => each.process.name).join('; ')}` : 'Nothing to start' },
    { key: 'portfolio', fileName: 'portfolio.csv', mimeType: 'text/csv', content: portfolioCsv(input, draft), summary: countOf(draft.cases.length, 'case') },
    { key: 'chart', fileName: 'portfolio.svg', mimeType: 'image/svg+xml', content: barChart({ title: `Present value over ${countOf(input.years, 'year')}, expected`, yLabel: input.currency }, draft.cases.map((each) => ({ label: each.process.name, value: Math.round(each.figures.npv) }))), summary: 'Expected present value by process' },
  ];
  if (draft.rehearsal.length > 0) files.push({ key: 'rehearsal', fileName: 'rehearsal.md', mimeType: 'text/markdown', content: rehearsal(request, draft, stage, remark), summary: countOf(draft.rehearsal.length, 'question') });
  return files;
}

function portfolioCsv(input: AiOpportunityBriefInput, draft: Draft): string {
  const whole = (value: number): number => Math.round(value);
  return toCsv(['process', 'advice', 'currency', 'cases_a_year', 'minutes_a_case', 'cost_an_hour', 'cost_today', 'saving_low', 'saving_expected', 'saving_high', 'cost_once', 'cost_a_year', 'present_value_low', 'present_value_expected', 'present_value_high', 'pays_from_adoption', 'value', 'feasibility', 'risk', 'priority', 'suits', 'opportunity', 'precondition', 'objection'], draft.cases.map((each) => [
    each.process.name, each.verdict ? WORDS.verdict[each.verdict] : '', input.currency, each.process.cases_a_year, each.process.minutes_a_case, each.process.cost_an_hour, whole(each.figures.baseline), whole(each.figures.low), whole(each.figures.saving), whole(each.figures.high), onceOf(input, each), yearOf(input, each),
    whole(each.figures.npvLow), whole(each.figures.npv), whole(each.figures.npvHigh), Math.round(each.figures.breakEven * 1000) / 1000, each.scores?.value, each.scores?.feasibility, each.scores?.risk, each.scores?.priority, each.told?.suits, each.told && oneLine(each.told.opportunity), each.told && oneLine(each.told.precondition), each.review && oneLine(each.review.objection),
  ]));
}

function brief(request: Pick<RunRequest, 'provider'>, input: AiOpportunityBriefInput, draft: Draft, stage: Stage, remark: string | null): string {
  const chosen = started(draft);
  const decided = draft.cases.some((each) => each.verdict !== null);
  const ranked = draft.cases.toSorted((a, b) => (b.scores?.priority ?? 0) - (a.scores?.priority ?? 0));
  return page([
    `# AI opportunities: ${oneLine(input.organisation)}`,
    stamps(request, stage, 'the first process alone. A Full run looks at all of them.', remark),
    bullets(draft.trouble),
    decided && section('Decision', `**${chosen.length > 0 ? `Start ${countOf(chosen.length, 'pilot')}: ${chosen.map((each) => oneLine(each.process.name)).join('; ')}.` : 'Start nothing as things stand.'}** ${chosen.length > 0 ? `${money(input, sum(chosen, (each) => onceOf(input, each)))} once of ${money(input, input.budget)}; worth ${money(input, sum(chosen, (each) => each.figures.npv))} over ${countOf(input.years, 'year')}, between ${money(input, sum(chosen, (each) => each.figures.npvLow))} and ${money(input, sum(chosen, (each) => each.figures.npvHigh))}.` : ''}`),
    draft.brief && body(draft.brief),
    draft.unknown.length > 0 && `> **Figures without ground:** ${draft.unknown.map(oneLine).join(', ')} stand in the text above, and in no calculation or evidence. Do not use them.`,
    section('Portfolio', table(['Process', 'Advice', 'Value', 'Feasibility', 'Risk (5 = low)', `Present value, ${input.currency}`, 'Range', 'Pays from adoption of'], ranked.map((each) => [each.process.name, each.verdict ? `**${WORDS.verdict[each.verdict]}**` : '—', each.scores?.value, each.scores?.feasibility, each.scores?.risk, amount(each.figures.npv), `${amount(each.figures.npvLow)} to ${amount(each.figures.npvHigh)}`, each.figures.breakEven <= 1 ? percent(each.figures.breakEven) : 'never']))),
    section('Why', bullets(ranked.flatMap((each) => (each.verdict ? [`${each.process.name}: ${WORDS.why[each.verdict]}.`] : [])))),
    section('What would change this', chosen.length > 0 && decided ? table(['Assumption', `${input.spread_percent} % worse`, `${input.spread_percent} % better`], sensitivity(chosen.map((each) => each.process), assumptionsOf(input)).map((move) => [move.what, money(input, move.low), money(input, move.high)])) : ''),
    section('The cases', ranked.flatMap((each) => (each.told ? [section(each.process.name, bullets([`Suits a language model: ${each.told.suits.replaceAll('_', ' ')}. ${oneLine(each.told.opportunity)}`, `Needed: ${oneLine(each.told.precondition)}`, ...(each.review ? [`Objection: ${oneLine(each.review.objection)}`] : [])]), 3)] : [])).join('\n\n')),
    section('Evidence', [draft.evidence && body(draft.evidence), draft.calls.length > 0 && `Looked for by an agent of its own choosing:\n\n${table(['Call', 'Outcome'], draft.calls.map(({ call, outcome }) => [call, outcome]))}`].filter(Boolean).join('\n\n')),
    section('How it was worked out', bullets([
      `${draft.checked === null ? 'In code, once.' : draft.checked.length === 0 ? 'In code and again by the calculator; both gave the same figures.' : 'In code and by the calculator, which do not agree.'} Cost today is cases × minutes × cost of an hour; a saving is that × ${input.saving_percent} % × ${input.adoption_percent} %; present value is over ${countOf(input.years, 'year')} at ${input.discount_percent} %.`,
      `Low and high case: saving and adoption both ${input.spread_percent} % lower or higher.`,
      'Feasibility: data and how a result is checked. Risk: harm of an error, and whether it is seen at once. A sceptic may take a point off, never add one. A 1 for feasibility or risk stops a case, whatever its value.',
      `The set is the one with the highest present value${input.appetite === 'bold' ? '' : ', weighted by feasibility and risk,'} among all that fit the budget and ${countOf(input.max_pilots, 'pilot')}.`,
      ...(draft.guidance ? [`Whether a process suits a language model was judged by [${draft.guidance}].`] : []),
    ])),
    draft.sources.markdown([body(draft.brief), body(draft.evidence), draft.guidance ? `[${draft.guidance}]` : '']),
    nextSteps([
      stage === 'test' && 'Run Full to look at all processes.',
      ...chosen.map((each) => `${each.process.name}: measure minutes and errors of today for two weeks, then fix the values at which the pilot is scaled or stopped (it pays from ${percent(each.figures.breakEven)} of the cases on).`),
      chosen.length > 0 && 'Name one accountable owner for each pilot, and a date for the decision.',
      draft.cases.some((each) => each.verdict === 'prepare') && 'Prepare data and checks of the next cases while the pilots run.',
      decided && chosen.length === 0 && 'Look for processes with more cases, quicker checks or less harm, or for data that can be made ready.',
      draft.rehearsal.length > 0 && 'Go through rehearsal.md aloud before you present.',
    ]),
  ]);
}

function rehearsal(request: Pick<RunRequest, 'provider'>, draft: Draft, stage: Stage, remark: string | null): string {
  return page([
    '# Rehearsal: questions you will be asked',
    stamps(request, stage, 'one question.', remark),
    ...draft.rehearsal.map((asked, index) => section(`${index + 1}. ${asked.board_question}`, `${oneLine(asked.answer)}${draft.sources.byId(asked.material_id) ? ` [${asked.material_id}]` : ''}`)),
    draft.sources.markdown(draft.rehearsal.map((asked) => `${oneLine(asked.answer)}${draft.sources.byId(asked.material_id) ? ` [${asked.material_id}]` : ''}`)),
  ]);
}
