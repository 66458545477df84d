import type { CarriedEvents, RunLabels } from '#contracts/workflow';
import { runFields, withLogFields, type LogFields } from '#platform/log-fields';

/** What the worker's log says of a run: on every line, whoever writes it, which run it is of. Never inputs, prompts or answers: those
 * belong to the run's owner, and logs go elsewhere. */

/** All that a request may tell of its run: each kind of request tells a part. */
interface OfRun extends Partial<RunLabels> { runId?: string; step?: string; check?: string; before?: CarriedEvents; request?: OfRun }

/** The same activity, whose lines carry `run_id`, `workflow_id`, `run_mode`, `provider` and `model` (of a model call: those that are called) and `step` where there is one. */
export const namingItsRun = <Request, Answer>(work: (request: Request) => Promise<Answer>) => (request: Request): Promise<Answer> => ofRun(request as OfRun | undefined, () => work(request));

export function ofRun<T>(request: OfRun | undefined, work: () => Promise<T>): Promise<T> {
  const told = request?.request ?? request;
  if (typeof told?.runId !== 'string') return work();
  const run = request?.before?.run ?? told;
  remember(told.runId, run);
  return withLogFields({ ...runFields(told.runId, { slug: told.slug ?? run.slug, mode: told.mode ?? run.mode, provider: told.provider ?? run.provider, model: told.model ?? run.model }), step: told.step ?? request?.check }, work);
}

/** More than a worker keeps workflows in its cache. */
const LATELY = 2_000;
const lately = new Map<string, LogFields>();

function remember(runId: string, run: Partial<RunLabels>): void {
  if (run.mode === undefined) return; // a call of a run from before the labels: its provider may be another than the run's
  lately.delete(runId);
  lately.set(runId, runFields(runId, run));
  const [oldest] = lately.keys();
  if (lately.size > LATELY && oldest !== undefined) lately.delete(oldest);
}

/** For lines that know a run's id and nothing else: its fields, as far as this process has lately worked for it. */
export const fieldsOfRun = (runId: string): LogFields => lately.get(runId) ?? runFields(runId, {});
