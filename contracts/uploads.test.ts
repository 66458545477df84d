import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inputJsonSchema } from './catalog.schema.ts';
import { tableField, uploadField, uploadsField } from './catalog-inputs.schema.ts';
import { kindOfFileName, uploadFields, uploadReferences } from './uploads.ts';

const words = { title: 'T', description: 'D.' };
const [A, B, C, D] = [1, 2, 3, 4].map((last) => `01890000-0000-7000-8000-00000000000${last}`) as [string, string, string, string];

describe('uploads named in inputs', () => {
  it('are found wherever they stand: in fields, lists, tables, nested objects, behind a choice', () => {
    const input = z.strictObject({
      data: uploadField({ accept: ['csv'], ...words }).optional(), papers: uploadsField({ accept: ['pdf'], ...words }), note: z.string(),
      rows: tableField({ columns: { file: uploadField({ accept: ['json'], ...words }) }, ...words }), deep: z.object({ 'a/b': uploadField(words) }).optional(),
      either: z.union([z.string().max(3), z.object({ file: uploadField(words) })]).optional(),
    });
    const found = uploadReferences(inputJsonSchema({ input }), { data: A, papers: [B, C], note: D, rows: [{ file: D }], deep: { 'a/b': A }, either: { file: B } });
    expect(found.map(({ pointer, id }) => [pointer, id])).toEqual([['/data', A], ['/papers/0', B], ['/papers/1', C], ['/rows/0/file', D], ['/deep/a~1b', A], ['/either/file', B]]);
    expect(found.slice(0, 4).map(({ accept }) => accept)).toEqual([['csv'], ['pdf'], ['pdf'], ['json']]);
    expect(uploadReferences(inputJsonSchema({ input }), { papers: [], note: D, data: '' })).toEqual([]);
  });

  it('fields that take files are named with what they take', () => {
    const input = z.strictObject({ data: uploadField({ accept: ['csv'], ...words }).optional(), paper: uploadField(words), papers: uploadsField({ accept: ['pdf'], min: 1, ...words }), note: z.string() });
    expect(uploadFields(inputJsonSchema({ input })).map(({ field, accept, required }) => [field, accept.length, required])).toEqual([['data', 1, false], ['paper', 8, true], ['papers', 1, true]]);
  });

  it('the name of a file says its kind, or nothing', () => {
    expect(['A.PDF', 'x.tar.CSV', 'notes.md', 'csv', 'x.exe', '.csv', ''].map(kindOfFileName)).toEqual(['pdf', 'csv', 'markdown', null, null, 'csv', null]);
  });
});
