import { describe, expect, it } from 'vitest';
import { columnSource, inTableSpelling, missingColumns, missingWords } from './columns.ts';

const FILE = '0199d5a0-1111-7000-8000-000000000001';
const from = { 'x-options-from': { columns_of: ['file', 'rows'] } };
const schema = { properties: {
  file: { type: 'string' }, rows: { type: 'string' }, kind: { type: 'string' },
  one: { type: 'string', ...from }, hidden: { type: 'string', ...from, 'x-show-if': { field: 'kind', equals: 'deep' } }, several: { type: 'array', items: { type: 'string' }, ...from },
  guards: { type: 'array', items: { type: 'object', properties: { column: { type: 'string', ...from }, limit: { type: 'number' } } } },
} };
const missing = (inputs: Record<string, unknown>, columns: string[] | null = null): [string, string][] => missingColumns(schema, inputs, () => columns).map(({ pointer, name }) => [pointer, name]);

describe('where the columns come from', () => {
  it.each([
    [{ rows: 'a,b' }, { text: 'a,b' }],
    [{ rows: 'a,b', file: FILE }, { uploadId: FILE }],
    [{ rows: '  ' }, null],
    [{}, null],
  ])('the first filled field counts: %j', (inputs, source) => expect(columnSource(schema.properties.one, inputs)).toEqual(source));
});

describe('a column that the table lacks', () => {
  const rows = 'Region, Amount\nNorth,10\n';
  it('is found in a field, a list and a table, by its pointer', () => expect(missing({ rows, one: 'region', several: ['amount', 'tax'], guards: [{ column: 'Region' }, { column: 'vat', limit: 1 }] })).toEqual([['/several/1', 'tax'], ['/guards/1/column', 'vat']]));
  it('is told with those that there are', () => expect(missingColumns(schema, { rows, one: 'x' }, () => null).map(missingWords)).toEqual(['The table has no column "x". It has Region, Amount']));
  it('names the first twenty of a wide table', () => expect(missingWords({ name: 'x', columns: Array.from({ length: 23 }, (_, at) => `c${at}`) })).toMatch(/c19 and 3 more$/));
  it('does not count where the field is not shown, or is empty', () => { expect(missing({ rows, hidden: 'x', one: ' ' })).toEqual([]); expect(missing({ rows, hidden: 'x', kind: 'deep' })).toEqual([['/hidden', 'x']]); });
  it('an upload goes before the pasted rows; one whose header is not known is not judged', () => {
    expect(missing({ rows, file: FILE, one: 'region' }, ['plant', 'scrapped'])).toEqual([['/one', 'region']]);
    for (const unknown of [null, []]) expect(missing({ rows, file: FILE, one: 'region' }, unknown)).toEqual([]);
  });
  it.each([
    ['a preamble above the header', 'Report of May\nregion,amount\nNorth,10'],
    ['a remark above the header', '# made by hand\nregion,amount\nNorth,10'],
    ['no table', 'only words here'.repeat(20)],
  ])('%s: nothing is claimed', (_, text) => expect(missing({ rows: text, one: 'region' })).toEqual([]));
  it.each([['x_1', 'x,x\n1,2'], ['column1', 'a,,b\n1,2,3']])('%s is what the reader calls a column of %j', (name, text) => expect(missing({ rows: text, one: name })).toEqual([]));
});

it('a run gets the spelling of the table, wherever a column is named, and nothing else changes', () => {
  const given = { rows: 'Region,Amount\n1,2', kind: 'amount', one: 'REGION', several: ['amount', 'x'], guards: [{ column: 'region', limit: 1 }] };
  expect(inTableSpelling(schema, given, () => null)).toEqual({ ...given, one: 'Region', several: ['Amount', 'x'], guards: [{ column: 'Region', limit: 1 }] });
  expect(inTableSpelling(schema, { rows: given.rows, one: 'Region' }, () => null)).toEqual({ rows: given.rows, one: 'Region' });
});
