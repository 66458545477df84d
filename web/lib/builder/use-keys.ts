'use client';
import { useEffect, useEffectEvent, type RefObject } from 'react';

/** Keys pressed anywhere inside of an element, or nowhere: what had the focus may just be gone. Menus and dialogs that it opens
 * stand outside of it and keep their own. */
export function useKeys(box: RefObject<HTMLElement | null>, pressed: (event: KeyboardEvent, target: HTMLElement) => void): void {
  const take = useEffectEvent(pressed);
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => { if (event.target instanceof HTMLElement && (event.target === document.body || box.current?.contains(event.target))) take(event, event.target); };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [box]);
}
