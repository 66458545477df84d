import { describe, expect, it } from 'vitest';
import { readPreferences, STANDARD, toggled } from './preferences.ts';

describe('preferences', () => {
  it('reads what was stored and mends what has another shape', () => {
    expect(readPreferences(null)).toEqual(STANDARD);
    expect(readPreferences('not json')).toEqual(STANDARD);
    expect(readPreferences('{"singleKeys":false,"zone":"utc","persona":"student","favourites":["a"],"views":[{"name":"x","query":"?a"},{"name":1}]}')).toEqual({ singleKeys: false, zone: 'utc', persona: 'student', favourites: ['a'], views: [{ name: 'x', query: '?a' }] });
    expect(readPreferences('{"zone":"mars","favourites":[1],"views":{}}')).toEqual(STANDARD);
  });
  it('marks a favourite and takes the mark away', () => {
    expect(toggled(['a'], 'b')).toEqual(['a', 'b']);
    expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
  });
});
