import { describe, expect, it } from 'vitest';
import { Sources } from './sources.ts';

const item = (id: string, text = '') => ({ id, title: id, url: null, source: 'library', snippet: '', text });

describe('sources of a run', () => {
  it('the same item keeps its id, a new one gets the next', () => {
    const sources = new Sources();
    expect([...sources.add([item('a'), item('b')]), ...sources.add([item('a'), item('c')])].map((source) => source.id)).toEqual(['m1', 'm2', 'm1', 'm3']);
    expect(sources.all).toHaveLength(3);
    expect(sources.byId('m2')?.originId).toBe('b');
  });

  it('lists what is cited and not read, and figures that nobody vouches for', () => {
    const sources = new Sources();
    sources.addText('draft', 'The draft\nof today', 'text');
    const text = sources.markdown(['Costs fell by 40 % [m1]. They rise by 55 % again. Others agree [m9].']);
    expect(text).toContain('- [m1] The draft of today — input, draft');
    expect(text).toContain('**Unresolved:** [m9]');
    expect(text).toContain('- 55 % in “They rise by 55 % again.”');
    expect(text).not.toContain('- 40 %');
    expect(new Sources().markdown(['x'])).toContain('No material was found');
  });
});
