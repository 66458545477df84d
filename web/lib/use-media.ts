'use client';
import { useSyncExternalStore } from 'react';

/** Whether a media query holds; false while the page is made on the server. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => { const list = window.matchMedia(query); list.addEventListener('change', changed); return () => list.removeEventListener('change', changed); },
    () => window.matchMedia(query).matches,
    () => false,
  );
}
