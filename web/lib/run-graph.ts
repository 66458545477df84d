import type { RunView, StageView, StepView } from '#contracts/run-reducer';
import type { Stage } from '#contracts/runs';
import { formatDuration } from './format';
import { railOf, type NodeState } from './rail';
import { STAGE_WORDS } from './status';

/** The run as a picture: stages in a row, their steps between them. What went on side by side stands side by side: a step
 * hangs on those that had ended before it began. */
export interface GraphNode { id: string; kind: 'stage' | 'step' | 'more'; label: string; state: NodeState; note: string; stage: Stage; startedAt: string | null; endedAt: string | null }
export interface GraphEdge { from: string; to: string }
export interface RunGraph { nodes: GraphNode[]; edges: GraphEdge[]; hidden: number }

/** Steps of a stage that are drawn; more than that nobody can read. */
export const DRAWN_STEPS = 60;

export function graphOf(view: RunView): RunGraph {
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  let hidden = 0;
  let open: string[] = [];
  for (const entry of railOf(view)) {
    const seen = view.stages.findLast(({ stage }) => stage === entry.stage);
    nodes.push({ id: entry.stage, kind: 'stage', label: STAGE_WORDS[entry.stage], state: entry.state, note: noteOf(seen), stage: entry.stage, startedAt: entry.startedAt, endedAt: entry.endedAt });
    for (const from of open) edges.push({ from, to: entry.stage });
    open = [entry.stage];
    if (!seen || seen.steps.length === 0) continue;
    const drawn = drawnSteps(seen);
    const left = seen.steps.length - drawn.length;
    if (left > 0) {
      const id = `${entry.stage}/more`;
      nodes.push({ id, kind: 'more', label: `${left} earlier steps`, state: 'done', note: 'in the timeline', stage: entry.stage, startedAt: null, endedAt: null });
      edges.push({ from: entry.stage, to: id });
      open = [id];
      hidden += left;
    }
    for (const step of drawn) {
      const node = entry.nodes.find(({ key }) => key === step.step);
      nodes.push({ id: `${entry.stage}/${step.step}`, kind: 'step', label: step.title, state: node?.state ?? 'done', note: stepNote(step), stage: entry.stage, startedAt: step.startedAt, endedAt: step.endedAt });
    }
    const links = linksOf(drawn);
    for (const step of drawn) {
      const before = links.get(step.step)!;
      for (const from of before.length > 0 ? before.map((key) => `${entry.stage}/${key}`) : open) edges.push({ from, to: `${entry.stage}/${step.step}` });
    }
    const followed = new Set([...links.values()].flat());
    open = drawn.filter(({ step }) => !followed.has(step)).map(({ step }) => `${entry.stage}/${step}`);
  }
  return { nodes, edges, hidden };
}

/** The last ones, and before them whatever failed. */
function drawnSteps(stage: StageView): StepView[] {
  if (stage.steps.length <= DRAWN_STEPS) return stage.steps;
  const from = stage.steps.length - DRAWN_STEPS + 10;
  const bad = stage.steps.slice(0, from).filter(({ status }) => status === 'failed').slice(-10);
  return [...bad, ...stage.steps.slice(from)];
}

/** For each step those that ended before it began, without those that another of them followed already. The steps come in the
 * order in which they began. */
export function linksOf(steps: readonly StepView[]): Map<string, string[]> {
  const times = steps.map((step) => ({ key: step.step, from: Date.parse(step.startedAt), to: step.endedAt ? Date.parse(step.endedAt) : Infinity }));
  return new Map(times.map((step, index) => {
    const before = times.slice(0, index).filter(({ to }) => to <= step.from);
    return [step.key, before.filter((other, place) => !before.slice(place + 1).some(({ from }) => other.to <= from)).map(({ key }) => key)];
  }));
}

/** What stands in a box beside its note. */
export function nodeTook({ state, startedAt, endedAt }: GraphNode): string {
  if (!startedAt || !endedAt) return '';
  return state === 'skipped' ? 'skipped' : formatDuration(Date.parse(endedAt) - Date.parse(startedAt));
}

function noteOf(stage: StageView | undefined): string {
  if (!stage) return '';
  if (stage.checks.length > 0) return `${stage.checks.length} checks`;
  return stage.steps.length > 0 ? `${stage.steps.length} ${stage.steps.length === 1 ? 'step' : 'steps'}` : '';
}

function stepNote(step: StepView): string {
  const tries = step.completions.reduce((sum, { retries }) => sum + retries.length, 0);
  const parts = [
    step.completions.length > 0 ? `${step.completions.length} ${step.completions.length === 1 ? 'call' : 'calls'}` : '',
    step.tools.length > 0 ? `${step.tools.length} ${step.tools.length === 1 ? 'tool' : 'tools'}` : '',
    tries > 0 ? `${tries} ${tries === 1 ? 'retry' : 'retries'}` : '',
  ];
  return parts.filter(Boolean).join(', ');
}

