import { afterEach, describe, expect, it, vi } from 'vitest';
import { changePreferences, currentPreferences, preferencesOf, readPreferences, STANDARD, toggled } from './preferences.ts';

describe('preferences', () => {
  it('reads what was stored and mends what has another shape', () => {
    expect(readPreferences(null)).toEqual(STANDARD);
    expect(readPreferences('not json')).toEqual(STANDARD);
    expect(readPreferences('{"singleKeys":false,"zone":"utc","persona":"student","favourites":["a"],"views":[{"name":"x","query":"?a"},{"name":1}]}')).toEqual({ singleKeys: false, zone: 'utc', persona: 'student', favourites: ['a'], views: [{ name: 'x', query: '?a' }], columns: STANDARD.columns, examples: [], hints: 0, density: 'default', panes: {} });
    expect(readPreferences('{"zone":"mars","favourites":[1],"views":{}}')).toEqual(STANDARD);
  });
  it('keeps the chosen columns in the order of the list, and none that it does not know', () => {
    expect(readPreferences('{"columns":["started","mode","colour"]}').columns).toEqual(['mode', 'started']);
    expect(readPreferences('{"columns":[]}').columns).toEqual([]);
  });
  it('keeps heights and widths that can be, and no others', () => {
    expect(readPreferences('{"density":"compact","panes":{"rail":300.4,"peek":9000,"inspector":"wide","cellar":300}}')).toMatchObject({ density: 'compact', panes: { rail: 300, peek: 560 } });
    expect(readPreferences('{"examples":["a"],"hints":2}')).toMatchObject({ examples: ['a'], hints: 2 });
    expect(readPreferences('{"density":"huge","panes":[1],"examples":[1],"hints":"many"}')).toEqual(STANDARD);
  });
  it('marks a favourite and takes the mark away', () => {
    expect(toggled(['a'], 'b')).toEqual(['a', 'b']);
    expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
  });
});

describe('preferences of several people in one browser', () => {
  const kept = new Map<string, string>();
  const open = (): void => void vi.stubGlobal('window', { localStorage: { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, text: string) => kept.set(key, text), removeItem: (key: string) => kept.delete(key) } });
  afterEach(() => { preferencesOf(null); kept.clear(); vi.unstubAllGlobals(); });

  it('are kept apart: the next person has none of those of the one before, who finds theirs again', () => {
    open();
    preferencesOf('ann');
    changePreferences({ persona: 'student', favourites: ['a'], views: [{ name: 'mine', query: '?q=secret' }] });
    preferencesOf(null);
    expect(currentPreferences()).toEqual(STANDARD);
    preferencesOf('bea');
    expect(currentPreferences()).toEqual(STANDARD);
    changePreferences({ persona: 'researcher' });
    preferencesOf('ann');
    expect(currentPreferences()).toMatchObject({ persona: 'student', favourites: ['a'] });
  });
  it('of nobody are not stored', () => {
    open();
    changePreferences({ zone: 'utc' });
    expect(currentPreferences().zone).toBe('utc');
    expect(kept.size).toBe(0);
  });
  it('from before they were kept apart go to the first person who signs in, and to no other', () => {
    open();
    kept.set('awp:preferences', '{"persona":"student"}');
    preferencesOf('ann');
    expect(currentPreferences().persona).toBe('student');
    preferencesOf('bea');
    expect(currentPreferences().persona).toBe(null);
    expect([...kept.keys()]).toEqual(['awp:preferences:ann']);
  });
});
