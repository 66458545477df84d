'use client';
import dynamic from 'next/dynamic';
import { useMemo } from 'react';
import { formatCount } from '../../../lib/format';
import { graphOf } from '../../../lib/run-graph';
import { useAtMost } from '../../../lib/use-at-most';
import { Loading, Skeleton } from '../../ui/skeleton';
import { SpanPanel, type Moment } from '../span-panel';

const GraphCanvas = dynamic(() => import('./graph-canvas').then((module) => module.GraphCanvas), { loading: () => <Loading label="Loading the graph"><Skeleton className="h-96" /></Loading> });

/** Places are found anew when a step begins: with many a second, not for each. */
const LAYOUT_EVERY_MS = 500;

/** Stages and steps as a picture, with what went on side by side. The timeline tells the same in rows. */
export function GraphTab({ moment }: { moment: Moment }) {
  const view = useAtMost(moment.view, LAYOUT_EVERY_MS);
  const graph = useMemo(() => graphOf(view), [view]);
  const steps = graph.nodes.filter(({ kind }) => kind === 'step').length;
  return (
    <SpanPanel moment={moment}>
      {(_spans, { selected, select }) => (
        <div>
          <p className="mb-2 text-sm text-muted">{formatCount(steps, 'step')} in {formatCount(graph.nodes.length - steps - (graph.hidden > 0 ? 1 : 0), 'stage')}{graph.hidden > 0 ? `; ${graph.hidden} earlier steps are in the timeline only` : ''}. Steps side by side went on together. Choose one for its details.</p>
          <GraphCanvas graph={graph} selected={selected} onSelect={select} />
        </div>
      )}
    </SpanPanel>
  );
}
