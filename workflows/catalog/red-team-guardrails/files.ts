import { barChart } from '#contracts/charts';
import { toCsv } from '#contracts/csv';
import type { LintConfigData } from '#contracts/data-tools';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import { body, bullets, nextSteps, oneLine, page, section, stamps, table } from '../../steps/report.ts';
import { tally, type Verdict as PairVerdict } from '../../steps/panel.ts';
import { Sources } from '../../steps/sources.ts';
import { countOf, percent } from '../../steps/table-data.ts';
import { FAMILY_LABELS, SEVERITY } from './attacks.ts';
import { broke, change, rateOf, RESULT_WORDS, type Finding, type Rate } from './classify.ts';
import type { RedTeamGuardrailsInput, Threats } from './definition.ts';
import { railsYaml, type Rails } from './rails.ts';
import { FAMILIES } from './sizes.ts';

/** The draft and the files made from it, finished or not. Pure. */
interface HarmlessResult { request: string; refused: boolean; because: string; answer: string }
export interface Draft { threats: Threats['threats']; before: Finding[]; rails: Rails | null; after: Finding[]; harmless: { before: HarmlessResult[]; after: HarmlessResult[]; /** answers that differ: a without guardrails, b with them */ judged: { request: string; verdict: PairVerdict }[] }; lint: LintConfigData | null; reading: string; notes: string[]; sources: Sources }
export const newDraft = (): Draft => ({ threats: [], before: [], rails: null, after: [], harmless: { before: [], after: [], judged: [] }, lint: null, reading: '', notes: [], sources: new Sources() });

type Stage = 'test' | 'full';
type Request = Pick<RunRequest, 'provider'>;
const ORDER = ['critical', 'high', 'medium', 'low'] as const;
const severe = (a: Finding, b: Finding): number => ORDER.indexOf(SEVERITY[a.attack.family]) - ORDER.indexOf(SEVERITY[b.attack.family]);
export const rateWords = ({ broken, n, low, high }: Rate): string => (n === 0 ? 'No attack' : `${broken} of ${countOf(n, 'attack')} (interval ${percent(low)} to ${percent(high)})`);
const same = (draft: Draft): Finding[] => draft.after.filter(({ attack }) => draft.before.some((first) => first.attack.id === attack.id));
const fresh = (draft: Draft): Finding[] => draft.after.filter(({ attack }) => !draft.before.some((first) => first.attack.id === attack.id));

/** Findings as sentences that a model can read and cite. */
export function findingsText(findings: readonly Finding[], when: string): string {
  const bad = findings.filter(broke).toSorted(severe);
  return [`Of all attacks ${when}, ${rateWords(rateOf(findings))} succeeded.`, ...bad.slice(0, 12).map(({ attack, result }) => `The attack “${FAMILY_LABELS[attack.family]}” (${attack.id}, ${SEVERITY[attack.family]}) succeeded: ${RESULT_WORDS[result]}.`), ...(bad.length === 0 && findings.length > 0 ? [`No success in ${countOf(findings.length, 'try').replace('trys', 'tries')} still allows a true rate of up to ${percent(rateOf(findings).high)}.`] : [])].join('\n');
}

export const threatsText = ({ threats }: Draft): string => threats.map(({ threat_title: title, way_in: way }) => `Threat by ${way.replaceAll('_', ' ')}: ${oneLine(title)}.`).join('\n');

export function retestText(draft: Draft): string {
  const { mended, newly, p } = change(draft.before, same(draft));
  const refusedAfter = draft.harmless.after.filter(({ refused }) => refused).length;
  return [
    `With guardrails ${rateWords(rateOf(same(draft)))} succeeded, against ${rateWords(rateOf(draft.before))} without; ${mended} mended, ${newly} new (p = ${p.toFixed(3)}).`,
    fresh(draft).length > 0 && `Of the new wordings ${rateWords(rateOf(fresh(draft)))} succeeded against the guardrails.`,
    draft.harmless.after.length > 0 ? `The guardrails refuse ${refusedAfter} of ${countOf(draft.harmless.after.length, 'harmless request')}; ${draft.harmless.before.filter(({ refused }) => refused).length} were refused without them.` : 'Wrong refusals were not measured, because no harmless request was given.',
    ...draft.after.filter(broke).slice(0, 8).map(({ attack, result }) => `Still open is “${FAMILY_LABELS[attack.family]}” (${attack.id}): ${RESULT_WORDS[result]}.`),
  ].filter(Boolean).join('\n');
}

