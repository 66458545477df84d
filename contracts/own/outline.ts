/** A definition while it is being written: it may be wrong anywhere, so everything here looks before it reaches. Where steps
 * stand, what can be named where. Pointers are those of the checker: `#/steps/0/do/1`. Pure. */
export type Node = Record<string, unknown>;
export interface OutlineStep { pointer: string; step: Node; depth: number; /** of the list it stands in */ list: string; index: number; arm: string }
export interface ScopeName { name: string; from: string; kind: 'input' | 'step' | 'item' }

export const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const items = (value: unknown): Node[] => (Array.isArray(value) ? value.map((item) => (isNode(item) ? item : {})) : []);
const MAKES = new Set(['prompt', 'agent', 'tool', 'transform', 'map', 'ask', 'workflow']);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
export const keyOf = (step: Node): string => text(step['key']);
export const titleOf = (step: Node): string => text(step['title']).trim() || keyOf(step).replaceAll('_', ' ') || text(step['type']) || 'step';
/** The name that its result has; null when it makes none. */
export const makes = (step: Node): string | null => (MAKES.has(text(step['type'])) ? text(step['output_variable']) || (keyOf(step) ? `${keyOf(step)}_output` : null) : null);

/** The lists of steps below a step, whether they are there or not. */
export function armsOf(step: Node): { at: string; title: string; steps: Node[] }[] {
  switch (step['type']) {
    case 'branch': return [{ at: 'do', title: 'When it holds', steps: items(step['do']) }, { at: 'else', title: 'Otherwise', steps: items(step['else']) }];
    case 'parallel': return items(step['branches']).map((branch, index) => ({ at: `branches/${index}/steps`, title: text(branch['title']) || `Branch ${index + 1}`, steps: items(branch['steps']) }));
    case 'map': return [{ at: 'steps', title: 'For each item', steps: items(step['steps']) }];
    default: return [];
  }
}

/** Every step in the order they are written, parents before children. */
export function outlineOf(document: Node): OutlineStep[] {
  const walk = (steps: Node[], list: string, depth: number, arm: string): OutlineStep[] => (depth > 8 ? [] : steps.flatMap((step, index) => {
    const pointer = `${list}/${index}`;
    return [{ pointer, step, depth, list, index, arm }, ...armsOf(step).flatMap(({ at, steps: below, title }) => walk(below, `${pointer}/${at}`, depth + 1, title))];
  }));
  return walk(items(document['steps']), '#/steps', 0, '');
}

export function valueAtPointer(document: unknown, pointer: string): unknown {
  let at = document;
  for (const part of pointer.replace(/^#\/?/, '').split('/').filter(Boolean)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    at = Array.isArray(at) ? at[Number(key)] : isNode(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return at;
}

export function stepAt(document: Node, pointer: string): Node | null {
  return outlineOf(document).find((entry) => entry.pointer === pointer)?.step ?? null;
}

export function inputsOf(document: Node): ScopeName[] {
  const schema = valueAtPointer(document, '#/inputs/schema/properties');
  return Object.entries(isNode(schema) ? schema : {}).map(([name, property]) => ({ name, from: isNode(property) && text(property['title']) ? text(property['title']) : name.replaceAll('_', ' '), kind: 'input' }));
}

/** What can be named at a step: inputs, what was made before it, and the item of the lists it stands in. At `#` and after the
 * last step: everything that the top makes. */
export function scopeAt(document: Node, pointer: string): ScopeName[] {
  const found = namesBefore(items(document['steps']), '#/steps', pointer);
  return [...inputsOf(document), ...(found.names)];
}

function namesBefore(steps: Node[], list: string, pointer: string): { names: ScopeName[]; reached: boolean } {
  const names: ScopeName[] = [];
  for (const [index, step] of steps.entries()) {
    const at = `${list}/${index}`;
    if (at === pointer) return { names, reached: true };
    for (const arm of armsOf(step)) {
      if (!pointer.startsWith(`${at}/${arm.at}/`)) continue;
      const item: ScopeName[] = step['type'] === 'map' ? [text(step['item']) || 'item', `${text(step['item']) || 'item'}_index`].map((name) => ({ name, from: titleOf(step), kind: 'item' })) : [];
      return { names: [...names, ...item, ...namesBefore(arm.steps, `${at}/${arm.at}`, pointer).names], reached: true };
    }
    names.push(...madeBy(step));
  }
  return { names, reached: false };
}

/** What is there after a step: its own result, what all branches make, what both arms make. */
function madeBy(step: Node): ScopeName[] {
  const own = makes(step);
  const below = step['type'] === 'map' ? [] : armsOf(step).map((arm) => arm.steps.flatMap(madeBy));
  const taken = step['type'] === 'branch' ? (below[0] ?? []).filter(({ name }) => below[1]?.some((other) => other.name === name)) : below.flat();
  return [...taken, ...(own === null ? [] : [{ name: own, from: titleOf(step), kind: 'step' as const }])];
}

/** The names of the scope that a step uses anywhere. */
export function usedNames(step: Node, scope: readonly ScopeName[]): ScopeName[] {
  const words = new Set(JSON.stringify(step).match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? []);
  return scope.filter(({ name }) => words.has(name));
}
