import { toCsv } from '#contracts/csv';
import { clip } from '#contracts/material';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import { body, bullets, nextSteps, oneLine, page, section, stamps, table } from '../../steps/report.ts';
import { Sources } from '../../steps/sources.ts';
import type { AgentDesignReviewInput, Findings, Missed, OptionReading, Parts, Reviewer } from './definition.ts';
import { contextSvg, sequenceMermaid } from './diagrams.ts';
import { bestPattern, FRAMEWORKS, PATTERNS, type FrameworkOption, type Option } from './patterns.ts';
import { RECORDS } from './sizes.ts';
import { level, triangle, type Threat } from './threats.ts';

/** The draft and the files made from it, finished or not. Pure. */
export type RecordKey = (typeof RECORDS)[number];
export type Finding = Findings['findings'][number] & { reviewer: Reviewer };
type Reading = OptionReading & { sources: string[] };
export interface Draft { date: string; options: Option[]; frameworks: FrameworkOption[]; threats: Threat[]; checked: number; parts: Parts['parts']; readings: Reading[]; frameworkReadings: Reading[]; missed: Missed['threats']; findings: Finding[]; design: string; reasons: Partial<Record<RecordKey, string>>; trouble: string[]; sources: Sources }
export const newDraft = (): Draft => ({ date: '', options: [], frameworks: [], threats: [], checked: 0, parts: [], readings: [], frameworkReadings: [], missed: [], findings: [], design: '', reasons: {}, trouble: [], sources: new Sources() });
type Stage = 'test' | 'full';
type Request = Pick<RunRequest, 'provider'>;

const patternTitle = (option: Option | null | undefined): string => (option ? PATTERNS[option.pattern].title : 'none of the options');
const usd = (value: number): string => (value >= 1 ? value.toFixed(2) : value.toFixed(4));
/** Ids of material that only one call saw, and what the column's heading says already. */
const bare = (text: string): string => text.replace(/\s*\[[a-z]+\d+\]/g, (mark) => (/\[m\d+\]/.test(mark) ? mark : '')).replace(/^(?:(?:the (?:consequence|proposal) is )(?:this control: )?|finding for \w+(?: \(\w+\))?: |(?:strength|weakness) of [^:]{1,60}: )/i, '');

/** The three decisions by rule, one sentence each. */
export function decisions(draft: Pick<Draft, 'options' | 'frameworks' | 'threats'>): Record<RecordKey, string> {
  const best = bestPattern(draft.options);
  const next = draft.options.filter((option) => option !== best && option.out.length === 0).toSorted((a, b) => b.points - a.points)[0];
  const [first, second] = draft.frameworks;
  const high = draft.threats.filter((threat) => level(threat.risk) === 'high');
  return {
    pattern: best ? `Take the pattern "${patternTitle(best)}": ${best.points.toFixed(0)} of 100 points${next ? `, before "${patternTitle(next)}" with ${next.points.toFixed(0)}` : ''}.` : 'No option keeps the limits of time and money; loosen one or add an option.',
    framework: first ? `Build it with ${FRAMEWORKS[first.framework].title}: ${first.points} of 100 points${second ? `, before ${FRAMEWORKS[second.framework].title} with ${second.points}` : ''}.` : 'No framework was compared.',
    powers: high.length > 0 ? `Do not release before the controls of ${high.map((threat) => threat.id).join(', ')} work and were tried.` : 'The powers may be given as planned; no threat is rated high.',
  };
}

export function optionsText(input: AgentDesignReviewInput, draft: Draft): string {
  return [
    decisions(draft).pattern, decisions(draft).framework,
    ...draft.options.map((option) => `${patternTitle(option)} takes ${option.calls} calls, about ${option.seconds} s and ${usd(option.usdRun)} dollars a request${option.out.length > 0 ? `, and is out because ${option.out.join(' and ')}` : `, and has ${option.points.toFixed(0)} of 100 points`}.`),
    `At peak there are ${input.runs_per_hour} requests an hour; an answer may take ${input.latency_seconds} s.`,
  ].join('\n');
}

export const threatsText = (threats: readonly Threat[]): string => threats.map((threat) => `${threat.id}, ${level(threat.risk)}: ${threat.title}. ${threat.how}. The control is: ${threat.control}.`).join('\n');
export const findingText = (findings: readonly Finding[]): string => findings.map((each) => `The reviewer for ${each.reviewer} finds (${each.severity}): ${bare(each.finding)} The proposal is: ${bare(each.proposal)}`).join('\n');

