import type { StepType } from '#contracts/own/definition';
import { armsOf, isNode, outlineOf, titleOf, valueAtPointer, type Node, type OutlineStep } from '#contracts/own/outline';
import { insertStep, placeOf, removeStep, STEP_WORDS, type Changed } from './edits';

/** Where a step can be put: by mouse, and by keys the same places one after the other. Pure. */
export interface Place { /** of steps, `#/steps/0/do` */ list: string; /** before the step that stands there now */ index: number }
/** What is put somewhere: a step that is there, or a new one of a type. */
export type Moved = { kind: 'step'; pointer: string } | { kind: 'new'; type: StepType };

const stepsAt = (document: Node, list: string): Node[] => { const found = valueAtPointer(document, list); return Array.isArray(found) ? found.map((step: unknown) => (isNode(step) ? step : {})) : []; };
const isInside = (list: string, pointer: string): boolean => `${list}/`.startsWith(`${pointer}/`);

/** Every place from top to bottom, arms in their order. What is moved is no place for itself; where it stands counts once. */
export function placesOf(document: Node, moved: Moved): Place[] {
  const own = moved.kind === 'step' ? moved.pointer : null;
  const walk = (list: string, depth: number): Place[] => {
    const steps = stepsAt(document, list);
    const inside = steps.flatMap((step, index) => {
      const pointer = `${list}/${index}`;
      const before: Place[] = own !== null && index > 0 && own === `${list}/${index - 1}` ? [] : [{ list, index }];
      return [...before, ...(pointer === own || depth > 7 ? [] : armsOf(step).flatMap(({ at }) => walk(`${pointer}/${at}`, depth + 1)))];
    });
    return own === `${list}/${steps.length - 1}` ? inside : [...inside, { list, index: steps.length }];
  };
  return walk('#/steps', 0);
}

/** The place that a pointer over a step means: its upper half before it; its lower half after it, or into its first arm.
 * @param id  of a step, `#` = the head, `end` = after all of them; null when nothing can be put there */
export function placeOver(document: Node, moved: Moved, id: string, half: 'upper' | 'lower'): Place | null {
  const meant = ((): Place => {
    if (id === '#') return { list: '#/steps', index: 0 };
    if (id === 'end') return { list: '#/steps', index: stepsAt(document, '#/steps').length };
    const place = placeOf(id);
    if (half === 'upper') return place;
    const step = valueAtPointer(document, id);
    const arm = isNode(step) ? armsOf(step)[0] : undefined;
    return arm ? { list: `${id}/${arm.at}`, index: 0 } : { ...place, index: place.index + 1 };
  })();
  return canPut(moved, meant) ? meant : null;
}
export const canPut = (moved: Moved, place: Place): boolean => moved.kind === 'new' || !isInside(place.list, moved.pointer);

/** Takes a step from where it stands to a place. A place inside of itself, or where it is already, changes nothing. */
export function moveTo(document: Node, pointer: string, { list, index }: Place): Changed {
  const step = valueAtPointer(document, pointer);
  const from = placeOf(pointer);
  if (!isNode(step) || isInside(list, pointer) || (list === from.list && (index === from.index || index === from.index + 1))) return { document, at: pointer };
  // What stands behind it moves up by one when it is taken out.
  const [at = '', ...below] = list.startsWith(`${from.list}/`) ? list.slice(from.list.length + 1).split('/') : [];
  const shifted = Number(at) > from.index ? [from.list, Number(at) - 1, ...below].join('/') : list;
  return insertStep(removeStep(document, pointer).document, shifted, list === from.list && index > from.index ? index - 1 : index, step);
}

/** Where the place is drawn: at which step, head or empty arm, and on which side. */
export function markOf(document: Node, { list, index }: Place): { id: string; side: 'before' | 'after' | 'in' } {
  const steps = stepsAt(document, list);
  if (index < steps.length) return { id: `${list}/${index}`, side: 'before' };
  if (steps.length > 0) return { id: `${list}/${steps.length - 1}`, side: 'after' };
  return list === '#/steps' ? { id: '#', side: 'after' } : { id: list, side: 'in' };
}

/** In words: for those who do not see the line. */
export function placeWords(document: Node, place: Place): string {
  const { id, side } = markOf(document, place);
  const outline = outlineOf(document);
  const holder = outline.findLast(({ pointer }) => place.list.startsWith(`${pointer}/`));
  const arm = holder && armsOf(holder.step).find(({ at }) => `${holder.pointer}/${at}` === place.list);
  const where = holder ? `in "${arm?.title ?? ''}" of ${titleOf(holder.step)}` : 'at the top';
  const at = outline.find(({ pointer }) => pointer === id);
  return side === 'in' || !at ? `first ${where}` : `${side} ${titleOf(at.step)}, ${where}`;
}

export const movedTitle = (document: Node, moved: Moved): string => (moved.kind === 'new' ? STEP_WORDS[moved.type].title : titleOf((outlineOf(document).find(({ pointer }: OutlineStep) => pointer === moved.pointer))?.step ?? {}));
