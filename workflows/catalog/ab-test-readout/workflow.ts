import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import { branch } from '../../steps/branch.ts';
import { findMaterial } from '../../steps/find-material.ts';
import type { Source } from '../../steps/sources.ts';
import { verifyCitations } from '../../steps/verify-citations.ts';
import type { AbTestReadoutInput, Objections, OwnerDecision } from './definition.ts';
import { recommend, type Rule } from './effects.ts';
import { assembleFiles, checksText, countsText, decided, effectsText, newDraft, recommendationText, ruleOf, type Draft } from './files.ts';
import { checkGuardrails, checkRatio, columnsOf, countArms, findCrossover, measureEffects, measureSegments, peopleNeeded, plainTestFits, readValues, type Measured } from './measure.ts';
import { doubtItems, firstCheckPrompt, memoPrompt, scepticPrompt } from './prompts.ts';
import { brokenBy, pWords, scepticChecks } from './sceptic.ts';
import { DECISION_WORDS } from './sizes.ts';

type Context = StageContext<AbTestReadoutInput>;

/** A/B read-out: count → sample ratio → choose the test → interval → segments, guardrails → sceptic → recommendation → owner → memo. */
export async function abTestReadout(request: RunRequest<AbTestReadoutInput>): Promise<RunResult> {
  return runStages<AbTestReadoutInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona } } = context;
  context.expectSteps(stage === 'test' ? 5 : 13);
  const measured = (step: Measured['step']): Measured => ({ step, input, columns: columnsOf(input), note: (sentence) => { draft.notes.push(sentence); } });
  await context.step('count', 'Count people in each variant', async (step) => {
    draft.arms = await countArms(measured(step));
    draft.crossover = draft.arms.length > 0 ? await findCrossover(measured(step)) : null;
    step.summarise(draft.arms.length > 0 ? draft.arms.map((arm) => `${arm.name}: ${arm.people}`).join(', ') : draft.notes.join(' '));
  });
  await context.step('ratio', 'Check the sample ratio', async (step) => {
    if (draft.arms.length > 0) draft.ratio = await checkRatio(measured(step), draft.arms);
    step.summarise(draft.ratio ? `The split ${draft.ratio.mismatch ? 'is not the planned one' : 'fits the plan'} (${pWords(draft.ratio.p)}).` : 'The split could not be tested.');
  });
  const found = await context.step('library', 'Look into the library', (step) => findMaterial(context, step, { query: draft.ratio?.mismatch ? 'sample ratio mismatch' : 'A/B test analysis interval decision segments peeking', limit: stage === 'test' ? 1 : 3 }));
  draft.sources.addText('counts', 'Counts and first check', countsText(draft), 'statistics');
  const library = draft.sources.add(found);
  if (stage === 'test') {
    draft.reading = await context.step('first', 'Read the first check', async (step) => {
      const text = await step.write(firstCheckPrompt(input, draft.sources.all.slice(0, 2), persona));
      step.summarise(draft.ratio?.mismatch ? 'The counts do not fit the plan.' : 'The counts are read.');
      return text;
    });
  } else await readOut(context, draft, measured, library);
  await verifyCitations(context, draft.sources, [draft.reading]);
}

