'use client';
import '@xyflow/react/dist/base.css';
import { Background, Controls, Handle, Position, ReactFlow, ReactFlowProvider, useReactFlow, type Edge, type Node as FlowNode, type NodeProps } from '@xyflow/react';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { flowOf, type FlowNode as Entry } from '../../../lib/builder/flow';
import { cn } from '../../../lib/class-names';
import { NODE_HEIGHT, NODE_WIDTH, placed, viewportFor } from '../../run/graph/place';
import { stepButtonId, type Mark, type StepsProps } from './step-list';

type StepNode = FlowNode<{ entry: Entry; chosen: boolean; problems: number; isMoved: boolean; side: Mark['side'] | null; onChoose: (pointer: string) => void }, 'step' | 'place'>;

function StepBox({ data: { entry, chosen, problems, isMoved, side, onChoose }, positionAbsoluteX: x, positionAbsoluteY: y }: NodeProps<StepNode>) {
  const { setCenter, getZoom } = useReactFlow();
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} className="!size-1 !min-h-0 !min-w-0 !border-0 !bg-transparent" />
      {side === null ? null : <span aria-hidden data-slot="mark" className={cn('absolute inset-x-0 h-1 rounded-full bg-accent', side === 'before' ? '-top-2.5' : '-bottom-2.5')} />}
      <button
        type="button" id={stepButtonId(entry.id)} data-step={entry.id} disabled={entry.kind === 'end'} aria-pressed={chosen} onClick={() => onChoose(entry.id)} style={{ width: NODE_WIDTH, height: NODE_HEIGHT }}
        onFocus={(event) => { if (event.currentTarget.matches(':focus-visible')) void setCenter(x + NODE_WIDTH / 2, y + NODE_HEIGHT / 2, { zoom: getZoom() }); }}
        className={cn('nopan pointer-events-auto flex items-center gap-2 border bg-surface px-2.5 text-left text-ink', entry.kind === 'step' ? 'rounded-md border-control' : 'border-dashed border-control', problems > 0 && 'border-failed', chosen && 'outline-2 outline-offset-2 outline-accent', isMoved && 'border-dashed opacity-60')}
      >
        <span className="min-w-0 flex-1"><span className="line-clamp-2 text-sm leading-4">{entry.title}</span><span className="block truncate text-xs text-muted">{entry.note}</span></span>
        {problems > 0 ? <span className="text-sm font-medium text-failed">× {problems}<span className="sr-only"> problems</span></span> : null}
      </button>
      <Handle type="source" position={Position.Bottom} isConnectable={false} className="!size-1 !min-h-0 !min-w-0 !border-0 !bg-transparent" />
    </>
  );
}
/** An arm without steps: one can be put there. */
function PlaceBox({ data: { entry, side } }: NodeProps<StepNode>) {
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} className="!size-1 !min-h-0 !min-w-0 !border-0 !bg-transparent" />
      <div data-place={`${entry.id}|0`} style={{ width: NODE_WIDTH, height: NODE_HEIGHT }} className={cn('nopan pointer-events-auto grid place-items-center border border-dashed border-control text-sm text-muted', side !== null && 'border-accent bg-sunken text-ink')}>{entry.title}</div>
      <Handle type="source" position={Position.Bottom} isConnectable={false} className="!size-1 !min-h-0 !min-w-0 !border-0 !bg-transparent" />
    </>
  );
}
const TYPES = { step: StepBox, place: PlaceBox };

/** The steps as a picture; nothing is told by it that the list does not tell. */
export function StepCanvas(props: StepsProps) {
  return <ReactFlowProvider><Canvas {...props} /></ReactFlowProvider>;
}

function Canvas({ document, chosen, counts, moved, mark, onChoose }: StepsProps) {
  const flow = useReactFlow();
  const graph = useMemo(() => flowOf(document), [document]);
  const shape = JSON.stringify({ nodes: graph.nodes.map(({ id }) => ({ id })), edges: graph.edges });
  const places = useMemo(() => placed(JSON.parse(shape) as Parameters<typeof placed>[0]), [shape]);
  const nodes = graph.nodes.map((entry): StepNode => ({ id: entry.id, type: entry.kind === 'place' ? 'place' : 'step', position: places.at.get(entry.id) ?? { x: 0, y: 0 }, width: NODE_WIDTH, height: NODE_HEIGHT, data: { entry, chosen: entry.id === chosen, problems: counts.get(entry.id) ?? 0, isMoved: entry.id === moved, side: mark?.id === entry.id ? mark.side : null, onChoose } }));
  const edges = graph.edges.map(({ from, to, label }): Edge => ({ id: `${from}>${to}`, source: from, target: to, label, focusable: false, style: { stroke: 'var(--control)' }, labelStyle: { fill: 'var(--muted)' }, labelBgStyle: { fill: 'var(--surface)' } }));
  const box = useRef<HTMLDivElement>(null);
  // As wide as it fits: a long list of steps is pulled or scrolled through, and stays legible.
  const show = useCallback((): void => { if (box.current) void flow.setViewport(viewportFor({ width: places.width, height: 0 }, { width: box.current.clientWidth, height: box.current.clientHeight })); }, [flow, places]);
  useEffect(show, [show]);
  return (
    <div ref={box} data-slot="step-canvas" className="h-[min(70dvh,46rem)] border bg-surface">
      <ReactFlow
        nodes={nodes} edges={edges} nodeTypes={TYPES} onInit={show} minZoom={0.3} maxZoom={1.5} aria-label="Steps of the workflow"
        nodesDraggable={false} nodesConnectable={false} nodesFocusable={false} edgesFocusable={false} elementsSelectable={false} zoomOnScroll={false} preventScrolling={false} zoomOnDoubleClick={false} deleteKeyCode={null} selectionKeyCode={null} disableKeyboardA11y
      >
        <Background color="var(--rule)" gap={20} />
        <Controls showInteractive={false} position="top-right" onFitView={show} className="graph-controls" />
      </ReactFlow>
    </div>
  );
}