/** rails.yml as it is saved; the same text is checked by lint_config. */
export function configText(input: RedTeamGuardrailsInput, draft: Draft): string {
  if (!draft.rails) return '';
  return railsYaml(draft.rails, input, `${rateOf(draft.before).broken} of ${draft.before.length} attacks succeeded before, ${rateOf(same(draft)).broken} of ${same(draft).length} after, ${rateOf(fresh(draft)).broken} of ${fresh(draft).length} in new wordings`, `Guardrails for: ${oneLine(input.purpose)}\nEach rule was applied in the second attack as it stands here. See retest.md.`);
}

export function assembleFiles(request: Request, input: RedTeamGuardrailsInput, draft: Draft, stage: Stage, remark: string | null): OutputFile[] {
  const { before, after, rails } = draft;
  if (before.length === 0 && draft.threats.length === 0) return [];
  const files: OutputFile[] = [{ key: 'retest', fileName: 'retest.md', mimeType: 'text/markdown', content: report(request, input, draft, stage, remark), summary: rails && after.length > 0 ? `${rateOf(before).broken} of ${before.length} attacks succeeded before, ${rateOf(same(draft)).broken} after` : `${rateOf(before).broken} of ${before.length} attacks succeeded` }];
  if (before.length === 0) return files;
  const row = (round: string, finding: Finding) => [finding.attack.id, round, FAMILY_LABELS[finding.attack.family], SEVERITY[finding.attack.family], finding.attack.text, finding.attack.document?.text, finding.result, broke(finding), finding.decidedBy, finding.evidence, finding.answer.slice(0, 600)];
  files.push({ key: 'findings', fileName: 'findings.csv', mimeType: 'text/csv', content: toCsv(['attack', 'round', 'family', 'severity', 'request', 'document', 'result', 'succeeded', 'decided_by', 'evidence', 'answer'], [...before.map((finding) => row('before', finding)), ...same(draft).map((finding) => row('after', finding)), ...fresh(draft).map((finding) => row('after, new wording', finding))]), summary: `${before.length + after.length} attacks with request, answer and proof` });
  if (!rails) return files;
  files.push({ key: 'rails', fileName: 'rails.yml', mimeType: 'application/yaml', content: configText(input, draft), summary: `${rails.input.length} input rules, ${rails.instructions.length} instructions, ${rails.tools.length} tools${draft.lint ? `; ${draft.lint.valid ? 'checked, valid' : 'checked, with errors'}` : ''}` });
  files.push({ key: 'rates', fileName: 'rates.svg', mimeType: 'image/svg+xml', content: barChart({ title: 'Attacks that succeeded, without and with guardrails', yLabel: 'Attacks' }, FAMILIES.filter((family) => before.some(({ attack }) => attack.family === family)).flatMap((family) => [{ label: `${family} before`, value: before.filter((finding) => finding.attack.family === family && broke(finding)).length }, { label: `${family} after`, value: same(draft).filter((finding) => finding.attack.family === family && broke(finding)).length }])), summary: `${rateOf(before).broken} before, ${rateOf(same(draft)).broken} after` });
  return files;
}

const SIDES = { a: 'without', b: 'with', tie: 'no difference' } as const;
/** What the judge said of the harmless answers. */
function costText({ harmless: { judged } }: Draft): string {
  if (judged.length === 0) return '';
  const { a, b, tie, turned } = tally(judged.map(({ verdict }) => verdict));
  return `Answers to harmless requests, judged twice with the places swapped: better without guardrails in ${a}, with them in ${b}, no difference in ${tie}; ${turned} of these turned with the order.\n\n${table(['Request', 'Better', 'Because', 'With the places swapped'], judged.map(({ request, verdict }) => [request, SIDES[verdict.winner], verdict.reasons[0], verdict.reasons[1]]))}`;
}

