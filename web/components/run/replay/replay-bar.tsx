'use client';
import { Pause, Play, SkipBack, SkipForward, X } from 'lucide-react';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { formatDuration, formatTimeOfDay } from '../../../lib/format';
import { SPEEDS, stopAt, stopBeside, type Speed } from '../../../lib/playback';
import { Button } from '../../ui/button';
import { Select } from '../../ui/select';
import type { Player } from './use-playback';

const SPEED_OPTIONS = SPEEDS.map((speed) => ({ value: String(speed), label: `${speed}×` }));

/** Play, pause, speed, and a scrubber over the run's own clock. */
export function ReplayBar({ player }: { player: Player }) {
  const { playback: { axis, stops }, position, playing, speed, frame } = player;
  const here = stopAt(stops, position);
  const play = useRef<HTMLButtonElement>(null);
  // The button that was pressed is gone: whoever pressed it goes on here. A moment opened by its address takes no focus.
  const pressed = useRef(playing);
  useEffect(() => { if (pressed.current) play.current?.focus({ preventScroll: true }); }, []);
  const since = formatDuration(frame.now - axis.from);
  const words = `${since} of ${formatDuration(axis.to - axis.from)}${here ? `, ${here.label}` : ''}`;
  const step = Math.max(1, axis.length / 200);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === ' ') { event.preventDefault(); player.toggle(); }
    else if (event.key === '.') player.seek(stops.find((stop) => stop.bad && stop.at > position + 1)?.at ?? position);
  };
  return (
    <section aria-label="Replay" data-slot="replay" data-print="hide" className="sticky bottom-0 z-30 -mx-4 mt-8 border-t border-control bg-canvas px-4 py-2 sm:-mx-6 sm:px-6">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="flex gap-1">
          <Button size="sm" aria-label="Previous moment" onClick={() => player.seek(stopBeside(stops, position, -1))}><SkipBack aria-hidden className="size-4" /></Button>
          <Button ref={play} size="sm" variant="primary" aria-label={playing ? 'Pause' : 'Play'} onClick={player.toggle}>{playing ? <Pause aria-hidden className="size-4" /> : <Play aria-hidden className="size-4" />}</Button>
          <Button size="sm" aria-label="Next moment" onClick={() => player.seek(stopBeside(stops, position, 1))}><SkipForward aria-hidden className="size-4" /></Button>
        </span>
        <Select aria-label="Speed" className="h-7 w-20 max-sm:h-7" value={String(speed)} onValueChange={(value) => player.setSpeed(Number(value) as Speed)} options={SPEED_OPTIONS} />
        <div className="relative order-last w-full min-w-40 flex-1 sm:order-none sm:w-auto">
          <div aria-hidden className="pointer-events-none absolute inset-x-2 top-0 h-1.5">{stops.map((stop) => <span key={`${stop.at}${stop.label}`} className={`absolute h-full w-px ${stop.bad ? 'bg-failed w-0.5' : 'bg-control'}`} style={{ left: `${(stop.at / axis.length) * 100}%` }} />)}</div>
          <input type="range" aria-label="Moment of the run" aria-valuetext={words} min={0} max={Math.ceil(axis.length)} step={step} value={Math.min(position, Math.ceil(axis.length))} onChange={(event) => player.seek(Number(event.target.value) >= Math.floor(axis.length - step / 2) ? axis.length : Number(event.target.value))} onKeyDown={onKeyDown} className="mt-1.5 block h-6 w-full accent-accent" />
        </div>
        <span className="font-mono text-xs text-muted"><span className="text-ink">{since}</span> / {formatDuration(axis.to - axis.from)} · <time dateTime={new Date(frame.now).toISOString()}>{formatTimeOfDay(new Date(frame.now).toISOString())}</time></span>
        <Button size="sm" variant="quiet" onClick={player.close}><X aria-hidden className="size-4" />End replay</Button>
      </div>
      <p className="mt-1 truncate text-xs text-muted">{here ? <span className="font-medium text-ink">{here.label}. </span> : null}Played from the event log; no provider is asked. Quiet stretches are passed over quickly; text grows evenly, as the log keeps no keystrokes.</p>
    </section>
  );
}
