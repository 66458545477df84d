'use client';
import { useSyncExternalStore } from 'react';
import { keysOf, type Shortcut } from '../../lib/shortcuts';

const never = (): (() => void) => () => {};
const isMac = (): boolean => /mac/i.test(navigator.userAgent);

/** Keys as caps; read aloud one after the other. */
export function Keys({ shortcut }: { shortcut: Pick<Shortcut, 'keys'> }) {
  const mac = useSyncExternalStore(never, isMac, () => false);
  return <span className="inline-flex gap-1">{keysOf(shortcut, mac).map((key) => <kbd key={key} className="inline-grid h-6 min-w-6 place-items-center rounded-sm border border-control bg-sunken px-1.5 font-mono text-xs">{key}</kbd>)}</span>;
}