export function assembleFiles(request: Request, input: AgentDesignReviewInput, draft: Draft, stage: Stage, remark: string | null): OutputFile[] {
  if (draft.options.length === 0) return [];
  const best = bestPattern(draft.options);
  const shown = best?.pattern ?? draft.options[0]?.pattern ?? 'single_call';
  const files: OutputFile[] = [
    { key: 'design', fileName: 'design.md', mimeType: 'text/markdown', content: design(request, input, draft, stage, remark), summary: decisions(draft).pattern },
    { key: 'threats', fileName: 'threats.csv', mimeType: 'text/csv', content: toCsv(['id', 'threat', 'how', 'likelihood_1_to_5', 'impact_1_to_5', 'risk', 'level', 'control', 'residual', 'owner', 'tried_on'], [...draft.threats.map((each) => [each.id, each.title, each.how, each.likelihood, each.impact, each.risk, level(each.risk), each.control, each.residual, '', '']), ...draft.missed.map((each, index) => [`M${index + 1}`, each.threat_title, 'named by the reader, not rated', null, null, null, 'not rated', each.control, null, '', ''])]), summary: `${draft.threats.length} threats by rule, ${draft.missed.length} more` },
    ...RECORDS.map((key, index): OutputFile => ({ key: `adr_${key}`, fileName: `adr/000${index + 1}-${key}.md`, mimeType: 'text/markdown', content: record(request, input, draft, key, stage, remark), summary: decisions(draft)[key] })),
    { key: 'context', fileName: 'diagrams/context.svg', mimeType: 'image/svg+xml', content: contextSvg(`${input.system_name}: context and trust borders`, input, PATTERNS[shown].title), summary: 'Who reaches what' },
    { key: 'request', fileName: 'diagrams/request.mmd', mimeType: 'text/plain', content: sequenceMermaid(input, shown), summary: 'The way of one request, as Mermaid text' },
  ];
  return files;
}

function design(request: Request, input: AgentDesignReviewInput, draft: Draft, stage: Stage, remark: string | null): string {
  const best = bestPattern(draft.options);
  const danger = triangle(input);
  const decided = decisions(draft);
  return page([
    `# Design: ${oneLine(input.system_name)}`,
    stamps(request, stage, 'one option and one reviewer. A Full run weighs all options and hears the whole panel.', remark),
    bullets(draft.trouble),
    section('Decisions', bullets(RECORDS.map((key, index) => `${decided[key]} (adr/000${index + 1}-${key}.md)`))),
    section('Requirements', clip(oneLine(input.requirements), 900)),
    section('Parts', table(['Part', 'Answerable for', 'How it fails'], draft.parts.map((part) => [part.part_title, part.responsibility, part.failure]))),
    section('Options', table(['Pattern', 'Calls', 'Seconds', 'Dollars', 'Points', 'For it', 'Against it', 'Read'], draft.options.map((option, index) => [patternTitle(option), option.calls, option.seconds, usd(option.usdRun), option.out.length > 0 ? `out: ${option.out.join('; ')}` : option.points.toFixed(0), bare(draft.readings[index]?.strength ?? '—'), bare(draft.readings[index]?.weakness ?? '—'), draft.readings[index]?.sources.map((id) => `[${id}]`).join(' ')]))),
    section('Frameworks', table(['Framework', 'Fit for the pattern', 'Known', 'Points', 'For it', 'Against it', 'Read'], draft.frameworks.map((option, index) => [FRAMEWORKS[option.framework].title, option.fit.toFixed(1), option.known ? 'yes' : 'no', option.points, bare(draft.frameworkReadings[index]?.strength ?? '—'), bare(draft.frameworkReadings[index]?.weakness ?? '—'), draft.frameworkReadings[index]?.sources.map((id) => `[${id}]`).join(' ')]))),
    best && section('Numbers', table(['What', 'Value'], [['Requests at peak', `${input.runs_per_hour} an hour`], ['Model calls at peak', `${((best.calls * input.runs_per_hour) / 60).toFixed(1)} a minute`], ['Tokens of a request', `${Math.round(best.tokens.input)} in, ${best.tokens.output} out`], ['Tokens at peak', `${Math.round(((best.tokens.input + best.tokens.output) * input.runs_per_hour) / 60)} a minute`], ['Time of a request', `about ${best.seconds} s of ${input.latency_seconds} s allowed`], ['Cost of a request', `${usd(best.usdRun)} dollars`], ['Cost of the peak hour', `${usd(best.usdRun * input.runs_per_hour)} dollars`]])),
    section('Powers', `${table(['Tool', 'Effect', 'Data'], input.tools.map((tool) => [tool.name, tool.effect.replaceAll('_', ' '), tool.data]))}\n\n${danger.closed ? '**Private data, text from outside and a way out meet in one run.** Take one of the three away before release.' : `The harmful triangle is open: ${[!danger.privateData && 'no private data', !danger.foreignText && 'no text from outside', !danger.wayOut && 'no way out'].filter(Boolean).join(', ')}.`}`.trim()),
    section('Threats', table(['Id', 'Threat', 'How', 'Risk', 'Control', 'Left'], draft.threats.map((each) => [each.id, each.title, each.how, `${each.risk} (${level(each.risk)})`, each.control, each.residual]))),
    draft.missed.length > 0 && section('Threats named beside the rules', table(['Threat', 'Control'], draft.missed.map((each) => [each.threat_title, bare(each.control)]))),
    section('Findings of the panel', table(['Reviewer', 'Severity', 'Finding', 'Consequence', 'Proposal'], draft.findings.map((each) => [each.reviewer, each.severity, bare(each.finding), bare(each.consequence), bare(each.proposal)]))),
    draft.design && section('Design after the review', body(draft.design)),
    section('The way of one request', `\`\`\`mermaid\n${sequenceMermaid(input, best?.pattern ?? draft.options[0]?.pattern ?? 'single_call')}\`\`\`\n\nThe picture with the trust borders is diagrams/context.svg.`),
    section('How it was weighed', bullets([
      `Points = weighted mean of fit (${input.weight_fit}), control (${input.weight_control}) and cost (${input.weight_cost}); fit follows from how far the steps are known (${input.path}).`,
      `Calls of a pattern are typical values, and a call takes ${input.seconds_per_call} s by assumption. Tokens = calls × input + output × calls × (calls − 1) ÷ 2, because each call reads the answers before it.`,
      `Risk = likelihood × impact, each 1 to 5, from the powers given. ${draft.checked} figures were worked out a second time by the calculator.`,
    ])),
    draft.sources.markdown([body(draft.design)]),
    nextSteps([
      stage === 'test' && 'Run Full to weigh all options and to hear the whole panel.',
      danger.closed && 'Split the run so that private data, foreign text and a way out never meet; review again.',
      draft.findings.some((each) => each.severity === 'high') && 'Give each high finding an owner and a date before anything is built.',
      best && `Build the smallest version of "${patternTitle(best)}" with caps, traces and 30 real cases, then measure calls, seconds and dollars against the table.`,
      'Try the three highest threats yourself, write down what happened, and fill the column tried_on of threats.csv.',
    ]),
  ]);
}

