'use client';
import { useMemo, type ReactNode } from 'react';
import type { RunEvent } from '#contracts/run-events';
import type { RunView } from '#contracts/run-reducer';
import { cn } from '../../lib/class-names';
import { factsOf, spansOf, type Span } from '../../lib/run-spans';
import { Splitter, usePane } from '../ui/splitter';
import { Inspector } from './inspector/inspector';
import type { CallSource } from './inspector/prompt-part';
import { useSpan } from './inspector/use-span';

/** One moment of a run, live, ended or played: what every picture of it is drawn from. */
export interface Moment { runId: string; view: RunView; events: readonly RunEvent[]; now: number; live: boolean; source: CallSource }

/** A picture of the run with the details of what is chosen in it. */
export function SpanPanel({ moment, children }: { moment: Moment; children: (spans: readonly Span[], choice: { selected: string | null; select: (id: string | null) => void }) => ReactNode }) {
  const { view, events, now, live, runId, source } = moment;
  const [selected, setSelected] = useSpan();
  // While it runs the bars grow with the clock; what has ended is drawn once.
  const clock = live ? now : 0;
  const facts = useMemo(() => factsOf(events), [events]);
  const spans = useMemo(() => spansOf(view, facts, clock), [view, facts, clock]);
  const span = spans.find(({ id }) => id === selected);
  const width = usePane('inspector');
  const select = (id: string | null): void => void setSelected(id);
  return (
    <div style={width} className={cn('grid', span && 'xl:grid-cols-[minmax(0,1fr)_1.5rem_min(var(--inspector),60%)] max-xl:pb-[45dvh]')}>
      <div className="min-w-0">{children(spans, { selected, select })}</div>
      {span ? <Splitter name="inspector" side="right" label="Width of the details" controls="details" className="max-xl:hidden" /> : null}
      {span ? <Inspector runId={runId} span={span} spans={spans} view={view} facts={facts} source={source} onSelect={select} onClose={() => select(null)} /> : null}
    </div>
  );
}
