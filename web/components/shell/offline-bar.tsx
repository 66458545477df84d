'use client';
import { useSyncExternalStore } from 'react';

function subscribe(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

/** Says that this machine has no network: what is on the page stays readable, and no run depends on it. */
export function OfflineBar() {
  const online = useSyncExternalStore(subscribe, () => navigator.onLine, () => true);
  return <div role="status">{online ? null : <p data-slot="offline" className="border-b border-waiting bg-waiting-paper px-4 py-2 text-center text-waiting">You are offline. What is on this page stays readable; runs go on without it, and the page catches up by itself.</p>}</div>;
}