/** A record lists what its own reason cites, not all that the run read. */
function citedOnly(sources: Sources, text: string): string {
  const lines = sources.check([text]).resolved.flatMap((id) => { const found = sources.byId(id); return found ? [`[${found.id}] ${found.title} — ${found.source}`] : []; });
  return section('Sources', lines.length > 0 ? bullets(lines) : 'The reason cites nothing that was read.');
}

const CONSEQUENCES: Record<RecordKey, string[]> = {
  pattern: ['The number of calls, and with it time and money, is bounded by the pattern; a cap enforces it.', 'A change of pattern later touches prompts, tests and traces, not the tools.'],
  framework: ['The framework stays behind one module, so that tools, prompts and records do not depend on it.', 'Its version is pinned; an upgrade runs the test set first.'],
  powers: ['Grants are checked in code at each call, not in the prompt.', 'A new tool or a new kind of foreign text reopens this record.'],
};

function record(request: Request, input: AgentDesignReviewInput, draft: Draft, key: RecordKey, stage: Stage, remark: string | null): string {
  const title = { pattern: 'pattern', framework: 'framework', powers: 'powers and their limits' }[key];
  const alternatives = {
    pattern: table(['Option', 'Points', 'Why not'], draft.options.filter((option) => option !== bestPattern(draft.options)).map((option) => [patternTitle(option), option.points.toFixed(0), option.out.join('; ') || 'fewer points'])),
    framework: table(['Option', 'Points', 'Team knows it'], draft.frameworks.slice(1).map((option) => [FRAMEWORKS[option.framework].title, option.points, option.known ? 'yes' : 'no'])),
    powers: table(['Threat', 'Risk', 'Control'], draft.threats.slice(0, 6).map((each) => [`${each.id} ${each.title}`, `${each.risk} (${level(each.risk)})`, each.control])),
  }[key];
  return page([
    `# Decision record: ${title} of ${oneLine(input.system_name)}`,
    stamps(request, stage, 'a small slice. A Full run gives the reason in words.', remark),
    bullets([`Status: proposed${draft.date ? `, ${draft.date}` : ''}`]),
    section('Context', clip(oneLine(input.requirements), 400)),
    section('Decision', `**${decisions(draft)[key]}**`),
    draft.reasons[key] && section('Reason', body(draft.reasons[key])),
    section(key === 'powers' ? 'Threats it answers' : 'Alternatives', alternatives || 'None was weighed.'),
    section('Consequences', bullets(CONSEQUENCES[key])),
    draft.reasons[key] && citedOnly(draft.sources, body(draft.reasons[key])),
    nextSteps(['Name who decides and by when.', 'Supersede this record with a new one when it changes; do not edit it.']),
  ]);
}
