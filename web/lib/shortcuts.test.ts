import { describe, expect, it } from 'vitest';
import { GO_TO, keysOf, nextRow, PAGE_KEYS, SHORTCUTS } from './shortcuts.ts';

describe('keyboard map', () => {
  it('gives a key one meaning in one place', () => {
    const seen = SHORTCUTS.map(({ group, keys }) => `${group === 'Everywhere' ? '' : group} ${keys}`);
    expect(new Set(seen).size).toBe(seen.length);
    expect(new Set(GO_TO.map(({ key }) => key)).size).toBe(GO_TO.length);
    const everywhere = SHORTCUTS.filter(({ group }) => group === 'Everywhere').map(({ keys }) => keys);
    expect(PAGE_KEYS.filter(({ key }) => everywhere.includes(key))).toEqual([]);
  });
  it('marks every key without a modifier as one that can be switched off', () => {
    expect(SHORTCUTS.filter(({ keys, single }) => single && /mod|Enter|Esc/.test(keys))).toEqual([]);
    expect(SHORTCUTS.filter(({ keys, single }) => !single && !/mod|Enter|Esc/.test(keys))).toEqual([]);
  });
  it('writes the keys of the machine', () => {
    expect(keysOf({ keys: 'mod K' }, true)).toEqual(['⌘', 'K']);
    expect(keysOf({ keys: 'g h' }, false)).toEqual(['g', 'h']);
  });
  it('stays at the ends of a list', () => {
    expect([nextRow(-1, 3, 1), nextRow(-1, 3, -1), nextRow(2, 3, 1), nextRow(0, 3, -1), nextRow(0, 3, 1), nextRow(0, 0, 1)]).toEqual([0, 2, 2, 0, 1, -1]);
  });
});
