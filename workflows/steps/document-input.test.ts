import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headingOf, sectionsOf } from './document-input.ts';
import { sentencesOf } from './sentences.ts';

const part = (text: string, more: { page?: number } = {}) => ({ text, page: more.page ?? null, url: null, source: 'input', title: '' });
const titles = (text: string) => sectionsOf([part(text)]).map((section) => section.title);

describe('sections of a document', () => {
  it('begin at the headings of papers, Markdown and job advertisements', () => {
    expect(titles('A title\nAnn Author\n\nAbstract\nWe ask.\n\n1 Introduction\nWhy.\n2.1 Data set\nFrom here.\nREFERENCES\n[1] X')).toEqual(['Beginning', 'Abstract', '1 Introduction', '2.1 Data set', 'REFERENCES']);
    expect(titles('# Role\nText\n## Requirements ##\nMore')).toEqual(['Role', 'Requirements']);
    expect(titles('Abstract. We show that it works.\nReally.')).toEqual(['Abstract']);
  });

  it('a numbered list is no list of headings', () => {
    expect(titles('Steps\n1. Read the data\n2. Train the model\n3. Stop.')).toEqual(['Beginning']);
    expect(headingOf('\\subsection*{Data and splits}', 'We use.')).toBe('Data and splits');
    expect(headingOf('3 Results are good.', '')).toBeNull();
  });

  it('of an upload keep the headings they were read under', () => {
    expect(sectionsOf([{ ...part('We ask.'), heading: 'Abstract' }, { ...part('Felt burns.'), heading: 'Limitations' }])).toMatchObject([{ title: 'Abstract', text: 'We ask.' }, { title: 'Limitations', text: 'Felt burns.' }]);
  });

  it('keep page and origin, and pages without a heading go on with the section before', () => {
    const found = sectionsOf([part('Abstract\nOne.', { page: 1 }), part('Two.\n2 Method\nThree.', { page: 2 })]);
    expect(found).toMatchObject([{ title: 'Abstract', page: 1, text: 'One.\nTwo.' }, { title: '2 Method', page: 2, text: 'Three.' }]);
  });

  it('lose no word of any text but the headings, and no section is long', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.constantFrom('Abstract', '# A', '2 Method', '', '   '), fc.lorem({ maxCount: 30 }), fc.string({ unit: 'grapheme', maxLength: 60 })), { maxLength: 40 }), (lines) => {
      const found = sectionsOf([part(lines.join('\n'))]);
      const kept = found.map((section) => section.text).join(' ').replace(/\s/g, '');
      for (const line of lines.filter((each) => /^[a-z]{4,}( [a-z]+)*$/.test(each))) expect(kept).toContain(line.replace(/\s/g, ''));
      for (const section of found) expect(section.text.length).toBeLessThanOrEqual(8_100);
    }));
  });

  it('one paragraph without end is cut into parts', () => {
    expect(sectionsOf([part('x'.repeat(20_000))]).map((section) => section.title)).toEqual(['Beginning', 'Beginning (part 2)', 'Beginning (part 3)']);
  });
});

it('sentences: lines are joined, abbreviations and decimals do not end one, headings and tables are left out', () => {
  expect(sentencesOf('# Title\nIt rose by 2.5 points, cf. Fig. 3, and\nstayed. Then it fell!\n\n- One point\n- Another point\n| a | b |')).toEqual(['It rose by 2.5 points, cf. Fig. 3, and stayed.', 'Then it fell!', 'One point', 'Another point']);
});
