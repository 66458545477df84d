import type { StepType } from '#contracts/own/definition';
import { armsOf, isNode, keyOf, outlineOf, valueAtPointer, type Node } from '#contracts/own/outline';

/** Changes of a definition while it is edited. Each gives a new document and says where the step is now. */
export interface Changed { document: Node; /** pointer of the step to go on with; null = none is left */ at: string | null }

/** Puts a value at a pointer; undefined takes it out. Objects on the way are made, lists are not. */
export function setAt(document: Node, pointer: string, value: unknown): Node {
  const put = (node: unknown, path: string[]): unknown => {
    const [key, ...rest] = path;
    if (key === undefined) return value;
    if (Array.isArray(node)) return node.map((item, index) => (index === Number(key) ? put(item, rest) : (item as unknown)));
    const { [key]: child, ...others } = isNode(node) ? node : {};
    const next = put(child, rest);
    if (next === undefined) return others;
    return isNode(node) && Object.hasOwn(node, key) ? Object.fromEntries(Object.entries(node).map(([name, item]) => [name, name === key ? next : item])) : { ...others, [key]: next };
  };
  return put(document, pointer.replace(/^#\/?/, '').split('/').filter(Boolean).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))) as Node;
}

const listAt = (document: Node, list: string): unknown[] => { const found = valueAtPointer(document, list); return Array.isArray(found) ? (found as unknown[]) : []; };
export const placeOf = (pointer: string): { list: string; index: number } => { const cut = pointer.lastIndexOf('/'); return { list: pointer.slice(0, cut), index: Number(pointer.slice(cut + 1)) }; };
export function insertStep(document: Node, list: string, index: number, step: Node): Changed {
  const steps = listAt(document, list);
  const place = Math.min(index, steps.length);
  return { document: setAt(document, list, [...steps.slice(0, place), step, ...steps.slice(place)]), at: `${list}/${place}` };
}

/** @returns the step that is next to it then */
export function removeStep(document: Node, pointer: string): Changed {
  const { list, index } = placeOf(pointer);
  const left = listAt(document, list).filter((_, at) => at !== index);
  const parent = outlineOf(document).findLast((entry) => list.startsWith(`${entry.pointer}/`));
  return { document: setAt(document, list, left), at: left.length > 0 ? `${list}/${Math.min(index, left.length - 1)}` : (parent?.pointer ?? null) };
}

/** One place up or down; at the end of its list out of the arm it stands in, before or after the step that holds it. */
export function moveStep(document: Node, pointer: string, by: -1 | 1): Changed {
  const { list, index } = placeOf(pointer);
  const steps = listAt(document, list);
  const step = steps[index];
  if (!isNode(step)) return { document, at: pointer };
  const to = index + by;
  if (to >= 0 && to < steps.length) return insertStep(removeStep(document, pointer).document, list, to, step);
  const parent = outlineOf(document).findLast((entry) => list.startsWith(`${entry.pointer}/`));
  if (!parent) return { document, at: pointer };
  return insertStep(removeStep(document, pointer).document, parent.list, parent.index + (by === 1 ? 1 : 0), step);
}

/** A copy right after it, under keys and names of its own. */
export function duplicateStep(document: Node, pointer: string): Changed {
  const step = valueAtPointer(document, pointer);
  if (!isNode(step)) return { document, at: pointer };
  const used = namesOf(document);
  const { list, index } = placeOf(pointer);
  return insertStep(document, list, index + 1, renamed(structuredClone(step), used));
}

function renamed(step: Node, used: Set<string>): Node {
  const own = typeof step['output_variable'] === 'string' ? { output_variable: free(step['output_variable'], used) } : {};
  const file = typeof step['file_name'] === 'string' ? { file_name: step['file_name'].replace(/(\.\w+)$/, '_2$1') } : {};
  const below = Object.fromEntries(['do', 'else', 'steps'].filter((arm) => Array.isArray(step[arm])).map((arm) => [arm, (step[arm] as unknown[]).map((child) => (isNode(child) ? renamed(child, used) : child))]));
  const branches = Array.isArray(step['branches']) ? { branches: step['branches'].map((branch) => (isNode(branch) ? { ...branch, steps: armsOf({ type: 'map', steps: branch['steps'] })[0]?.steps.map((child) => renamed(child, used)) } : (branch as unknown))) } : {};
  return { ...step, key: free(keyOf(step) || 'step', used), ...own, ...file, ...below, ...branches };
}

/** Keys and names that are taken. */
const namesOf = (document: Node): Set<string> => new Set(outlineOf(document).flatMap(({ step }) => [step['key'], step['output_variable']]).filter((name) => typeof name === 'string'));

function free(wanted: string, used: Set<string>): string {
  const stem = wanted.replace(/_\d+$/, '').slice(0, 34);
  let name = wanted;
  for (let number = 2; used.has(name); number += 1) name = `${stem}_${number}`;
  used.add(name);
  return name;
}

/** A new step of a type: as little as the type allows, with a name that is free. */
export function newStep(document: Node, type: StepType, first: string): Node {
  const used = namesOf(document);
  const key = free(type === 'workflow' ? 'sub_run' : type, used);
  const inner = (title: string): Node => ({ type: 'prompt', key: free('prompt', used), title, prompt: '' });
  const parts: Record<StepType, Node> = {
    prompt: { prompt: '' }, agent: { prompt: '', tools: ['library_search'] }, tool: { tool: 'library_search', arguments: { query: first ? `{{${first}}}` : '' } }, transform: { operation: 'template', template: '' },
    validate: { source: first, rules: [{ rule: 'not_empty' }] }, branch: { when: first ? `size(${first}) > 100` : '', do: [inner('When it holds')], else: [] }, parallel: { branches: [{ title: 'One', steps: [inner('One side')] }, { title: 'Two', steps: [inner('The other side')] }] },
    map: { over: first, steps: [inner('For each item')] }, approval: { show: '' }, ask: { show: '', answer_schema: { type: 'object', properties: { answer: { type: 'string', title: 'Answer' } }, required: ['answer'] }, otherwise: { answer: 'no answer' } },
    artifact: { file_name: `${key}.md`, content: '' }, workflow: { workflow: '', version: 1, inputs: {} },
  };
  return { type, key, title: STEP_WORDS[type].title, ...parts[type] };
}

/** How a type is called, and what it is for. */
export const STEP_WORDS: Record<StepType, { title: string; words: string }> = {
  prompt: { title: 'Ask a model', words: 'one call, text or a filled-in form' }, agent: { title: 'Let an agent work', words: 'model and tools until it answers' }, tool: { title: 'Use a tool', words: 'one call of a tool' }, transform: { title: 'Transform', words: 'cut, join, compute; costs nothing' },
  validate: { title: 'Check', words: 'rules that a result must keep' }, branch: { title: 'Branch', words: 'one way or the other' }, parallel: { title: 'Side by side', words: 'several ways at once' }, map: { title: 'For each', words: 'the same steps for every item of a list' },
  approval: { title: 'Wait for a yes', words: 'of others, in Full' }, ask: { title: 'Ask the person', words: 'who started the run, in Full' }, artifact: { title: 'Write a file', words: 'one more file' }, workflow: { title: 'Run a workflow', words: 'another one inside this run' },
};
