import type { RunView } from '#contracts/run-reducer';
import { isTerminal, type RunStatus } from '#contracts/runs';
import { inWords } from '../../lib/format';
import type { RunDetailWire } from '../../lib/queries';
import { quietLine } from '../../lib/run-words';
import { STAGE_WORDS } from '../../lib/status';
import { ResultBar } from '../rating/result-bar';
import { Button } from '../ui/button';
import { DemoNotes } from './demo-notes';
import { LiveNow } from './live-now';
import { ResultExcerpt } from './result-excerpt';
import type { RunTab } from './run-page';
import { Standing } from './standing';

const EDGE: Partial<Record<RunStatus, string>> = { completed: 'border-l-completed', failed: 'border-l-failed', timed_out: 'border-l-timed-out', cancelled: 'border-l-cancelled', waiting: 'border-l-waiting' };

/** A headline may end with a full stop. */
const same = (headline: string | null, title: string): boolean => headline?.replace(/\.$/, '') === title.replace(/\.$/, '');

/** The line a person looks for first: what came out, what went wrong, or why nothing seems to happen. */
export function Outcome({ run, view, status, now, tab, onRead, replaying }: { run: RunDetailWire; view: RunView; status: RunStatus; now: number; tab: RunTab; /** to the result among the files */ onRead: () => void; replaying: boolean }) {
  const ended = isTerminal(status);
  const quiet = ended || replaying || view.lastSequence === 0 || view.waits.length > 0 ? null : quietLine(view, now, run.created_at);
  const headline = view.headline ?? run.headline;
  const error = view.error ?? run.error;
  const step = error?.step ? view.stages.flatMap(({ steps }) => steps).findLast((entry) => entry.step === error.step)?.title ?? error.step : null;
  const cap = view.capReached ?? run.cap_reached;
  const notes = view.artifacts.find((artifact) => artifact.mimeType === 'text/markdown');
  if (!ended && !quiet) return <LiveNow view={view} inStory={tab === 'story'} />;
  const readable = notes !== undefined && ended && tab !== 'artifacts';
  return (
    <section aria-label="Outcome" data-slot="outcome" className={`mb-5 border border-l-4 border-rule bg-surface p-4 ${EDGE[status] ?? 'border-l-control'}`}>
      {quiet ? <><p>{quiet}</p><Standing runId={run.id} now={now} /></> : null}
      {ended && (headline || readable) ? (
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
          {headline ? <p className="text-md font-medium">{headline}</p> : null}
          {readable ? <Button className="max-sm:h-11 max-sm:w-full" variant="primary" onClick={onRead}>Read the result</Button> : null}
        </div>
      ) : null}
      {error ? (
        <div className={headline ? 'mt-2' : undefined}>
          {same(headline, error.title) ? null : <p className={headline ? 'text-muted' : 'text-md font-medium'}>{error.title}</p>}
          {step ? <p className="mt-0.5 text-muted">In the step “{step}”.</p> : null}
          {error.detail ? <p className="mt-0.5 break-words text-muted">{error.detail}</p> : null}
          {error.remedy ? <p className="mt-1.5">{error.remedy}</p> : null}
          <p className="mt-1.5 text-sm text-muted">{view.stages.length > 0 ? `Kept: everything up to ${STAGE_WORDS[view.stages.at(-1)!.stage]}, with its trace and logs.` : 'Nothing was spent.'}</p>
        </div>
      ) : null}
      {cap && !error ? <p className="mt-1 text-sm text-muted">The cap on {inWords(cap)} was reached; what was made until then is kept.</p> : null}
      {readable && status === 'completed' && tab === 'story' && !replaying ? <ResultExcerpt file={notes} /> : null}
      {ended && status === 'completed' && run.run_mode !== 'validate_only' ? <ResultBar run={run} /> : null}
      {ended && status === 'completed' && run.run_mode !== 'validate_only' && run.simulated && tab === 'story' && !replaying ? <DemoNotes totals={view.totals} /> : null}
    </section>
  );
}
