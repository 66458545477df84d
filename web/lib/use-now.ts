'use client';
import { startTransition, useEffect, useState } from 'react';

/** The present time in ms, refreshed on an interval; 0 = stand still. A tick of the clock never holds up a press. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (everyMs <= 0) return;
    const timer = setInterval(() => startTransition(() => setNow(Date.now())), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
