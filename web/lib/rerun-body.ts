import type { Problem } from '#contracts/api/common.schema';
import type { RerunBodyWire, RerunPreviewWire } from '#contracts/api/reruns.schema';
import { modelProblem } from './model-choices';
import type { WorkflowDetailWire } from './queries';
import { limitErrors, readLimits, type RunLimits } from './run-limits';
import { problemErrors, type FieldErrors, type Inputs } from './schema-form';

/** What a person changes for a re-run. null and missing = as it was. */
export interface RerunChanges {
  kind: RerunBodyWire['kind'];
  /** `stage/step`, for from_step */
  from: string;
  inputs: Inputs | null;
  provider: string | null;
  model: string | null;
  limits: RunLimits | null;
  /** null = the workflow's own again */
  prompts: Record<string, { role: 'system' | 'user' | 'assistant'; content: string }[] | null>;
  answers: Record<string, string>;
}

/** The request, and what can be said about it before it is sent. An edited prompt or answer that is empty is no edit. */
export function rerunBody(changes: RerunChanges, caps: WorkflowDetailWire['modes'][number]['caps']): { body: RerunBodyWire; errors: FieldErrors } {
  const { kind, from, inputs, provider, model, limits } = changes;
  const own = limits ? readLimits(limits, caps) : { body: {}, errors: {} };
  const noModel = model === null ? null : modelProblem(model);
  const cut = from.indexOf('/');
  const prompts = Object.entries(changes.prompts).filter(([, messages]) => messages === null || messages.every((message) => message.content.trim() !== ''));
  const answers = Object.entries(changes.answers).filter(([, text]) => text.trim() !== '');
  return {
    body: {
      kind, ...(kind === 'from_step' ? { from: { stage: from.slice(0, cut) as 'test' | 'full', step: from.slice(cut + 1) } } : {}), ...(inputs ? { inputs } : {}),
      ...(provider ? { provider: provider as RerunBodyWire['provider'] } : {}), ...(model ? { model } : {}), ...(limits ? { budget: own.body.budget ?? null, fallback: own.body.fallback ?? [] } : {}),
      ...(prompts.length > 0 ? { prompts: Object.fromEntries(prompts) } : {}), ...(answers.length > 0 ? { edits: Object.fromEntries(answers.map(([callId, text]) => [callId, { text }])) } : {}),
    },
    errors: { ...own.errors, ...(noModel ? { model: noModel } : {}) },
  };
}

/** The limits that the earlier run had, as they stand in the fields; what is the platform's own cap stays empty. */
export function limitsOf(preview: Pick<RerunPreviewWire, 'limits' | 'fallback'>, caps: WorkflowDetailWire['modes'][number]['caps']): RunLimits {
  const { cost_usd_micros: cost, output_tokens: tokens, seconds } = preview.limits;
  const below = (value: number, cap: number | undefined): string => (cap !== undefined && value < cap ? String(value) : '');
  return { money: cost === null ? '' : String(cost / 1_000_000), tokens: below(tokens, caps?.output_tokens), seconds: below(seconds, caps?.seconds), fallback: preview.fallback };
}

export interface RerunErrors { inputs: FieldErrors; limits: FieldErrors; /** by call id */ calls: Record<string, string>; provider?: string; model?: string; /** about nothing that is on the page */ other: string[] }

/** Where each complaint of the API belongs. */
export function rerunErrors(problem: Problem): RerunErrors {
  const errors = problem.errors ?? [];
  const found: RerunErrors = { inputs: problemErrors(problem).fields, limits: limitErrors(errors), calls: {}, other: [] };
  for (const { pointer, detail } of errors) {
    const [top = '', key = ''] = pointer.replace(/^#\//, '').split('/');
    if (top === 'edits' || top === 'prompts') found.calls[key.replaceAll('~1', '/').replaceAll('~0', '~')] = detail;
    else if (top === 'provider' || top === 'model') found[top] = detail;
    else if (top !== 'inputs' && top !== 'budget' && top !== 'fallback') found.other.push(top ? `${top}: ${detail}` : detail);
  }
  return found;
}

/** Whether an answer that stands for JSON is JSON. */
export function answerProblem(recorded: string, text: string): string | null {
  const isJson = (value: string): boolean => { try { return typeof JSON.parse(value) === 'object'; } catch { return false; } };
  return text.trim() !== '' && isJson(recorded) && !isJson(text) ? 'This must be JSON, as the answer it stands for' : null;
}
