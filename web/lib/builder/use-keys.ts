'use client';
import { useEffect, useEffectEvent, useRef, type RefObject } from 'react';

/** Keys pressed anywhere inside of an element. Menus and dialogs that it opens stand outside of it and keep their own. */
export function useKeys(pressed: (event: KeyboardEvent, target: HTMLElement) => void): RefObject<HTMLDivElement | null> {
  const box = useRef<HTMLDivElement>(null);
  const take = useEffectEvent(pressed);
  useEffect(() => {
    const element = box.current;
    const listen = (event: KeyboardEvent): void => { if (event.target instanceof HTMLElement) take(event, event.target); };
    element?.addEventListener('keydown', listen);
    return () => element?.removeEventListener('keydown', listen);
  }, []);
  return box;
}
