import { ApplicationFailure, CancellationScope, CancelledFailure, isCancellation, setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { CallExtras } from '#contracts/call-extras';
import { FULL_RUN_GATE, loweredCaps } from '#contracts/granted-limits';
import { clip } from '#contracts/material';
import type { RunLimits } from '#contracts/run-events';
import { MODE_WORDS, stagesOf, type Stage } from '#contracts/runs';
import type { RunRequest, RunResult } from '#contracts/workflow';
import { StageClock } from './clock.ts';
import { CapReached, Envelope } from './envelope.ts';
import { EventLog } from './event-log.ts';
import { recordEvidence, skipByEvidence } from './evidence.ts';
import type { ApprovalSpec, QuestionSpec } from './gates.ts';
import { governorOf, type Governor } from './governor.ts';
import { capSentence, errorOf, resultOf, resultOfCap } from './outcome.ts';
import { activitiesFor, type RunActivities } from './proxies.ts';
import { Step, type StageRoom } from './step.ts';
import { validate } from './validate.ts';
import { STAGE_ATTRIBUTE, STATUS_ATTRIBUTE } from './waiting.ts';

/** Characters of the sentence that heads an ended run. */
const MAX_HEADLINE = 300;
type WorkStage = Exclude<Stage, 'validate'>;
export interface OutputFile { key: string; fileName: string; mimeType: string; content: string; summary: string }

/** What a catalog workflow's `work` gets. */
export interface StageContext<Input> {
  readonly input: Input;
  readonly stage: WorkStage;
  readonly request: RunRequest<Input>;
  /** how many steps the person will see; may grow as the work learns more */
  expectSteps(total: number): void;
  /** runs one named step; its key is unique in the stage */
  step<T>(key: string, title: string, work: (step: Step) => Promise<T>): Promise<T>;
  /** counts one loop turn against the cap */
  turn(): void;
  /** waits until enough people other than the one who started the run agreed to what is shown @throws ApprovalRefused, ApprovalExpired */
  approve(spec: ApprovalSpec): Promise<void>;
  /** asks the one who started the run; the answer fits the named schema of the definition, or is the spec's `otherwise` when
   * nobody answered in time @throws ApprovalExpired */
  ask<T>(spec: QuestionSpec<T>, step?: string): Promise<T>;
}

export interface StageScript<Input, Draft> {
  draft(): Draft;
  /** the playbook; writes into the draft as it goes, so that a cap or a failure keeps what there is */
  work(context: StageContext<Input>, draft: Draft): Promise<void>;
  /** makes the files from the draft, finished or not; no files when there is nothing worth keeping */
  assemble(input: Input, draft: Draft, stage: WorkStage, remark: string | null): OutputFile[];
}

/** Runs Validate, Test and Full in order as the mode says; owns caps, events, artifacts and the non-cancellable finish.
 * @throws ApplicationFailure or CancelledFailure after the finish, so that Temporal Web shows how the run ended */
export async function runStages<Input, Draft>(request: RunRequest<Input>, script: StageScript<Input, Draft>): Promise<RunResult> {
  const { runId: temporalRunId } = workflowInfo();
  const log = new EventLog(temporalRunId, request);
  const activities = activitiesFor(request);
  const governor = governorOf(request as RunRequest, log, activities);
  let result: RunResult;
  try {
    log.emit({ type: 'run-start', data: { temporal_run_id: temporalRunId } });
    result = await inOrder(request, script, log, activities, governor);
  } catch (error) {
    result = resultOf(error);
  }
  await CancellationScope.nonCancellable(async () => {
    show('done', result.status, result.headline);
    const ended = await log.carry((before) => activities.keep.finishRun({ summary: 'Write trace and close the run', here: !log.isLong }, { before, request: request as RunRequest, result, temporalRunId }));
    // A cancel that came while the end was written has the server ask for it again, and then the row stands as it is.
    if (ended) result = ended;
  });
  if (result.status === 'cancelled') throw new CancelledFailure(result.headline);
  if (result.error) throw ApplicationFailure.nonRetryable(result.error.detail, result.error.code);
  return result;
}

function show(stage: string, status: string, details: string): void {
  upsertSearchAttributes([{ key: STAGE_ATTRIBUTE, value: stage }, { key: STATUS_ATTRIBUTE, value: status }]);
  setCurrentDetails(details);
}

async function inOrder<Input, Draft>(request: RunRequest<Input>, script: StageScript<Input, Draft>, log: EventLog, activities: RunActivities, governor: Governor): Promise<RunResult> {
  let spentUsdMicros = 0;
  let extras: CallExtras | undefined;
  let result: RunResult = { status: 'completed', capReached: null, error: null, headline: 'All checks passed.' };
  for (const stage of stagesOf(request.mode)) {
    const words = `${MODE_WORDS[request.mode].label}: stage ${stage}`;
    if (stage === 'validate' && request.engine !== undefined) setCurrentDetails(words);
    else show(stage, stage === 'validate' ? 'validating' : 'running', words);
    if (stage === 'validate') {
      const checks = await validate(request as RunRequest, log, activities);
      extras = checks.find((check) => check.extras)?.extras;
      const warnings = checks.filter((check) => check.outcome === 'warning').length;
      if (warnings > 0) result.headline = `Checks passed with ${warnings} ${warnings === 1 ? 'remark' : 'remarks'}.`;
      continue;
    }
    if (stage === 'test' && request.mode === 'full_run' && (await skipByEvidence(request as RunRequest, log, activities))) continue;
    let granted: RunLimits = {};
    if (stage === 'full' && request.fullApproval) granted = await governor.gates.approve(stage, { key: FULL_RUN_GATE, title: 'Start the Full run', shown: whatFullDoes(request), asked: request.caps.full, ...request.fullApproval });
    governor.budget.raisable = granted.cost_usd_micros === undefined && !(stage === 'full' && request.fullApproval?.moneyStands);
    const room: StageRoom = { request: request as RunRequest, stage, envelope: new Envelope(loweredCaps(request.caps[stage], granted), request.price, spentUsdMicros), log, activities, governor, extras };
    const { cap, summary } = await workStage(request, script, room);
    spentUsdMicros = room.envelope.committed().costUsdMicros;
    if (!cap) result = { status: 'completed', capReached: null, error: null, headline: [stage === 'test' ? 'The Test slice is done.' : '', sentence(clip(summary, MAX_HEADLINE))].filter(Boolean).join(' ') || 'All done.' };
    else if (request.mode === 'full_run' && stage === 'test') continue; // a cap ends only the Test stage, which passed with a remark
    else return resultOfCap(cap, stage);
  }
  return result;
}

const sentence = (text: string): string => (text === '' || /[.!?…]$/.test(text) ? text : `${text}.`);

/** One Test or Full stage. Whatever ends it, the draft's files are saved.
 * @returns the cap that ended it, or null, and what the main file says of itself in a sentence */
async function workStage<Input, Draft>(request: RunRequest<Input>, script: StageScript<Input, Draft>, room: StageRoom): Promise<{ cap: CapReached | null; summary: string }> {
  const { stage, log } = room;
  log.emit({ type: 'stage-start', stage, data: { stages: [...stagesOf(request.mode)] } });
  const draft = script.draft();
  let cap: CapReached | null = null;
  let failure: unknown;
  const clock = new StageClock(room.envelope.caps.seconds);
  room.governor.waits.clock = clock;
  try {
    await clock.run(() => script.work(contextFor(request, room), draft));
  } catch (error) {
    if (error instanceof CapReached) cap = error;
    else failure = error;
  }
  room.governor.waits.clock = null;
  const remark = cap ? capSentence(cap) : failure ? (isCancellation(failure) ? 'Cancelled.' : errorOf(failure).title) : null;
  if (cap) log.emit({ type: 'cap-reach', stage, data: { cap: cap.cap, limit: cap.limit, used: cap.used, remark: capSentence(cap) } });
  const files = script.assemble(request.input, draft, stage, remark);
  await CancellationScope.nonCancellable(() => saveFiles(request, room, files));
  // A cancel that came while the files were saved: they are kept, and the run ends as it was asked to.
  if (!failure && CancellationScope.current().consideredCancelled) failure = new CancelledFailure('Cancelled while the files were saved.');
  log.emit({ type: 'stage-end', stage, data: { outcome: failure ? 'failed' : cap ? 'capped' : 'passed', cap: cap?.cap ?? null, remark } });
  if (failure) throw failure;
  if (stage === 'test') await recordEvidence(request as RunRequest, log, room.activities);
  return { cap, summary: files[0]?.summary ?? '' };
}

/** What approvers see before a Full run starts. */
function whatFullDoes<Input>({ slug, version, provider, model, fallback, input, caps, fork }: RunRequest<Input>): object {
  const prompts = Object.entries(fork?.prompts ?? {}).filter(([id]) => id.startsWith('full/'));
  return { workflow: slug, version, provider, model, fallback: (fallback ?? []).map((target) => `${target.provider} ${target.model}`), inputs: input, caps: caps.full, ...(prompts.length > 0 ? { edited_prompts: Object.fromEntries(prompts) } : {}) };
}

function contextFor<Input>(request: RunRequest<Input>, room: StageRoom): StageContext<Input> {
  const { stage, log } = room;
  let total = 1;
  let index = 0;
  return {
    input: request.input, stage, request,
    expectSteps: (expected) => { total = expected; },
    turn: () => room.envelope.turn(),
    approve: async (spec) => { await room.governor.gates.approve(stage, spec); },
    ask: (spec, step) => room.governor.gates.ask(stage, spec, step),
    async step(key, title, work) {
      index += 1;
      total = Math.max(total, index);
      log.emit({ type: 'step-start', stage, step: key, data: { title, index, total } });
      const step = new Step(room, key, title);
      try {
        const answer = await work(step);
        log.emit({ type: 'step-end', stage, step: key, data: { outcome: 'done', summary: step.summary || title } });
        return answer;
      } catch (error) {
        const summary = error instanceof CapReached ? capSentence(error) : isCancellation(error) ? 'Stopped.' : errorOf(error).title;
        log.emit({ type: 'step-end', stage, step: key, data: { outcome: error instanceof CapReached || isCancellation(error) ? 'skipped' : 'failed', summary } });
        throw error;
      }
    },
  };
}

/** Files of a Full run's own Test lie under `test/`, so they never stand in for the real ones. */
async function saveFiles<Input>(request: RunRequest<Input>, room: StageRoom, files: readonly OutputFile[]): Promise<void> {
  const folder = room.stage === 'test' && request.mode === 'full_run' ? 'test/' : '';
  // What is saved within the workflow task hears of no cancel. The last file before the end is an activity, whose answer brings one.
  const isLastStage = room.stage === stagesOf(request.mode).at(-1);
  for (const [stepIndex, file] of files.entries()) {
    const { key: artifactType, mimeType, content, summary } = file;
    const fileName = `${folder}${file.fileName}`;
    await room.log.carry((before) => room.activities.keep.saveArtifact(
      { activityId: `${room.stage}/save-${artifactType}/1`, summary: `Save ${fileName}`, here: !isLastStage || stepIndex < files.length - 1 },
      { before, runId: request.runId, userId: request.userId, stage: room.stage, step: `save-${artifactType}`, artifactType, fileName, mimeType, content, summary, stepIndex },
    ));
  }
}
