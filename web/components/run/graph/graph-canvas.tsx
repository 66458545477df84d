'use client';
import '@xyflow/react/dist/base.css';
import { Background, Controls, Handle, Position, ReactFlow, ReactFlowProvider, useReactFlow, type Edge, type Node, type NodeProps } from '@xyflow/react';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { cn } from '../../../lib/class-names';
import { nodeTook, type GraphNode, type RunGraph } from '../../../lib/run-graph';
import { NODE_LOOK, NODE_WORDS, RailNodeMark } from '../stage-rail';
import { NODE_HEIGHT, NODE_WIDTH, placed, viewportFor } from './place';

type StepNode = Node<{ entry: GraphNode; chosen: boolean; onSelect: (id: string) => void }, 'step'>;

function StepBox({ data: { entry, chosen, onSelect }, positionAbsoluteX: x, positionAbsoluteY: y }: NodeProps<StepNode>) {
  const { setCenter, getZoom } = useReactFlow();
  const took = nodeTook(entry);
  const still = entry.kind === 'more' || !entry.startedAt;
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} className="!size-1 !min-h-0 !min-w-0 !border-0 !bg-transparent" />
      <button
        type="button" disabled={still} aria-pressed={chosen} onClick={() => onSelect(entry.id)} style={{ width: NODE_WIDTH, height: NODE_HEIGHT }}
        // Whoever walks with the Tab key sees where they are.
        onFocus={(event) => { if (event.currentTarget.matches(':focus-visible')) void setCenter(x + NODE_WIDTH / 2, y + NODE_HEIGHT / 2, { zoom: getZoom() }); }}
        className={cn('nopan pointer-events-auto flex items-center gap-2 border bg-surface px-2.5 text-left', entry.kind === 'stage' ? 'border-2 font-semibold' : 'rounded-md', NODE_LOOK[entry.state], 'text-ink', chosen && 'outline-2 outline-offset-2 outline-accent')}
      >
        <RailNodeMark state={entry.state} />
        <span className="min-w-0 flex-1"><span className="line-clamp-2 text-sm leading-4">{entry.label}</span><span className="sr-only">, {NODE_WORDS[entry.state]}</span><span className="block truncate text-xs font-normal text-muted">{[entry.note, took].filter(Boolean).join(' · ')}</span></span>
      </button>
      <Handle type="source" position={Position.Bottom} isConnectable={false} className="!size-1 !min-h-0 !min-w-0 !border-0 !bg-transparent" />
    </>
  );
}

const TYPES = { step: StepBox };

export function GraphCanvas(props: { graph: RunGraph; selected: string | null; onSelect: (id: string) => void }) {
  return <ReactFlowProvider><Canvas {...props} /></ReactFlowProvider>;
}

function Canvas({ graph, selected, onSelect }: { graph: RunGraph; selected: string | null; onSelect: (id: string) => void }) {
  const flow = useReactFlow();
  // Positions follow the shape alone: a step that goes on must not move anything.
  const shape = JSON.stringify({ nodes: graph.nodes.map(({ id }) => ({ id })), edges: graph.edges });
  const places = useMemo(() => placed(JSON.parse(shape) as Parameters<typeof placed>[0]), [shape]);
  const nodes = graph.nodes.map((entry): StepNode => ({ id: entry.id, type: 'step', position: places.at.get(entry.id) ?? { x: 0, y: 0 }, width: NODE_WIDTH, height: NODE_HEIGHT, data: { entry, chosen: entry.id === selected, onSelect } }));
  const edges = graph.edges.map(({ from, to }): Edge => ({ id: `${from}>${to}`, source: from, target: to, focusable: false, style: { stroke: 'var(--control)' } }));
  const box = useRef<HTMLDivElement>(null);
  const show = useCallback((): void => { if (box.current) void flow.setViewport(viewportFor(places, { width: box.current.clientWidth, height: box.current.clientHeight })); }, [flow, places]);
  useEffect(show, [show]);
  // A phone that is turned, or details that open beside it: what was in the middle stays there.
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    let before = element.clientWidth;
    const width = new ResizeObserver(() => {
      const { x, y, zoom } = flow.getViewport();
      void flow.setViewport({ x: x + (element.clientWidth - before) / 2, y, zoom });
      before = element.clientWidth;
    });
    width.observe(element);
    return () => width.disconnect();
  }, [flow]);
  return (
    <div ref={box} data-slot="graph" className="h-[min(80dvh,52rem)] border bg-surface">
      <ReactFlow
        nodes={nodes} edges={edges} nodeTypes={TYPES} onInit={show} minZoom={0.3} maxZoom={1.5} aria-label="Graph of the run"
        nodesDraggable={false} nodesConnectable={false} nodesFocusable={false} edgesFocusable={false} elementsSelectable={false} zoomOnScroll={false} preventScrolling={false} zoomOnDoubleClick={false} deleteKeyCode={null} selectionKeyCode={null} disableKeyboardA11y
      >
        <Background color="var(--rule)" gap={20} />
        <Controls showInteractive={false} position="top-right" onFitView={show} className="graph-controls" />
      </ReactFlow>
    </div>
  );
}
