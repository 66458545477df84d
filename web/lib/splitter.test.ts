import { describe, expect, it } from 'vitest';
import { PANES, splitterKey, withinRange } from './splitter.ts';

describe('the line between two panes', () => {
  const { rail, inspector } = PANES;
  it('moves the way the arrow points, whichever side its pane is on', () => {
    expect(splitterKey('ArrowRight', 256, rail, 'left')).toBe(272);
    expect(splitterKey('ArrowLeft', 256, rail, 'left')).toBe(240);
    expect(splitterKey('ArrowLeft', 384, inspector, 'right')).toBe(400);
    expect(splitterKey('ArrowRight', 384, inspector, 'right')).toBe(368);
  });
  it('goes to its ends, back to where it was at first, and never beyond', () => {
    expect(splitterKey('Home', 256, rail, 'left')).toBe(rail.least);
    expect(splitterKey('End', 256, rail, 'left')).toBe(rail.most);
    expect(splitterKey('Enter', 300, rail, 'left')).toBe(rail.standard);
    expect(splitterKey('ArrowRight', rail.most, rail, 'left')).toBe(rail.most);
    expect(withinRange(-5, rail)).toBe(rail.least);
  });
  it('leaves every other key to the page', () => {
    expect(splitterKey('ArrowDown', 256, rail, 'left')).toBeNull();
    expect(splitterKey('j', 256, rail, 'left')).toBeNull();
  });
});
