'use client';
import { useEffect, useEffectEvent, useState, type RefObject } from 'react';
import { STEP_TYPES } from '#contracts/own/definition';
import type { Node } from '#contracts/own/outline';
import { canPut, placeOver, placesOf, type Moved, type Place } from './places';

/** A step on its way to another place. By mouse it is dragged (`data-step`, `data-new` in the markup) to a step or an empty arm
 * (`data-place`); by keys, or after a press on Move, the places come one after the other. */
export interface Moving { what: Moved; place: Place | null; by: 'mouse' | 'keys'; /** of the pointer, in the window */ x: number; y: number; /** as it was when it began: an edit in between ends it */ of: Node }
/** A press that moves less than this is a press. */
const SLACK_PX = 6;

export function useMoving(box: RefObject<HTMLElement | null>, document: Node, put: (what: Moved, place: Place) => void) {
  const [begun, setMoving] = useState<Moving | null>(null);
  const moving = begun?.of === document ? begun : null;
  const placeAt = (what: Moved, x: number, y: number): Place | null => {
    const over = window.document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-step], [data-place]');
    if (!over || !box.current?.contains(over)) return null;
    const { step, place } = over.dataset;
    const { top, height } = over.getBoundingClientRect();
    const [list = '', index = '0'] = place?.split('|') ?? [];
    const found = step === undefined ? { list, index: Number(index) } : placeOver(document, what, step, y < top + height / 2 ? 'upper' : 'lower');
    return found && canPut(what, found) ? found : null;
  };
  const drop = (): void => { if (moving?.place) put(moving.what, moving.place); setMoving(null); };
  const cancel = (): void => setMoving(null);
  const begin = (pointer: string): void => setMoving({ what: { kind: 'step', pointer }, place: placesOf(document, { kind: 'step', pointer }).find(({ list, index }) => `${list}/${index}` === pointer) ?? null, by: 'keys', x: 0, y: 0, of: document });
  const walk = (by: -1 | 1): void => {
    if (!moving) return;
    const places = placesOf(document, moving.what);
    const at = places.findIndex(({ list, index }) => list === moving.place?.list && index === moving.place.index);
    setMoving({ ...moving, place: places[Math.min(places.length - 1, Math.max(0, at + by))] ?? null });
  };
  const drag = useEffectEvent((what: Moved, event: PointerEvent): void => setMoving({ what, place: placeAt(what, event.clientX, event.clientY), by: 'mouse', x: event.clientX, y: event.clientY, of: document }));
  /** By where the pointer is now: what was drawn last may be one move behind. */
  const land = useEffectEvent((what: Moved, event: PointerEvent | null): void => {
    const place = event && placeAt(what, event.clientX, event.clientY);
    if (place) put(what, place);
    setMoving(null);
  });
  /** A press on a place while one is chosen for a step. @returns whether it was one */
  const pressed = useEffectEvent((event: MouseEvent): boolean => {
    const place = moving?.by === 'keys' && event.detail > 0 ? placeAt(moving.what, event.clientX, event.clientY) : null;
    if (!moving || !place) return false;
    put(moving.what, place);
    setMoving(null);
    return true;
  });

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let start: { what: Moved; x: number; y: number } | null = null;
    let dragged = false;
    const down = (event: PointerEvent): void => {
      const data: DOMStringMap = (event.target instanceof Element ? event.target.closest<HTMLElement>('[data-step], [data-new]') : null)?.dataset ?? {};
      const { step, new: wanted } = data;
      const type = STEP_TYPES.find((known) => known === wanted);
      const what: Moved | null = type ? { kind: 'new', type } : step?.startsWith('#/') ? { kind: 'step', pointer: step } : null;
      // A finger scrolls; it moves steps by the button.
      if (what && event.button === 0 && event.pointerType !== 'touch') start = { what, x: event.clientX, y: event.clientY };
    };
    const move = (event: PointerEvent): void => {
      if (!start || (!dragged && Math.hypot(event.clientX - start.x, event.clientY - start.y) < SLACK_PX)) return;
      dragged = true;
      drag(start.what, event);
    };
    const over = (event: PointerEvent | null): void => {
      if (dragged && start) {
        land(start.what, event);
        // The press that ends a drag is none.
        const swallow = (event: MouseEvent): void => { event.preventDefault(); event.stopPropagation(); };
        window.addEventListener('click', swallow, { capture: true, once: true });
        setTimeout(() => window.removeEventListener('click', swallow, true), 0);
      }
      start = null;
      dragged = false;
    };
    const up = (event: PointerEvent): void => over(event);
    const lost = (): void => over(null);
    const escape = (event: KeyboardEvent): void => { if (event.key === 'Escape' && dragged) lost(); };
    const click = (event: MouseEvent): void => { if (pressed(event)) { event.preventDefault(); event.stopPropagation(); } };
    const ended = new AbortController();
    const { signal } = ended;
    element.addEventListener('pointerdown', down, { signal });
    element.addEventListener('click', click, { capture: true, signal });
    window.addEventListener('pointermove', move, { signal });
    window.addEventListener('pointerup', up, { signal });
    window.addEventListener('pointercancel', lost, { signal });
    window.addEventListener('keydown', escape, { signal });
    return () => ended.abort();
  }, [box]);
  return { moving, begin, walk, drop, cancel };
}
