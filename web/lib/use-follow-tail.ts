'use client';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';

const NEAR = 96;

function distanceToEnd(): number {
  const page = document.documentElement;
  return page.scrollHeight - window.innerHeight - window.scrollY;
}

/** Follows growing text only for a reader who stands at the end of the page; nobody else is ever scrolled.
 * @param version changes whenever content was added */
export function useFollowTail(active: boolean, version: number): { below: boolean; jump: () => void } {
  const following = useRef(false);
  const [below, setBelow] = useState(false);
  useEffect(() => {
    const look = (): void => {
      const near = distanceToEnd() < NEAR;
      following.current = near && window.scrollY > 0;
      setBelow(!near);
    };
    window.addEventListener('scroll', look, { passive: true });
    return () => window.removeEventListener('scroll', look);
  }, []);
  useLayoutEffect(() => {
    if (!active || version === 0) return;
    if (following.current) window.scrollTo({ top: document.documentElement.scrollHeight });
    else setBelow(distanceToEnd() > NEAR);
  }, [active, version]);
  return {
    below,
    jump: () => {
      following.current = true;
      window.scrollTo({ top: document.documentElement.scrollHeight });
    },
  };
}
