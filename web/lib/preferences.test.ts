import { describe, expect, it } from 'vitest';
import { readPreferences, STANDARD, toggled } from './preferences.ts';

describe('preferences', () => {
  it('reads what was stored and mends what has another shape', () => {
    expect(readPreferences(null)).toEqual(STANDARD);
    expect(readPreferences('not json')).toEqual(STANDARD);
    expect(readPreferences('{"singleKeys":false,"zone":"utc","persona":"student","favourites":["a"],"views":[{"name":"x","query":"?a"},{"name":1}]}')).toEqual({ singleKeys: false, zone: 'utc', persona: 'student', favourites: ['a'], views: [{ name: 'x', query: '?a' }], columns: STANDARD.columns });
    expect(readPreferences('{"zone":"mars","favourites":[1],"views":{}}')).toEqual(STANDARD);
  });
  it('keeps the chosen columns in the order of the list, and none that it does not know', () => {
    expect(readPreferences('{"columns":["started","mode","colour"]}').columns).toEqual(['mode', 'started']);
    expect(readPreferences('{"columns":[]}').columns).toEqual([]);
  });
  it('marks a favourite and takes the mark away', () => {
    expect(toggled(['a'], 'b')).toEqual(['a', 'b']);
    expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
  });
});
