import type { QueryData } from '#contracts/data-tools';
import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import { mapItems, type Step } from '../../stages/step.ts';
import { findMaterial } from '../../steps/find-material.ts';
import { judgePair, tally } from '../../steps/panel.ts';
import { verifyCitations } from '../../steps/verify-citations.ts';
import type { Changes, PromptOptimiserInput } from './definition.ts';
import { assembleFiles, checkOf, failuresText, newDraft, scoresText, verdictSentence, type Draft } from './files.ts';
import { answerPrompt, judgePrompt, proposePrompt, readingPrompt } from './prompts.ts';
import { bestOf, changed, compare, failureKind, mostFrequent, scoreOf, withKept, type Candidate, type Case, type Score } from './search.ts';
import { candidateCount, MAX_JUDGED, roundCount, splitOf } from './sizes.ts';
import { strategyItems } from './strategies.ts';

type Context = StageContext<PromptOptimiserInput>;
const PARALLEL = 3;
const MAX_CASES = 40;

/** Prompt optimiser: split → baseline → rounds of one change a candidate, keep the best → winner on what was held back → regression set. */
export async function promptOptimiser(request: RunRequest<PromptOptimiserInput>): Promise<RunResult> {
  return runStages<PromptOptimiserInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona } } = context;
  context.expectSteps(5 + 2 * roundCount(input.rounds, stage));
  await context.step('split', 'Split the examples', (step) => split(context, step, draft));
  const start: Candidate = await context.step('baseline', 'Score your prompt', async (step) => {
    const prompt = withKept(input.start_prompt, input.must_keep);
    const score = await ask(context, step, draft, prompt, draft.dev);
    step.summarise(`${score.hits} of ${score.n} right.`);
    return { round: 0, number: 0, change: null, prompt, score, kept: true };
  });
  draft.tries.push(start);
  draft.best = start;
  for (let round = 1; round <= roundCount(input.rounds, stage); round += 1) {
    context.turn();
    const go = await oneRound(context, draft, round);
    if (!go) break;
  }
  if (draft.holdout.length > 0 && draft.best !== start) await context.step('holdout', 'Check the winner on what was held back', (step) => checkHoldout(context, step, draft, start));
  // Runs of version 1 have no such choice in their inputs.
  if (input.judge && draft.held) await context.step('judge', 'Let a judge compare both, in both orders', (step) => judge(context, step, draft, start));
  const found = await context.step('library', 'Look into the library', (step) => findMaterial(context, step, { query: 'prompt optimisation comparing variants held out set regression suite', limit: stage === 'test' ? 1 : 2 }));
  const facts = [draft.sources.addText('scores', 'Scores of this run', scoresText(draft), 'computed'), draft.sources.addText('failures', 'What still fails', failuresText(input, draft), 'computed')];
  const library = draft.sources.add(found);
  draft.reading = await context.step('reading', 'Explain the result', async (step) => {
    const text = await step.write(readingPrompt(input.start_prompt, [...facts, ...library], stage, persona));
    step.summarise(verdictSentence(draft));
    return text;
  });
  await verifyCitations(context, draft.sources, [draft.reading]);
}

async function split({ input, stage }: Context, step: Step, draft: Draft): Promise<void> {
  const all = [...input.examples];
  if (input.examples_file) {
    const found = await step.tool('query_data', { upload: input.examples_file, sql: 'SELECT CAST(text AS VARCHAR) AS text, CAST(expected AS VARCHAR) AS expected FROM data WHERE text IS NOT NULL AND expected IS NOT NULL', max_rows: MAX_CASES });
    const rows = found.outcome === 'ok' ? (found.data as QueryData).rows : [];
    all.push(...rows.map(([text, expected]) => ({ text: String(text), expected: String(expected) })));
    draft.notes.push(found.outcome === 'ok' ? `${rows.length} examples came from the file.` : `The file was not used: ${found.summary}`);
  }
  const cases = all.slice(0, MAX_CASES).map((each, index): Case => ({ id: `case${index + 1}`, ...each }));
  const { dev, holdout } = splitOf(cases.length, input.holdout_percent, stage);
  draft.dev = dev.flatMap((at) => cases[at] ?? []);
  draft.holdout = holdout.flatMap((at) => cases[at] ?? []);
  step.summarise([`${draft.dev.length} to tune on, ${draft.holdout.length} held back.`, ...draft.notes].join(' '));
}

