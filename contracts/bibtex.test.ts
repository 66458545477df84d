import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { citationKey, parseBibtex, protectCapitals, toBibtex } from './bibtex.ts';

const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constantFrom('100 % of {sets} & more_$#~^\\', 'A {B} "C" @article{x,', 'unbalanced }}{', 'trailing \\')).map((raw) => raw.toWellFormed().replace(/\s+/g, ' ').trim()).filter((clean) => clean !== '');

describe('BibTeX', () => {
  it('what is written is read back', () => {
    fc.assert(fc.property(fc.array(fc.record({ title: text, author: text, year: fc.integer({ min: 1000, max: 2999 }).map(String) }), { maxLength: 4 }), (records) => {
      const entries = records.map((fields, index) => ({ type: 'article', key: `k${index}`, fields }));
      expect(parseBibtex(toBibtex(entries))).toEqual({ entries, problems: [] });
      expect(parseBibtex(protectCapitals(toBibtex(entries)))).toEqual({ entries, problems: [] });
    }), { numRuns: 400 });
  });

  it('keeps names in titles from being written small', () => {
    expect(protectCapitals(toBibtex([{ type: 'misc', key: 'a', fields: { title: 'LoRA and BERT: A Study', author: 'IBM' } }]))).toBe('@misc{a,\n  title = {{LoRA} and {BERT}: A Study},\n  author = {IBM}\n}\n');
  });

  it('reads what others write', () => {
    const { entries, problems } = parseBibtex(`@comment{x}
@string{nips = "Advances in Neural Information Processing Systems"}
@InProceedings{vaswani2017, title = {Attention Is {All} You Need}, author = "Vaswani, A. and G{\\"o}del, K. and Erd{\\H{o}}s, P.", booktitle = nips # { 30}, year = 2017, month = jun, url = {https://example.org/a_b?c=1%20d}, }
@article(paren, title = {In (round) brackets}, note={Fran\\c{c}ois \\& M{\\"u}ller~\\textbackslash})
text between @misc{bad key, title={x}} @misc{open, title={never closed`);
    expect(entries).toEqual([
      { type: 'inproceedings', key: 'vaswani2017', fields: { title: 'Attention Is All You Need', author: 'Vaswani, A. and Gödel, K. and Erdős, P.', booktitle: 'Advances in Neural Information Processing Systems 30', year: '2017', month: 'jun', url: 'https://example.org/a_b?c=1%20d' } },
      { type: 'article', key: 'paren', fields: { title: 'In (round) brackets', note: 'François & Müller \\' } },
    ]);
    expect(problems).toEqual([{ line: 5, message: '@misc has no key' }, { line: 5, message: '@misc is not closed' }]);
  });

  it('never throws and ends in time on anything', () => {
    fc.assert(fc.property(fc.stringMatching(/^[@{}"\\,=# ab\n()]{0,300}$/), (source) => { expect(Array.isArray(parseBibtex(source).entries)).toBe(true); }), { numRuns: 500 });
    expect(parseBibtex('@a{'.repeat(20_000)).problems.at(-1)?.message).toBe('more entries are not closed; reading stopped');
  });

  it('keys are safe and each is there once', () => {
    expect(citationKey('Müller, Jörg and Doe, Jane', 2024, 'On the Evaluation of Agents')).toBe('muller2024evaluation');
    expect(citationKey('Ada Lovelace', null, '')).toBe('lovelace');
    const fields = { title: 'x' };
    expect(toBibtex([{ type: 'misc', key: 'a b}', fields }, { type: 'mi sc', key: 'ab', fields }])).toBe('@misc{ab,\n  title = {x}\n}\n\n@misc{ab-2,\n  title = {x}\n}\n');
  });
});
