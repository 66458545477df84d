import { barChart } from '#contracts/charts';
import { toCsv, type CsvCell } from '#contracts/csv';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import { body, bullets, nextSteps, oneLine, page, section, stamps, table } from '../../steps/report.ts';
import { Sources } from '../../steps/sources.ts';
import { figure, percent } from '../../steps/table-data.ts';
import type { AbTestReadoutInput, Objections, OwnerDecision } from './definition.ts';
import { levelFor, standingOf, STANDING_WORDS, type Effect, type Guardrail, type recommend, type Rule } from './effects.ts';
import type { Arm } from './queries.ts';
import { pWords, type Check, type Evidence } from './sceptic.ts';
import { DECISION_WORDS, type Decision } from './sizes.ts';

/** The draft and the files made from it, finished or not. Pure. */
export interface Draft {
  arms: Arm[]; ratio: { p: number; mismatch: boolean; expected: number[] } | null; crossover: Evidence['crossover']; choice: string; effects: Effect[]; second: Evidence['second']; segments: Effect[]; balance: Evidence['balance']; guardrails: Guardrail[]; needed: number | null;
  checks: Check[]; recommendation: ReturnType<typeof recommend> | null; objections: Objections['objections']; owner: (OwnerDecision & { answered: boolean }) | null; reading: string; notes: string[]; sources: Sources;
}
export const newDraft = (): Draft => ({ arms: [], ratio: null, crossover: null, choice: '', effects: [], second: [], segments: [], balance: [], guardrails: [], needed: null, checks: [], recommendation: null, objections: [], owner: null, reading: '', notes: [], sources: new Sources() });

type Stage = 'test' | 'full';
type Request = Pick<RunRequest, 'provider'>;

export const ruleOf = (input: AbTestReadoutInput, control: Arm | undefined): Rule => ({ level: levelFor(Number(input.alpha), input.looks), smallest: (input.smallest_effect_percent / 100) * Math.abs(control?.mean ?? 0), better: input.better });
export const decided = ({ owner, recommendation }: Draft): Decision => (owner && owner.decision !== 'recommendation' ? owner.decision : recommendation?.decision ?? 'repair');

/** A share as percent, any other figure as it is. */
const shown = (value: number | null, isShare: boolean): string => (value === null || !Number.isFinite(value) ? '—' : isShare ? `${(value * 100).toFixed(2)} %` : figure(value));
const points = (value: number | null, isShare: boolean): string => (value === null || !Number.isFinite(value) ? '—' : `${value > 0 ? '+' : ''}${isShare ? `${(value * 100).toFixed(2)} points` : figure(value)}`);
const WEIGHTS = ['high', 'medium', 'low'];
const GUARD_WORDS = { safe: 'holds', open: 'is not shown to hold', breached: 'is breached' } as const;
const isShare = (arm: Arm | undefined): boolean => arm?.successes !== null && arm?.successes !== undefined;
const span = ({ low, high }: Pick<Effect, 'low' | 'high'>, share: boolean): string => `${points(low, share)} to ${points(high, share)}`;
const relative = (value: number | null): string => (value === null ? '—' : `${value > 0 ? '+' : ''}${percent(value)}`);

/** The same figures as sentences that a model can read and cite. */
export function countsText({ arms, ratio, notes }: Draft): string {
  return [
    ...arms.map((arm, index) => `${arm.name}${index === 0 && arm.name !== 'control' ? ', the control,' : ''} has ${arm.people} people, ${ratio?.expected[index] === undefined ? 'without a known plan' : `where the plan expects ${Math.round(ratio.expected[index])}`}.`),
    ratio && `The sample ratio ${ratio.mismatch ? 'does not fit the plan: assignment or logging is broken, and the outcomes must not be read' : 'fits the plan, so the outcomes can be read'} (${pWords(ratio.p)}).`,
    ...notes,
  ].filter(Boolean).join('\n') || 'Nothing could be counted.';
}

