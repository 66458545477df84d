import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvHeader, toCsv } from './csv.ts';

/** A reader of its own, by the grammar of RFC 4180. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      for (at += 1; text[at] !== '"' || text[at + 1] === '"'; at += 1) { if (text[at] === '"') at += 1; cell += text[at]; }
      at += 1;
    } else while (at < text.length && !',\r'.includes(text[at] as string)) { cell += text[at]; at += 1; }
    rows.at(-1)?.push(cell);
    if (text[at] === ',') { at += 1; if (text[at] === '\r' || at === text.length) rows.at(-1)?.push(''); } else { expect(text.slice(at, at + 2)).toBe('\r\n'); at += 2; if (at < text.length) rows.push([]); }
  }
  return rows;
}

describe('toCsv', () => {
  it('every table comes back as it was, but for the guard', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.string()), { minLength: 1 }), (rows) => {
      const read = parse(toCsv(['a', 'b'], rows)).slice(1);
      for (const [index, row] of rows.entries()) for (const [place, cell] of row.entries()) expect([cell, `'${cell}`]).toContain(read[index]?.[place]);
    }));
  });

  it('no text begins a formula; numbers stay numbers', () => {
    expect(toCsv(['a', 'b', 'c'], [['=1+1', '+49 170', '@x'], [' =cmd()', '\tx', '-x'], [-5, '-5', '+3.2'], [null, NaN, true], ['he said "x"', 'a,b', 'l1\nl2']]))
      .toBe(['a,b,c', "'=1+1,'+49 170,'@x", "' =cmd(),'\tx,'-x", '-5,-5,+3.2', ',,true', '"he said ""x""","a,b","l1\nl2"', ''].join('\r\n'));
  });

  it('short rows are filled up', () => {
    expect(toCsv(['a', 'b'], [['1']])).toBe('a,b\r\n1,\r\n');
  });
});

describe('csvHeader', () => {
  it.each([
    ['region,amount\nNorth,10', ['region', 'amount']],
    ['\uFEFF\r\n a ; "b;c" ;""\r\n1;2;3', ['a', 'b;c', 'column2']],
    ['"say ""hi""",x,X', ['say "hi"', 'x', 'X_1']],
    ['Report of May\n\nregion,amount\nNorth,10\n', []],
    ['one\n1\n2\n', ['one']],
    ['"two\nlines";b\n1;2\n', []],
    ['one\ttwo, and more\tthree', ['one', 'two, and more', 'three']],
    ['', []],
    ['PK\u0003\u0004,x', []],
    [Array.from({ length: 300 }, (_, index) => `c${index}`).join(','), []],
  ])('%j', (text, names) => expect(csvHeader(text)).toEqual(names));
  it('reads back the names that toCsv writes, whatever is in them', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9 "']{0,20}[a-z]$/), { minLength: 2, maxLength: 30 }), (names) => { expect(csvHeader(toCsv(names, [names]))).toEqual(names); }));
  });
  it('takes any text', () => { fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => csvHeader(text).every((name) => name.length > 0 && name.length <= 124))); });
});
