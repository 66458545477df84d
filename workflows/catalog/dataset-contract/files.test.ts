import { describe, expect, it } from 'vitest';
import type { ColumnProfile, ProfileData } from '#contracts/data-tools';
import { ValidateDataArgs } from '#contracts/data-tools.schema';
import { expectFormat } from '#test/support/artifact-formats';
import { datasetContractDefinition as definition } from './definition.ts';
import { assembleFiles, newDraft } from './files.ts';
import { keyColumn, rulesFrom, ruleWords } from './rules.ts';

const input = definition.input.parse(definition.presets[0]?.inputs);
const column = (name: string, more: Partial<ColumnProfile> = {}): ColumnProfile => ({ name, type: 'VARCHAR', nulls: 0, null_share: 0, distinct: 30, min: 'a', max: 'z', mean: null, sd: null, quantiles: null, outliers: null, top: [], formula_cells: 0, ...more });
const profile = (columns: ColumnProfile[], more: Partial<ProfileData> = {}): ProfileData => ({ row_count: 30, column_count: columns.length, limited: false, rejected_rows: 0, rejected_examples: [], columns, duplicate_rows: 0, constant_columns: [], pii: [], leakage: null, first_rows: { columns: [], rows: [] }, encoding: 'utf-8', ...more });
const number = column('fee', { type: 'BIGINT', distinct: 20, min: 9, max: 412, mean: 40, quantiles: { q05: 9, q25: 9, q50: 29, q75: 99, q95: 99 }, outliers: { low: -126, high: 234, count: 1 } });
const seen = profile([column('id'), number, column('plan', { distinct: 2, top: [{ value: 'pro', count: 20 }, { value: '=a|b\n# x', count: 10 }] }), column('gone', { null_share: 0.8, nulls: 24, distinct: 6 })]);

describe('rules from a profile', () => {
  it('are what the tool takes, at every strictness', () => {
    for (const strictness of ['observe', 'balanced', 'strict'] as const) {
      const rules = rulesFrom(seen, { strictness, max_empty_percent: 5 });
      expect(ValidateDataArgs.safeParse({ csv: 'a\n1', rules }).error).toBeUndefined();
      expect(rules.some((rule) => rule.severity === 'error')).toBe(strictness !== 'observe');
    }
  });

  it('leave room for the usual, cut at zero, and skip what is mostly empty', () => {
    const rules = rulesFrom(seen, { strictness: 'balanced', max_empty_percent: 5 });
    expect(rules.find((rule) => rule.rule === 'range')).toMatchObject({ column: 'fee', min: 0, max: 234 });
    expect(rulesFrom(seen, { strictness: 'strict', max_empty_percent: 5 }).find((rule) => rule.rule === 'range')).toMatchObject({ min: 9, max: 412 });
    expect(rules.some((rule) => rule['column'] === 'gone' && rule.rule === 'not_null')).toBe(false);
    expect(rules.map(ruleWords)).toContain('fee is empty in at most 5 % of the rows');
  });

  it('find the key, and take none that is not there', () => {
    expect(keyColumn(seen)).toBe('id');
    expect(keyColumn(seen, 'nope')).toBeNull();
  });
});

describe('files', () => {
  it('a whole draft gives well-formed files, also with hostile names', () => {
    const hostile = profile([...seen.columns, column('x|y\n## z', { nulls: 3, null_share: 0.1 })], { pii: [{ column: 'id', kind: 'email', matches: 30, share: 1 }] });
    const files = assembleFiles({ provider: 'demo' }, input, { ...newDraft(), profile: hostile, rules: rulesFrom(hostile, input), reading: 'Fine.', spread: { column: 'fee', values: [1, 2, 3] } }, 'full', null);
    expect(files.map((file) => file.fileName)).toEqual(['profile.md', 'contract.json', 'empty-cells.svg', 'distribution.svg']);
    for (const file of files) expectFormat(file.fileName, file.content);
    expect(files[0]?.content).not.toMatch(/^## z/m);
    expect(JSON.parse(files[1]?.content ?? '')).toMatchObject({ evidence: null, fields: [{ name: 'id', personal_data: ['email'] }, {}, {}, {}, {}] });
  });

  it('says what did not work, and leaves nothing when nothing was done', () => {
    expect(assembleFiles({ provider: 'demo' }, input, newDraft(), 'test', null)).toEqual([]);
    const [only, ...more] = assembleFiles({ provider: 'demo' }, input, { ...newDraft(), trouble: ['The table could not be profiled: away'] }, 'test', 'Stopped.');
    expect(only?.content).toContain('could not be profiled: away');
    expect(more).toEqual([]);
  });
});
