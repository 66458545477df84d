import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnProfile, ProfileData } from '#contracts/data-tools';
import { expectFormat } from '#test/support/artifact-formats';
import { disagrees, groupedSql, inCode, settle } from './calculate.ts';
import { askMyDataDefinition as definition } from './definition.ts';
import { assembleFiles, chosen, newDraft } from './files.ts';

const input = definition.input.parse(definition.presets[0]?.inputs);
const profile = { columns: [{ name: 'Amount_EUR' }, { name: 'region' }] as ColumnProfile[] } as ProfileData;
const rows = [['a', 1], ['a', 4], ['b', null], ['b', 10], ['b', 2]];

describe('the calculation in code', () => {
  it.each([['count', 2, 3], ['sum', 5, 12], ['average', 2.5, 6], ['median', 2.5, 6], ['lowest', 1, 2], ['highest', 4, 10]] as const)('%s', (aggregate, a, b) => {
    expect(inCode(rows, aggregate).map(({ value }) => value)).toEqual([a, b]);
  });

  it('does not depend on the order of the rows', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: -1000, max: 1000 })), { minLength: 1 }), (list) => {
      expect(disagrees(inCode(list, 'median'), inCode([...list].reverse(), 'median'))).toBe(false);
    }));
  });

  it('a difference is settled by the two ways that agree, or stays open', () => {
    const way = (value: number) => [{ group: 'a', value, rows: 2 }];
    expect(disagrees(way(1), way(1.0000000000001))).toBe(false);
    expect(settle([way(1), way(2), way(2)])).toMatchObject([{ value: 2, agreed: true }]);
    expect(settle([way(1), way(2), way(3)])).toMatchObject([{ value: 1, agreed: false }]);
  });

  it('names of columns cannot leave their quotes', () => {
    expect(groupedSql({ aggregate: 'sum', measure: 'x"; DROP', group: null })).toContain('"x""; DROP"');
  });
});

describe('plan and files', () => {
  it('what the person fixed goes before the model, in the table\'s own spelling; what is not there is said', () => {
    expect(chosen({ aggregate: 'count', measure_column: '', group_column: '' }, input, profile, 'full')).toEqual({ calculation: { aggregate: 'sum', measure: 'Amount_EUR', group: 'region' }, remarks: [] });
    expect(chosen({ aggregate: 'sum', measure_column: 'x', group_column: '' }, { ...input, measure_column: 'nope' }, profile, 'full')).toMatchObject({ calculation: null, remarks: [expect.stringContaining('nope'), expect.any(String)] });
  });

  it('are well formed, also with hostile groups, and unfinished', () => {
    const figures = settle([[{ group: '=cmd|x\n# y', value: 3, rows: 2 }], [{ group: '=cmd|x\n# y', value: 3, rows: 2 }]]);
    const files = assembleFiles({ provider: 'demo' }, input, { ...newDraft(), calculation: { aggregate: 'sum', measure: 'amount_eur', group: 'region' }, figures, queries: ['SELECT 1'], memo: 'So.' }, 'full', null);
    expect(files.map((file) => file.fileName)).toEqual(['memo.md', 'analysis.sql', 'figures.csv', 'chart.svg']);
    for (const file of files) expectFormat(file.fileName, file.content);
    expect(files[0]?.content).not.toMatch(/^# y/m);
    // The plan knows no conditions on rows: who asked for a month has to be told.
    expect(files[0]?.content).toContain('all rows were used');
    expect(assembleFiles({ provider: 'demo' }, input, newDraft(), 'full', null)).toEqual([]);
  });
});