export function effectsText({ effects, segments, guardrails, needed, choice }: Draft, rule: Rule, outcome: string): string {
  const sentence = (effect: Effect): string => `The outcome ${outcome} of ${effect.treatment}${effect.segment ? ` in ${effect.segment}` : ''} is ${shown(effect.arm.mean, isShare(effect.arm))} against ${shown(effect.control.mean, isShare(effect.control))} in the control, a difference of ${points(effect.difference, isShare(effect.arm))} with an interval from ${span(effect, isShare(effect.arm))} (${pWords(effect.pHolm)}, corrected): ${STANDING_WORDS[standingOf(effect, rule)]}.`;
  return [
    choice && `Choice of the test: ${choice}`,
    ...effects.map(sentence), ...segments.map(sentence),
    ...guardrails.map((guard) => `The guardrail ${guard.column} ${GUARD_WORDS[guard.standing]} for ${guard.treatment}: ${shown(guard.value, guard.share)} against ${shown(guard.control, guard.share)} (${pWords(guard.p)}).`),
    needed !== null && `To find the smallest effect, ${needed} people are needed in each variant.`,
  ].filter(Boolean).join('\n') || 'No effect could be calculated.';
}

export const checksText = ({ checks }: Draft): string => checks.map(({ check, outcome, finding }) => `${check} ${outcome === 'holds' ? 'holds' : outcome === 'doubt' ? 'raises doubt' : 'fails'}: ${finding}`).join('\n') || 'No check could be made.';

export function recommendationText(draft: Draft): string {
  const { recommendation, owner } = draft;
  if (!recommendation) return 'There is no recommendation.';
  return `The recommendation by rule is: ${DECISION_WORDS[recommendation.decision]}${recommendation.treatment ? ` (${recommendation.treatment})` : ''}. ${recommendation.because}\n${ownerWords(owner)}`;
}

function ownerWords(owner: Draft['owner']): string {
  if (!owner) return 'The owner was not asked; the recommendation stands.';
  if (!owner.answered) return 'The owner was asked and gave no answer in time; the recommendation stands as an assumption.';
  return `${owner.decision === 'recommendation' ? 'The owner agrees with the recommendation' : `The owner decided otherwise: ${DECISION_WORDS[owner.decision]}`}${owner.reason ? `, because: ${oneLine(owner.reason)}` : ''}.`;
}

export function assembleFiles(request: Request, input: AbTestReadoutInput, draft: Draft, stage: Stage, remark: string | null): OutputFile[] {
  const { arms } = draft;
  if (arms.length === 0 && !draft.reading && draft.notes.length === 0) return [];
  const headline = draft.recommendation ? `${DECISION_WORDS[decided(draft)]}${draft.recommendation.treatment ? `: ${draft.recommendation.treatment}` : ''}` : draft.ratio ? `The split ${draft.ratio.mismatch ? 'does not fit' : 'fits'} the plan` : 'The results could not be read';
  const files: OutputFile[] = [{ key: 'decision', fileName: 'decision.md', mimeType: 'text/markdown', content: report(request, input, draft, stage, remark), summary: headline }];
  if (arms.length === 0) return files;
  files.push({ key: 'tables', fileName: 'tables.csv', mimeType: 'text/csv', content: tables(input, draft), summary: `${arms.length} variants, ${draft.effects.length + draft.segments.length} comparisons, ${draft.guardrails.length} guardrail checks` });
  if (stage === 'full') files.push({ key: 'outcome', fileName: 'outcome.svg', mimeType: 'image/svg+xml', content: barChart({ title: `${input.outcome_column} by ${input.variant_column}`, yLabel: isShare(arms[0]) ? 'Share of people in %' : 'Mean a person' }, arms.map((arm) => ({ label: arm.name, value: isShare(arm) ? Math.round(arm.mean * 10_000) / 100 : arm.mean }))), summary: arms.map((arm) => `${arm.name} ${shown(arm.mean, isShare(arm))}`).join(', ') });
  return files;
}

