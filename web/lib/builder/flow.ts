import { armsOf, isNode, titleOf, type Node } from '#contracts/own/outline';

/** The steps as a picture: what follows what, and where ways part and meet again. */
export interface FlowNode { id: string; kind: 'start' | 'step' | 'end' | /** an arm without steps: `id` is its list */ 'place'; title: string; note: string }
export interface FlowEdge { from: string; to: string; label: string }
/** Ways that are open: from where, and what stands on the arrow. */
type Open = { from: string; label: string }[];

export function flowOf(document: Node): { nodes: FlowNode[]; edges: FlowEdge[] } {
  const nodes: FlowNode[] = [{ id: '#', kind: 'start', title: 'Form', note: 'inputs, files, policy' }];
  const edges: FlowEdge[] = [];
  const walk = (steps: unknown, list: string, open: Open, depth: number): Open => (Array.isArray(steps) && depth < 8 ? steps : []).reduce((ways: Open, raw: unknown, index) => {
    const step = isNode(raw) ? raw : {};
    const id = `${list}/${index}`;
    nodes.push({ id, kind: 'step', title: titleOf(step), note: typeof step['type'] === 'string' ? step['type'] : '?' });
    for (const { from, label } of ways) edges.push({ from, to: id, label });
    const arms = armsOf(step);
    if (arms.length === 0) return [{ from: id, label: '' }];
    const ends = arms.flatMap(({ at, title, steps: below }) => {
      if (below.length > 0) return walk(below, `${id}/${at}`, [{ from: id, label: title }], depth + 1);
      nodes.push({ id: `${id}/${at}`, kind: 'place', title: 'No steps', note: '' });
      edges.push({ from: id, to: `${id}/${at}`, label: title });
      return [{ from: `${id}/${at}`, label: '' }];
    });
    return ends.filter((end, place) => ends.findIndex((other) => other.from === end.from) === place);
  }, open);
  const open = walk(document['steps'], '#/steps', [{ from: '#', label: '' }], 0);
  nodes.push({ id: 'end', kind: 'end', title: 'Files', note: 'what the run leaves' });
  for (const { from, label } of open) edges.push({ from, to: 'end', label });
  return { nodes, edges };
}
