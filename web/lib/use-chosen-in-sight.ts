import { useEffect, useRef, type RefObject } from 'react';

/** Keeps the chosen one of a row that scrolls sideways in sight: at first, when another is chosen, and when the row gets narrower.
 * Only the row moves, never the page. @param chosen  selector of the chosen element inside the row */
export function useChosenInSight<Row extends HTMLElement>(chosen: string): RefObject<Row | null> {
  const row = useRef<Row>(null);
  useEffect(() => {
    const element = row.current;
    if (!element) return undefined;
    const show = (): void => {
      const at = element.querySelector(chosen)?.getBoundingClientRect();
      const frame = element.getBoundingClientRect();
      if (at && (at.left < frame.left || at.right > frame.right)) element.scrollLeft += at.left - frame.left - (frame.width - at.width) / 2;
    };
    const width = new ResizeObserver(show);
    width.observe(element);
    const choice = new MutationObserver(show);
    choice.observe(element, { subtree: true, attributeFilter: ['aria-selected', 'aria-current'] });
    return () => { width.disconnect(); choice.disconnect(); };
  }, [chosen]);
  return row;
}
