import { Graph, layout } from '@dagrejs/dagre';
import type { RunGraph } from '../../../lib/run-graph';

export const NODE_WIDTH = 216;
export const NODE_HEIGHT = 56;
const RANK_GAP = 34;
const LEAST_ZOOM = 0.9;
const MARGIN = 20;

export interface Places { at: Map<string, { x: number; y: number }>; width: number; height: number }

/** Steps one after the other, which most runs are, need nobody to lay them out. */
function inLine({ nodes, edges }: { nodes: readonly { id: string }[]; edges: RunGraph['edges'] }): Places | null {
  if (edges.length !== nodes.length - 1 || edges.some(({ from, to }, index) => from !== nodes[index]?.id || to !== nodes[index + 1]?.id)) return null;
  return { at: new Map(nodes.map(({ id }, index) => [id, { x: 0, y: index * (NODE_HEIGHT + RANK_GAP) }])), width: NODE_WIDTH, height: nodes.length * (NODE_HEIGHT + RANK_GAP) - RANK_GAP };
}

/** Left upper corners, from top to bottom, and the size of the whole. */
export function placed({ nodes, edges }: { nodes: readonly { id: string }[]; edges: RunGraph['edges'] }): Places {
  const line = inLine({ nodes, edges });
  if (line) return line;
  const graph = new Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 24, ranksep: RANK_GAP });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  const at = new Map(nodes.map(({ id }) => { const { x = 0, y = 0 } = graph.node(id) as { x?: number; y?: number }; return [id, { x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 }] as const; }));
  const corners = [...at.values()];
  return { at, width: Math.max(0, ...corners.map(({ x }) => x + NODE_WIDTH)), height: Math.max(0, ...corners.map(({ y }) => y + NODE_HEIGHT)) };
}

/** Begins at the top, as wide as it fits, and never too small to read: what does not fit is moved into sight. */
export function viewportFor({ width, height }: Pick<Places, 'width' | 'height'>, room: { width: number; height: number }): { x: number; y: number; zoom: number } {
  const zoom = Math.min(1, Math.max(LEAST_ZOOM, Math.min((room.width - 2 * MARGIN) / width, (room.height - 2 * MARGIN) / height)));
  return { x: Math.max(MARGIN, (room.width - width * zoom) / 2), y: MARGIN, zoom };
}
