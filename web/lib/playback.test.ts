import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reduceRunEvents } from '#contracts/run-reducer';
import { RETRIED } from '#test/support/retried-run';
import { runLog } from '#test/support/run-log';
import { advance, createPlayback, stopAt, stopBeside } from './playback';

describe('playing a finished run', () => {
  const playback = createPlayback(RETRIED);
  const { axis } = playback;
  const textAt = (second: number) => playback.frameAt(axis.at(axis.from + second * 1000)).view.stages[0]?.steps[0]?.completions[0];
  it('begins with the first event and ends as the page of the ended run', () => {
    expect(playback.frameAt(0)).toMatchObject({ view: { status: 'queued', lastSequence: 1 } });
    expect(playback.frameAt(axis.length).view).toEqual(reduceRunEvents(RETRIED));
    expect(playback.frameAt(axis.length + 5).events).toHaveLength(RETRIED.length);
  });
  it('an hour of waiting is passed over in moments', () => expect(axis.length).toBeLessThan(20_000));
  it('shows the first attempt, its refusal, and the text as it grew', () => {
    expect(textAt(8)).toMatchObject({ attempt: 1, status: 'running', text: '' });
    expect(textAt(10)?.status).toBe('retrying');
    expect(textAt(15.5)?.text).toBe('');
    expect(textAt(17)?.text).toBe('abcde');
    expect(textAt(18)).toMatchObject({ status: 'done', text: 'abcdefghij' });
  });
  it('any moment is the reduction of what had happened until then, whatever was looked at before', () => {
    fc.assert(fc.property(runLog, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }), ({ events }, places) => {
      const played = createPlayback(events);
      for (const [index, place] of places.entries()) {
        if (index === 2) expect(played.walk(Infinity)).toBe(true);
        const frame = played.frameAt(place * played.axis.length);
        const { stages: _shown, ...view } = frame.view;
        const { stages: _told, ...told } = reduceRunEvents(frame.events);
        expect(view).toEqual(told);
      }
    }), { numRuns: 50 });
  });
  it('jumps from stop to stop, a failed attempt among them', () => {
    const labels = playback.stops.map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(['Begin', 'Test', 'Outline', 'Attempt 1: failed', 'Waiting for an answer', 'End']));
    const first = stopBeside(playback.stops, 0, 1);
    expect(stopAt(playback.stops, first)?.label).not.toBe('Begin');
    expect(stopBeside(playback.stops, first, -1)).toBe(0);
    expect(stopBeside(playback.stops, axis.length, 1)).toBe(axis.length);
  });
});

describe('the clock of the player', () => {
  it('goes at its speed and stands at the end', () => {
    expect(advance(100, 50, 10, 10_000)).toEqual({ position: 600, playing: true });
    expect(advance(9_900, 50, 50, 10_000)).toEqual({ position: 10_000, playing: false });
    expect(advance(100, -5, 50, 10_000).position).toBe(100);
  });
});