function report(request: Request, input: AbTestReadoutInput, draft: Draft, stage: Stage, remark: string | null): string {
  const { arms, effects, segments, guardrails, checks, recommendation, ratio } = draft;
  const rule = ruleOf(input, arms[0]);
  const share = isShare(arms[0]);
  const confidence = percent(1 - rule.level / Math.max(1, arms.length - 1));
  const doubts = checks.filter(({ outcome }) => outcome !== 'holds');
  return page([
    `# ${recommendation ? `${DECISION_WORDS[decided(draft)]}${recommendation.treatment ? `: ${oneLine(recommendation.treatment)}` : ''}` : 'First check of the experiment'}`,
    stamps(request, stage, 'counts and split only; outcomes are not read. A Full run tests the effect.', remark),
    `**Hypothesis.** ${oneLine(input.hypothesis)}`,
    recommendation && section('Decision', [`**${DECISION_WORDS[decided(draft)]}${recommendation.treatment ? ` (${oneLine(recommendation.treatment)})` : ''}.** By rule: ${DECISION_WORDS[recommendation.decision]}. ${oneLine(recommendation.because)}`, ownerWords(draft.owner)].join('\n\n')),
    section(stage === 'test' ? 'Reading of the first check' : 'Reasoning', draft.reading && body(draft.reading)),
    section('People and split', [table(['Variant', 'People', 'Expected by the plan', stage === 'full' ? 'With an outcome' : ''].filter(Boolean), arms.map((arm, index) => [`${arm.name}${index === 0 && arm.name !== 'control' ? ' (control)' : ''}`, arm.people, ratio?.expected[index] === undefined ? null : Math.round(ratio.expected[index]), ...(stage === 'full' ? [arm.measured] : [])])), ratio && `The split ${ratio.mismatch ? '**does not fit** the plan' : 'fits the plan'} (${pWords(ratio.p)}; below 0.001 counts as broken).`].filter(Boolean).join('\n\n')),
    recommendation?.decision === 'repair' && effects.length > 0 && '> The figures below are shown for the search of the cause. They must not be used for a decision.',
    section(`Effect on ${input.outcome_column}`, table(['Variant', 'Control', 'Variant’s value', 'Difference', `${confidence} interval`, 'Relative', 'p', 'Standing'], effects.map((effect) => [effect.treatment, shown(effect.control.mean, share), shown(effect.arm.mean, share), points(effect.difference, share), span(effect, share), relative(effect.relative), pWords(effect.pHolm), STANDING_WORDS[standingOf(effect, rule)]]))),
    effects.length > 0 && `Worth it from ${points(rule.better === 'higher' ? rule.smallest : -rule.smallest, share)} (${input.smallest_effect_percent} % of the control)${draft.needed === null ? '' : `; finding that takes ${draft.needed} people in each variant`}.`,
    section('Segments', table(['Segment', 'Variant', 'People', 'Difference', 'Interval', 'p, corrected'], segments.map((effect) => [effect.segment, effect.treatment, effect.arm.people + effect.control.people, points(effect.difference, share), span(effect, share), pWords(effect.pHolm)]))),
    segments.length > 0 && `${segments.filter(({ pHolm }) => pHolm < rule.level).length} of ${segments.length} segments differ beyond chance after Holm’s correction. A segment is a hypothesis for the next test, not a result of this one.`,
    section('Guardrails', table(['Column', 'Variant', 'Control', 'Variant’s value', 'May worsen by', 'Worsens by', 'p, no difference', 'Standing'], guardrails.map((guard) => [guard.column, guard.treatment, shown(guard.control, guard.share), shown(guard.value, guard.share), points(guard.limit, guard.share), points(guard.worse, guard.share), pWords(guard.p), GUARD_WORDS[guard.standing]]))),
    section('Checks of the sceptic', table(['Check', 'Outcome', 'Finding', 'What would settle it'], checks.map(({ check, outcome, finding, settle }) => [check, { holds: 'holds', doubt: 'doubt', fails: 'FAILS' }[outcome], finding, outcome === 'holds' ? null : settle]))),
    section('Objections', draft.objections.toSorted((a, b) => WEIGHTS.indexOf(a.weight) - WEIGHTS.indexOf(b.weight)).map((each, index) => `${index + 1}. **${oneLine(each.check_title).replace(/ \(weight: \w+\)$/, '')}** (weight: ${each.weight}): ${oneLine(each.objection)}`).join('\n')),
    section('Method', bullets([
      draft.choice && `Choice of the test: ${draft.choice}`,
      effects.length > 0 && `Level ${input.alpha}${input.looks > 1 ? `, divided by ${input.looks} looks: ${rule.level.toPrecision(2)}` : ''}${arms.length > 2 ? `; p values of ${arms.length - 1} variants corrected by Holm, intervals by Bonferroni` : ''}.`,
      'Every figure was calculated by the table engine and the statistics tool; no model calculated anything.', ...draft.notes,
    ].filter((line): line is string => Boolean(line)))),
    draft.sources.markdown([body(draft.reading)]),
    nextSteps([
      stage === 'test' && ratio && !ratio.mismatch && 'Run Full to test the effect.',
      arms.length === 0 && 'Check the names of the columns and what one row is, then run again; nothing is calculated yet.',
      ratio?.mismatch && 'Find why people are missing (redirects, crashes, bots, filters after assignment), repair it, and run the experiment anew.',
      decided(draft) === 'ship' && recommendation && `Ship ${oneLine(recommendation.treatment ?? 'it')} in steps, and keep a holdout to see whether the effect lasts.`,
      decided(draft) === 'keep_running' && draft.needed !== null && `Keep it running until each variant has ${draft.needed} people, in whole weeks, and look once.`,
      decided(draft) === 'do_not_ship' && 'Write down what was learnt; the next idea should aim at a larger effect.',
      ...guardrails.filter(({ standing }) => standing === 'open').map((guard) => `Watch ${guard.column}: it is not shown to hold.`),
      ...doubts.slice(0, 4).map(({ check, settle }) => `“${check}” is in doubt: ${settle}.`),
    ]),
  ]);
}