async function readOut(context: Context, draft: Draft, measured: (step: Measured['step']) => Measured, library: readonly Source[]): Promise<void> {
  const { input, request: { persona } } = context;
  const [control] = draft.arms;
  const rule: Rule = ruleOf(input, control);
  if (control) await measureAll(context, draft, measured, rule);
  draft.checks = control ? scepticChecks({ ...draft, daysRun: input.days_run, looks: input.looks }, rule) : [];
  draft.recommendation = recommend(draft.effects, rule, draft.guardrails, brokenBy(draft.checks));
  draft.sources.addText('effects', 'Effects, segments and guardrails', effectsText(draft, rule, input.outcome_column), 'statistics');
  draft.sources.addText('checks', 'Checks of the sceptic', checksText(draft), 'computed');
  const figures = draft.sources.all.filter(({ source }) => source !== 'library');
  draft.objections = await context.step('sceptic', 'Let a sceptic argue against it', async (step) => {
    const doubts = doubtItems(draft.checks);
    if (doubts.length === 0) { step.summarise('There is no check to argue from.'); return []; }
    const { objections } = await step.answer<Objections>('objections', scepticPrompt(input, effectsText(draft, rule, input.outcome_column), doubts, persona), doubts.length);
    step.summarise(`${draft.checks.filter(({ outcome }) => outcome !== 'holds').length} of ${draft.checks.length} checks raise doubt; ${objections.length} objections.`);
    return objections;
  });
  await askOwner(context, draft);
  draft.sources.addText('decision', 'Recommendation and decision', recommendationText(draft), 'computed');
  draft.reading = await context.step('memo', 'Write the decision memo', async (step) => {
    const text = await step.write(memoPrompt(input, DECISION_WORDS[decided(draft)], [...figures, ...draft.sources.all.slice(-1), ...library.slice(0, 1)], persona));
    step.summarise(`${DECISION_WORDS[decided(draft)]}.`);
    return text;
  });
}

async function measureAll(context: Context, draft: Draft, measured: (step: Measured['step']) => Measured, rule: Rule): Promise<void> {
  const values = await context.step('values', 'Look at the outcomes', async (step) => {
    const read = await readValues(measured(step), draft.arms);
    step.summarise(draft.arms.map((arm) => `${arm.name}: ${Number(arm.mean.toPrecision(4))} on average from ${arm.measured}`).join(', '));
    return read;
  });
  const { plain, because } = plainTestFits(draft.arms, input(context).row_kind, values);
  draft.choice = because;
  const isPlain = await branch(context, 'choose', 'Does the usual test fit?', { when: plain, because, yes: () => Promise.resolve(true), no: () => Promise.resolve(false) });
  await context.step('effect', 'Test the effect and give its interval', async (step) => {
    const { effects, second } = await measureEffects(measured(step), draft.arms, values, isPlain, rule.level);
    Object.assign(draft, { effects, second });
    step.summarise(effects.map((effect) => `${effect.treatment}: ${pWords(effect.pHolm)}`).join(', ') || 'No comparison could be calculated.');
  });
  await context.step('segments', 'Look into the segments', async (step) => {
    Object.assign(draft, await measureSegments(measured(step), draft.arms, rule.level));
    step.summarise(`${draft.segments.length} comparisons, ${draft.segments.filter(({ pHolm }) => pHolm < rule.level).length} beyond chance after correction.`);
  });
  await context.step('guardrails', 'Check the guardrails', async (step) => {
    draft.guardrails = await checkGuardrails(measured(step), draft.arms, rule.level);
    draft.needed = draft.arms[0] ? await peopleNeeded(measured(step), draft.arms[0], rule) : null;
    step.summarise(`${draft.guardrails.filter(({ standing }) => standing === 'safe').length} of ${draft.guardrails.length} guardrails are shown to hold.`);
  });
}

const input = (context: Context): AbTestReadoutInput => context.input;

/** The owner has the last word; nobody there means that the recommendation stands, and the report says so. */
async function askOwner(context: Context, draft: Draft): Promise<void> {
  const { recommendation } = draft;
  if (!context.input.ask_owner || !recommendation) return;
  const otherwise: OwnerDecision = { decision: 'recommendation', reason: '' };
  const answer = await context.ask<OwnerDecision>({
    key: 'decision', title: `Your decision? Without an answer: ${DECISION_WORDS[recommendation.decision]}.`, questions: 'owner_decision', waitMs: context.input.wait_minutes * 60_000, otherwise,
    shown: { hypothesis: context.input.hypothesis, recommendation: DECISION_WORDS[recommendation.decision], about: recommendation.treatment, because: recommendation.because, doubts: draft.checks.filter(({ outcome }) => outcome !== 'holds').map(({ finding }) => finding).slice(0, 12), objections: draft.objections.map(({ objection }) => objection) },
  });
  draft.owner = { ...answer, answered: answer !== otherwise };
}
