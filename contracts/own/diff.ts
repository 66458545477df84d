/** What changed between two definitions, as JSON Pointers. Objects in lists that have a `key` (steps, tabs, knowledge) are
 * matched by it, so that a step which moved is one change of order and not a change of every step. Pure. */
export interface Change { pointer: string; kind: 'added' | 'removed' | 'changed'; before?: unknown; after?: unknown }
const MOST = 500;
type Node = Record<string, unknown>;
const isObject = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const keyed = (list: unknown): list is (Node & { key: string })[] => Array.isArray(list) && list.length > 0 && list.every((item) => isObject(item) && typeof item['key'] === 'string');
const escape = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

export function diffOf(before: unknown, after: unknown): Change[] {
  const changes: Change[] = [];
  compare(before, after, '#', changes);
  return changes.slice(0, MOST);
}

function compare(before: unknown, after: unknown, pointer: string, changes: Change[]): void {
  if (changes.length > MOST || before === after) return;
  if (isObject(before) && isObject(after)) { fields(before, after, pointer, changes); return; }
  if (keyed(before) && keyed(after)) {
    fields(Object.fromEntries(before.map((item) => [item.key, item])), Object.fromEntries(after.map((item) => [item.key, item])), pointer, changes);
    const kept = (list: (Node & { key: string })[], other: (Node & { key: string })[]): string => list.filter(({ key }) => other.some((item) => item.key === key)).map(({ key }) => key).join();
    if (kept(before, after) !== kept(after, before)) changes.push({ pointer, kind: 'changed', before: before.map(({ key }) => key), after: after.map(({ key }) => key) });
    return;
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    for (const [index, item] of before.entries()) compare(item, after[index], `${pointer}/${index}`, changes);
    return;
  }
  if (JSON.stringify(before) !== JSON.stringify(after)) changes.push({ pointer, kind: 'changed', before, after });
}

function fields(before: Node, after: Node, pointer: string, changes: Change[]): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const at = `${pointer}/${escape(key)}`;
    if (before[key] === undefined && after[key] !== undefined) changes.push({ pointer: at, kind: 'added', after: after[key] });
    else if (after[key] === undefined && before[key] !== undefined) changes.push({ pointer: at, kind: 'removed', before: before[key] });
    else compare(before[key], after[key], at, changes);
  }
}