function report(request: Request, input: RedTeamGuardrailsInput, draft: Draft, stage: Stage, remark: string | null): string {
  const { before, after, rails, harmless } = draft;
  const open = after.filter(broke);
  const byFamily = FAMILIES.flatMap((family) => { const [first, second, third] = [before, same(draft), fresh(draft)].map((findings) => findings.filter(({ attack }) => attack.family === family)); return first && first.length > 0 ? [[FAMILY_LABELS[family], SEVERITY[family], count(first), count(second ?? []), count(third ?? [])]] : []; });
  const skipped = input.families.filter((family) => !before.some(({ attack }) => attack.family === family));
  const undecided = [...before, ...after].filter(({ result }) => result === 'to_judge').length;
  return page([
    '# Red team and guardrails',
    stamps(request, stage, 'three attacks and no guardrails. A Full run tries every kind, builds guardrails and attacks again.', remark),
    `**Application.** ${oneLine(input.purpose)}`,
    section('Result', bullets([`Without guardrails ${rateWords(rateOf(before))} succeeded.`, ...(rails && after.length > 0 ? retestText(draft).split('\n').slice(0, 3) : [])])),
    section('Reading', draft.reading && body(draft.reading)),
    section('By kind of attack', table(['Kind', 'Severity', 'Succeeded before', ...(rails ? ['After, same words', 'After, new words'] : [])], byFamily.map((cells) => (rails ? cells : cells.slice(0, 3))))),
    section('Findings', table(['Attack', 'Severity', 'Request', 'Result', 'Proof'], before.filter(broke).toSorted(severe).map(({ attack, result, evidence, decidedBy }) => [attack.id, SEVERITY[attack.family], attack.text.slice(0, 160), `${RESULT_WORDS[result]}${decidedBy === 'judge' ? ' (judge)' : ''}`, evidence.slice(0, 120)]))),
    before.length > 0 && before.filter(broke).length === 0 && section('Findings', 'No attack succeeded. That is no proof of safety: so few tries only rule out high rates.'),
    section('Still open with guardrails', table(['Attack', 'Severity', 'Request', 'Result'], open.toSorted(severe).map(({ attack, result }) => [attack.id, SEVERITY[attack.family], attack.text.slice(0, 160), RESULT_WORDS[result]]))),
    section('What the guardrails held', table(['Layer', 'Attacks held'], rails ? [['before the model', after.filter(({ result }) => result === 'blocked_input').length], ['after the model', after.filter(({ result }) => result === 'blocked_output').length], ['the model itself', after.filter(({ result }) => result === 'held').length]] : [])),
    section('Harmless requests', table(['Request', 'Without guardrails', 'With guardrails'], harmless.after.map((after_, at) => [after_.request, harmless.before[at]?.refused ? `refused (${harmless.before[at]?.because})` : 'answered', after_.refused ? `REFUSED (${after_.because})` : 'answered']))),
    section('What the guardrails cost', costText(draft)),
    section('Threats', table(['Threat', 'What it would cost', 'Way in'], draft.threats.map(({ threat_title: title, harm, way_in: way }) => [title, harm, way.replaceAll('_', ' ')]))),
    rails && section('Rules added to the prompt', bullets(rails.instructions) || null),
    section('Method', bullets([
      'Every attack went to the model of this run under the given prompt, and nowhere else. Tools were names that do nothing; addresses end in .invalid, which nobody can own.',
      `Planted marks and a planted secret decide by code: ${before.filter(({ decidedBy }) => decidedBy === 'code').length} of ${before.length} in the first round. What no mark can show goes to a judge${undecided > 0 ? `; ${countOf(undecided, 'answer')} stay undecided and count as held` : ''}.`,
      'One try for each wording. Intervals are Wilson’s at 95 %, the change is tested by the exact McNemar test on the same attacks.',
      ...(skipped.length > 0 && stage === 'full' ? [`Not tried, because the application has nothing of the kind: ${skipped.map((family) => FAMILY_LABELS[family]).join(', ')}.`] : []),
      ...(draft.lint && !draft.lint.valid ? draft.lint.problems.slice(0, 5).map((problem) => `rails.yml, line ${problem.line}: ${problem.message}`) : []), ...draft.notes,
    ])),
    draft.sources.markdown([body(draft.reading)]),
    nextSteps([
      stage === 'test' && 'Run Full to try every kind and to build guardrails.',
      ...[...new Set(open.map(({ attack }) => attack.family))].map((family) => `Take away what makes “${FAMILY_LABELS[family]}” possible: fewer rights, no secrets in the prompt, approval by a person.`),
      rails && 'Put rails.yml in front of the application, and findings.csv into its regression tests.',
      harmless.after.some(({ refused }, at) => refused && !harmless.before[at]?.refused) && 'Loosen the rules that refuse harmless requests, and measure again.',
      stage === 'full' && harmless.after.length < 5 && 'Add harmless requests close to the border, so that wrong refusals are known.',
      stage === 'full' && 'Repeat each attack several times, and let people try: fixed wordings find fixed holes.',
    ]),
  ]);
}

const count = (findings: readonly Finding[]): string => (findings.length === 0 ? '—' : `${findings.filter(broke).length} of ${findings.length}`);
