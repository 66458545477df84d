'use client';
import { parseAsInteger, useQueryState } from 'nuqs';
import { startTransition, useEffect, useMemo, useState } from 'react';
import type { RunEvent } from '#contracts/run-events';
import type { RunView } from '#contracts/run-reducer';
import { advance, createPlayback, type Frame, type Playback, type Speed } from '../../../lib/playback';

export interface Player {
  playback: Playback; frame: Frame; position: number; playing: boolean; speed: Speed;
  seek(position: number): void; toggle(): void; setSpeed(speed: Speed): void; close(): void;
}

const LOOK_EVERY_MS = 50;
const WALK_MS = 8;

/** The player of an ended run: its events, and the view after the last of them. Where it stands is in the address (`at`), so that a moment can be shared.
 * @returns `open` starts it from the beginning; `player` is null while the page shows the run as it is */
export function usePlayback(events: readonly RunEvent[], end: RunView, ended: boolean): { player: Player | null; open: () => void } {
  const [at, setAt] = useQueryState('at', parseAsInteger);
  const on = at !== null && ended && events.length > 0;
  const playback = useMemo(() => (on ? createPlayback(events, end) : null), [on, events, end]);
  const [{ position, playing }, setClock] = useState({ position: at ?? 0, playing: false });
  const [speed, setSpeed] = useState<Speed>(1);
  const length = playback?.axis.length ?? 0;
  // A long log is walked through a little in each frame, before anybody jumps.
  useEffect(() => {
    if (!playback) return;
    let frame = 0;
    const walk = (): void => { if (!playback.walk(WALK_MS)) frame = requestAnimationFrame(walk); };
    frame = requestAnimationFrame(walk);
    return () => cancelAnimationFrame(frame);
  }, [playback]);
  useEffect(() => {
    if (!playing || !on) return;
    let last = performance.now();
    let frame = 0;
    const tick = (now: number): void => {
      if (now - last >= LOOK_EVERY_MS) {
        const elapsed = now - last;
        last = now;
        startTransition(() => setClock((clock) => advance(clock.position, elapsed, speed, length)));
      }
      frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(frame);
  }, [playing, on, speed, length]);
  useEffect(() => { if (on && !playing && at !== Math.round(position)) void setAt(Math.round(position)); }, [on, playing, at, position, setAt]);
  const frame = useMemo(() => playback?.frameAt(position) ?? null, [playback, position]);
  return {
    open: () => { setClock({ position: 0, playing: true }); void setAt(0); },
    player: playback && frame ? {
      playback, frame, position, playing, speed, setSpeed,
      seek: (to) => setClock((clock) => ({ ...clock, position: Math.min(length, Math.max(0, to)) })),
      toggle: () => setClock((clock) => ({ position: !clock.playing && clock.position >= length ? 0 : clock.position, playing: !clock.playing })),
      close: () => { setClock({ position: 0, playing: false }); void setAt(null); },
    } : null,
  };
}
