import { describe, expect, it } from 'vitest';
import type { StageView } from '#contracts/run-reducer';
import { nextCap, type Envelope, type Meter } from './envelope';

const meter = (key: Meter['key'], used: number, cap: number | null): Meter => ({ key, label: key, used, cap });
const envelope = (meters: Meter[], change: Partial<Envelope> = {}): Envelope => ({ stage: { stage: 'test', endedAt: null } as StageView, activeMs: 10_000, meters, ...change });

describe('the next limit', () => {
  it('is the one that comes first at the pace so far, with the time that is left', () => {
    expect(nextCap(envelope([meter('output_tokens', 500, 1000), meter('seconds', 10, 60), meter('cost', 1, null)]))).toMatchObject({ meter: { key: 'output_tokens' }, share: 0.5, leftMs: 10_000 });
    expect(nextCap(envelope([meter('output_tokens', 10, 1000), meter('seconds', 10, 60)]))).toMatchObject({ meter: { key: 'seconds' }, leftMs: expect.closeTo(50_000, 3) as number });
  });
  it('of an ended stage it is the one that came closest, without a forecast', () => {
    const ended = { stage: { stage: 'test', endedAt: '2026-11-01T12:00:00Z' } as StageView };
    expect(nextCap(envelope([meter('output_tokens', 500, 1000), meter('seconds', 58, 60)], ended))).toMatchObject({ meter: { key: 'seconds' }, leftMs: null });
  });
  it('is none where nothing is limited or nothing was used', () => expect(nextCap(envelope([meter('cost', 5, null), meter('output_tokens', 0, 1000)]))).toBeNull());
  it('a limit that is passed has no time left', () => expect(nextCap(envelope([meter('output_tokens', 1200, 1000)]))).toMatchObject({ share: 1, leftMs: 0 }));
});
