import type { RunView } from '#contracts/run-reducer';
import type { ProviderId } from '#contracts/providers';
import type { Stage } from '#contracts/runs';
import { callId } from '#contracts/workflow';
import type { RerunBodyWire } from '#contracts/api/reruns.schema';

/** One model call of an ended run, in the order in which the run made them. */
export interface RecordedCall {
  id: string; stage: Exclude<Stage, 'validate'>; step: string; title: string;
  /** its answer is in the ledger */
  recorded: boolean;
  provider: ProviderId; model: string; inputTokens: number; outputTokens: number; maxOutputTokens: number;
  /** as the log keeps it: long texts are cut in the middle */
  text: string;
  /** before it, in its stage, a tool was asked that may answer otherwise next time */
  afterOutside: boolean;
}

/** Tools that give the same answer to the same question; all others look at a world that changes. */
const STEADY_TOOLS = new Set(['library_search', 'check_citations']);

export function recordedCalls(view: RunView): RecordedCall[] {
  return view.stages.flatMap((stage) => {
    if (stage.stage === 'validate') return [];
    const name = stage.stage;
    let outside = false;
    return stage.steps.flatMap((step) => {
      outside ||= step.tools.some((tool) => !STEADY_TOOLS.has(tool.tool));
      const afterOutside = outside;
      return step.completions.toSorted((a, b) => a.ordinal - b.ordinal).map((completion): RecordedCall => ({
        id: callId({ stage: name, step: step.step, ordinal: completion.ordinal }), stage: name, step: step.step, title: step.title, recorded: completion.end !== null, provider: completion.provider, model: completion.model,
        inputTokens: completion.end?.usage.inputTokens ?? 0, outputTokens: completion.end?.usage.outputTokens ?? 0, maxOutputTokens: completion.maxOutputTokens, text: completion.text, afterOutside,
      }));
    });
  });
}

/** Ids of the calls whose answers a re-run may take over: those before the chosen step, or all that have one. Answers of a
 * step that ended because they did not fit are left out, or it would end the same way again. */
export function reusableCalls(view: RunView, calls: readonly RecordedCall[], body: Pick<RerunBodyWire, 'kind' | 'from'>): string[] {
  if (body.kind === 'start') return [];
  const unfit = view.error?.code === 'OutputInvalid' ? view.error.step : null;
  const lastStage = view.stages.at(-1)?.stage;
  const recorded = calls.filter((call) => call.recorded && !(call.step === unfit && call.stage === lastStage));
  const { from } = body;
  if (!from) return recorded.map((call) => call.id);
  const steps = view.stages.find((stage) => stage.stage === from.stage)?.steps.map((step) => step.step) ?? [];
  const before = new Set(steps.slice(0, steps.indexOf(from.step)));
  return recorded.filter((call) => (call.stage === from.stage ? before.has(call.step) : call.stage === 'test')).map((call) => call.id);
}
