'use client';
import { formatDuration } from '../../lib/format';
import type { LinkState } from '../../lib/run-stream';
import { useNow } from '../../lib/use-now';

/** Says when the live view is broken, and that the run is not. */
export function LinkBar({ link, ended }: { link: LinkState; ended: boolean }) {
  const broken = link.kind === 'interrupted' || link.kind === 'polling';
  const now = useNow(broken ? 1000 : 0);
  if (!broken || ended) return null;
  const age = formatDuration(Math.max(0, now - link.since));
  return (
    <p data-slot="link-bar" className="mt-3 border-y border-waiting bg-waiting-paper px-3 py-1.5 text-sm text-waiting">
      {link.kind === 'interrupted' ? <>Live view interrupted {age}, the run is unaffected; reconnecting ({link.attempt})</> : <>The live stream could not be reached, so this page asks every 2 s instead. The run is unaffected.</>}
    </p>
  );
}
