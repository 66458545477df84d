import { EMPTY_RUN_VIEW, reduceRunEvents, type RunView } from '#contracts/run-reducer';
import type { Database } from '#platform/db';
import { listRunEvents } from '#platform/repositories/run-events';

const KEPT = 100;
const WINDOW = 5000;

/** Reduced runs of this process, least recently read first to go. A view is only ever continued, never trusted to be
 * current: whoever asks says which sequence the row has. */
export interface RunViews { viewOf(runId: string, lastSequence: number): Promise<RunView> }

export function createRunViews(db: Database): RunViews {
  const views = new Map<string, RunView>();
  return {
    async viewOf(runId, lastSequence) {
      let view = views.get(runId) ?? EMPTY_RUN_VIEW;
      while (view.lastSequence < lastSequence) {
        const events = await listRunEvents(db, runId, view.lastSequence, WINDOW);
        view = reduceRunEvents(events, view);
        if (events.length < WINDOW) break;
      }
      views.delete(runId);
      views.set(runId, view);
      if (views.size > KEPT) views.delete(views.keys().next().value as string);
      return view;
    },
  };
}
