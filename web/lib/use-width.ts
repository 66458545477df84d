'use client';
import { useEffect, useRef, useState, type RefObject } from 'react';

/** How wide an element is drawn, in pixels. @param before  what is taken until it is measured */
export function useWidth<T extends HTMLElement>(before: number): [RefObject<T | null>, number] {
  const box = useRef<T>(null);
  const [width, setWidth] = useState(before);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [box, width];
}
