'use client';
import { startTransition, useEffect, useRef, useState } from 'react';

/** The value, taken over at most once in `everyMs`: for pictures that cost much and need not follow each event. The last one always comes. */
export function useAtMost<T>(value: T, everyMs: number): T {
  const [shown, setShown] = useState(value);
  const takenAt = useRef(0);
  useEffect(() => {
    const timer = setTimeout(() => {
      takenAt.current = performance.now();
      startTransition(() => setShown(() => value));
    }, Math.max(0, takenAt.current + everyMs - performance.now()));
    return () => clearTimeout(timer);
  }, [value, everyMs]);
  return shown;
}
