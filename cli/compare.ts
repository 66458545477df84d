import type { RunView, StepView } from '#contracts/run-reducer';
import { between, dollars, seconds } from './output.ts';

/** Two to four runs side by side, from their event logs alone: the same for runs of a server and for bundles. */
export interface ComparedRun { label: string; view: RunView; inputs: Record<string, unknown> }
export interface ComparedRow { what: string; values: (string | null)[]; same: boolean }
export interface Comparison { runs: string[]; rows: ComparedRow[]; /** the first step whose text differs, or that one run does not have */ first_divergence: string | null }

const textOf = (step: StepView): string => step.completions.map((completion) => completion.text).join('\n');
const stepKey = (stage: string, step: string) => `${stage}/${step}`;

export function compareRuns(runs: readonly ComparedRun[]): Comparison {
  const row = (what: string, of: (run: ComparedRun) => string | number | null): ComparedRow => {
    const values = runs.map((run) => { const value = of(run); return value === null ? null : String(value); });
    return { what, values, same: new Set(values).size === 1 };
  };
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.inputs)))].sort();
  const steps = runs.map(({ view }) => new Map(view.stages.flatMap((stage) => stage.steps.map((step): [string, StepView] => [stepKey(stage.stage, step.step), step]))));
  const order = [...new Set(steps.flatMap((map) => [...map.keys()]))];
  const texts = order.map((key) => steps.map((map) => { const step = map.get(key); return step ? textOf(step) : null; }));
  const divergence = texts.findIndex((values) => new Set(values).size > 1);
  return {
    runs: runs.map((run) => run.label),
    first_divergence: divergence < 0 ? null : (order[divergence] as string),
    rows: [
      row('workflow', ({ view }) => `${view.workflowId} v${view.workflowVersion}`), row('mode', ({ view }) => view.mode), row('provider / model', ({ view }) => `${view.provider} / ${view.model}`),
      row('status', ({ view }) => view.status), row('cap reached', ({ view }) => view.capReached), row('error', ({ view }) => view.error?.code ?? null),
      ...names.map((name) => row(`input ${name}`, ({ inputs }) => (name in inputs ? JSON.stringify(inputs[name]) : null))),
      row('input tokens', ({ view }) => view.totals.inputTokens), row('output tokens', ({ view }) => view.totals.outputTokens), row('cost', ({ view }) => dollars(view.totals.costUsdMicros)),
      row('time', ({ view }) => { const took = between(view.queuedAt, view.completedAt); return took === null ? null : seconds(took); }),
      ...order.map((key, index): ComparedRow => {
        const values = texts[index] as (string | null)[];
        return { what: `step ${key}`, values: values.map((value, place) => (value === null ? null : place === 0 || value === values[0] ? `${value.length} characters` : `${value.length} characters, other text`)), same: new Set(values).size === 1 };
      }),
    ],
  };
}