/** One row a figure, so that a spreadsheet can filter. */
function tables(input: AbTestReadoutInput, draft: Draft): string {
  const rule = ruleOf(input, draft.arms[0]);
  const compared = (kind: string, effect: Effect): CsvCell[] => [kind, effect.segment || 'all', effect.treatment, effect.control.name, effect.arm.people, effect.control.people, effect.arm.mean, effect.control.mean, effect.difference, effect.low, effect.high, effect.relative, effect.p, effect.pHolm, effect.method, standingOf(effect, rule)];
  return toCsv(['table', 'segment', 'variant', 'control', 'people_variant', 'people_control', 'value_variant', 'value_control', 'difference', 'low', 'high', 'relative_change', 'p', 'p_corrected', 'method', 'standing'], [
    ...draft.arms.map((arm, index): CsvCell[] => ['people', 'all', arm.name, index === 0 ? arm.name : null, arm.people, null, arm.mean, null, draft.ratio?.expected[index] === undefined ? null : arm.people - draft.ratio.expected[index], null, null, null, draft.ratio?.p, null, 'sample ratio', draft.ratio ? (draft.ratio.mismatch ? 'mismatch' : 'fits') : null]),
    ...draft.effects.map((effect) => compared('effect', effect)), ...draft.segments.map((effect) => compared('segment', effect)),
    ...draft.guardrails.map((guard): CsvCell[] => ['guardrail', 'all', guard.treatment, draft.arms[0]?.name, null, null, guard.value, guard.control, guard.worse, guard.low, guard.high, null, guard.p, null, `${guard.column} may worsen by ${figure(guard.limit)}`, guard.standing]),
  ]);
}
