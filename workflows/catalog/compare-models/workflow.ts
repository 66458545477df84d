import type { QueryData } from '#contracts/data-tools';
import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import { mapItems, type Step } from '../../stages/step.ts';
import { findMaterial } from '../../steps/find-material.ts';
import { judgePair } from '../../steps/panel.ts';
import { spread } from '../../steps/scoring.ts';
import { verifyCitations } from '../../steps/verify-citations.ts';
import type { CompareModelsInput, FailureReading } from './definition.ts';
import { assembleFiles, failuresOf, leaderboard, newDraft, pick, standings, type Draft } from './files.ts';
import { advicePrompt, answerPrompt, failuresPrompt, judgePrompt } from './prompts.ts';
import { candidateCount, caseCount, failureCount, judgedCount } from './sizes.ts';

type Context = StageContext<CompareModelsInput>;
const PARALLEL = 3;

/** Compare models: sample → answers of every candidate → score → judge in both orders → significance → failures → pick. */
export async function compareModels(request: RunRequest<CompareModelsInput>): Promise<RunResult> {
  return runStages<CompareModelsInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona } } = context;
  draft.candidates = input.candidates.slice(0, candidateCount(input.candidates.length, stage));
  context.expectSteps(5 + draft.candidates.length);
  await context.step('cases', 'Take an even sample of the cases', (step) => sample(context, step, draft));
  for (const [place, candidate] of draft.candidates.entries()) {
    await context.step(`answer-${place + 1}`, `Let ${candidate.name} answer`, async (step) => {
      const mine: string[] = [];
      draft.answers[place] = mine;
      await mapItems(draft.cases, PARALLEL, async (given, at) => { mine[at] = await step.write(answerPrompt(input, candidate, given, stage)); });
      const row = leaderboard(input, draft).find((found) => found.place === place);
      step.summarise(`${row?.right ?? 0} of ${draft.cases.length} right.`);
    });
  }
  if (input.judge) await context.step('judge', 'Ask a judge in both orders', (step) => judge(context, step, draft));
  await context.step('failures', 'Sort the failures', (step) => readFailures(context, step, draft));
  const rows = leaderboard(input, draft);
  // Runs of version 1 have no such choice in their inputs.
  const practice = input.practice && stage === 'full' ? await context.step('library', 'Look into the library', async (step) => draft.sources.add(await findMaterial(context, step, { query: 'comparing models: sample size, significance, judges, what to check before relying on it', limit: 2 }))) : [];
  await context.step('advice', 'Explain the pick', async (step) => {
    const source = draft.sources.addText('leaderboard', 'Leaderboard of this run', `${pick(rows)}\n\n${rows.map((row) => `${row.name} was right in ${row.right} of ${row.n} cases${row.p === null ? ', as the baseline' : `, p = ${row.p.toFixed(3)} against the baseline`}.`).join('\n')}\n\n${standings(rows)}`, 'computed');
    draft.advice = await step.write(advicePrompt(input, [source, ...practice], stage, persona));
    step.summarise(pick(rows));
  });
  await verifyCitations(context, draft.sources, [draft.advice]);
}

async function sample({ input, stage }: Context, step: Step, draft: Draft): Promise<void> {
  const all = [...input.cases];
  if (input.cases_file) {
    const found = await step.tool('query_data', { upload: input.cases_file, sql: 'SELECT CAST(text AS VARCHAR) AS text, CAST(expected AS VARCHAR) AS expected FROM data WHERE text IS NOT NULL AND expected IS NOT NULL', max_rows: 200 });
    const rows = found.outcome === 'ok' ? (found.data as QueryData).rows : [];
    all.push(...rows.map(([text, expected]) => ({ text: String(text), expected: String(expected) })));
    draft.notes.push(found.outcome === 'ok' ? `${rows.length} cases came from the file.` : `The file was not used: ${found.summary}`);
  }
  draft.given = all.length;
  draft.cases = spread(all.length, caseCount(input.sample_size, stage)).map((at) => ({ id: `case${at + 1}`, text: all[at]?.text ?? '', expected: all[at]?.expected ?? '' }));
  step.summarise([`${draft.cases.length} of ${all.length} cases.`, ...draft.notes].join(' '));
}

async function judge({ input, stage, request: { persona } }: Context, step: Step, draft: Draft): Promise<void> {
  const cases = draft.cases.slice(0, judgedCount(draft.cases.length, stage));
  for (let place = 1; place < draft.candidates.length; place += 1) {
    const verdicts: Draft['verdicts'][number] = [];
    draft.verdicts[place] = verdicts;
    for (const [at, given] of cases.entries()) {
      const texts = { a: draft.answers[0]?.[at] ?? '', b: draft.answers[place]?.[at] ?? '' };
      verdicts.push(await judgePair(step, 'pair', (first, second) => judgePrompt(input, given, texts[first], texts[second], stage, persona)));
    }
  }
  const all = draft.verdicts.flat();
  step.summarise(`${all.length} pairs; the judge changed its mind with the order in ${all.filter((verdict) => !verdict.consistent).length}, which count as ties.`);
}

async function readFailures({ input, stage, request: { persona } }: Context, step: Step, draft: Draft): Promise<void> {
  const all = failuresOf(input, draft);
  const failures = spread(all.length, failureCount(stage)).flatMap((at) => all[at] ?? []);
  if (failures.length === 0) return step.summarise('No answer was wrong.');
  const { failures: readings } = await step.answer<FailureReading>('failures', failuresPrompt(input, failures, stage, persona), failures.length);
  draft.read = failures.flatMap((failure, index) => (readings[index] ? [{ ...failure, ...readings[index] }] : []));
  step.summarise(`${draft.read.length} of ${all.length} failures sorted.`);
}