/** Every case once; the calls are counted against the person's budget. */
async function ask({ input, stage }: Context, step: Step, draft: Draft, prompt: string, cases: readonly Case[]): Promise<Score> {
  const answers: string[] = [];
  draft.calls += cases.length;
  await mapItems(cases, PARALLEL, async (given, at) => { answers[at] = await step.write(answerPrompt(prompt, given, stage)); });
  return scoreOf(checkOf(input), cases, answers);
}

/** @returns whether another round is worth it */
async function oneRound(context: Context, draft: Draft, round: number): Promise<boolean> {
  const { input, stage, request: { persona } } = context;
  const best = draft.best as Candidate;
  const missed = draft.dev.filter((_, at) => !best.score.right[at]);
  if (missed.length === 0) { draft.stopped = `Every development case is right after round ${round - 1}.`; return false; }
  const left = stage === 'test' ? Infinity : input.call_budget - draft.calls - 2 * draft.holdout.length;
  const count = Math.min(candidateCount(input.candidates, stage), input.strategies.length, Math.floor(left / draft.dev.length));
  if (count < 1) { draft.stopped = `The budget of ${input.call_budget} calls does not cover another round.`; return false; }
  const kinds = draft.dev.flatMap((given, at) => (best.score.right[at] ? [] : [failureKind(checkOf(input), best.score.answers[at] ?? '', given.expected)]));
  const offered = strategyItems(input.strategies, round, missed[0], mostFrequent(kinds));
  const wanted = Math.min(count, offered.length);
  // A Test tries one change: the one that fits the failures best.
  const items = stage === 'test' ? offered.slice(0, wanted) : offered;
  if (wanted === 0) { draft.stopped = 'The chosen kinds of change offer nothing to try.'; return false; }
  const { changes } = await context.step(`propose-${round}`, `Round ${round}: propose changes`, async (step) => {
    const answer = await step.answer<Changes>('changes', proposePrompt(best.prompt, failuresText(input, draft), draft.tries.flatMap(({ change }) => change?.rule ?? []), items, wanted, stage, persona), wanted);
    step.summarise(answer.changes.map(({ rule }) => rule).join(' | '));
    return answer;
  });
  const candidates = await context.step(`score-${round}`, `Round ${round}: score the candidates`, async (step) => {
    const scored: Candidate[] = [];
    for (const [index, { strategy_title: strategy, ...change }] of changes.entries()) {
      const prompt = changed(best.prompt, { strategy, ...change }, input.must_keep);
      if (draft.tries.some((earlier) => earlier.prompt === prompt)) { draft.notes.push(`Round ${round}: “${change.rule}” was tried before and not scored again.`); continue; }
      const candidate: Candidate = { round, number: index + 1, change: { strategy, ...change }, prompt, score: await ask(context, step, draft, prompt, draft.dev), kept: false };
      scored.push(candidate);
      draft.tries.push(candidate);
    }
    step.summarise(scored.map(({ number, score }) => `Candidate ${number}: ${score.hits} of ${score.n}`).join(', ') || 'Nothing new to score.');
    return scored;
  });
  const next = bestOf(best, candidates);
  if (next === best) { draft.stopped = `Round ${round} brought no gain.`; return false; }
  next.kept = true;
  draft.best = next;
  draft.stopped = round === 1 ? 'The one round was used.' : `All ${round} rounds were used.`;
  return true;
}

async function checkHoldout(context: Context, step: Step, draft: Draft, start: Candidate): Promise<void> {
  const before = await ask(context, step, draft, start.prompt, draft.holdout);
  const after = await ask(context, step, draft, (draft.best as Candidate).prompt, draft.holdout);
  draft.held = { before, after, comparison: compare(before, after) };
  step.summarise(`${before.hits} of ${before.n} right before, ${after.hits} after.`);
}

/** What the score cannot see: the same mark for two answers of which one serves better. */
async function judge({ request: { persona } }: Context, step: Step, draft: Draft, start: Candidate): Promise<void> {
  const answers = draft.holdout.map((given, at) => ({ given, a: draft.held?.before.answers[at] ?? '', b: draft.held?.after.answers[at] ?? '' })).filter(({ a, b }) => a.trim() !== b.trim()).slice(0, MAX_JUDGED);
  for (const texts of answers) draft.judged.push({ id: texts.given.id, verdict: await judgePair(step, 'pair', (first, second) => judgePrompt(start.prompt, texts.given, texts[first], texts[second], persona)) });
  const { a, b, tie, turned } = tally(draft.judged.map(({ verdict }) => verdict));
  step.summarise(answers.length === 0 ? 'Both prompts answer what was held back in the same words.' : `New prompt ${b}, yours ${a}, no winner ${tie}; the verdict turned with the order in ${turned}.`);
}
