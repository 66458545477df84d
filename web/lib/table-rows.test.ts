import type { RJSFSchema } from '@rjsf/utils';
import { describe, expect, it } from 'vitest';
import { cellValue, columnsOf, newRow, pastedCells, pasteCells, setCell, type Column } from './table-rows';

const columns = columnsOf({ type: 'array', items: { type: 'object', required: ['name', 'seats', 'plan'], properties: {
  name: { type: 'string', title: 'Name' }, seats: { type: 'integer' }, plan: { type: 'string', enum: ['free', 'team'], default: 'free', 'x-enum-labels': { free: 'No cost', team: 'Team' } }, active: { type: 'boolean' } } } } as unknown as RJSFSchema);

describe('a table as a field', () => {
  it('its columns come from the schema of a row', () => {
    expect(columns.map(({ key, title, kind, required }) => [key, title, kind, required])).toEqual([['name', 'Name', 'text', true], ['seats', 'seats', 'number', true], ['plan', 'plan', 'choice', false], ['active', 'active', 'flag', false]]);
    expect(newRow(columns)).toEqual({ plan: 'free' });
  });
  it('a cell becomes what its column wants; what does not fit stays for the check to name', () => {
    const [name, seats, plan, active] = columns as [Column, Column, Column, Column];
    expect([cellValue(name, '7'), cellValue(seats, ' 7'), cellValue(seats, 'seven'), cellValue(plan, 'no cost'), cellValue(plan, 'gold'), cellValue(active, 'yes'), cellValue(name, '')]).toEqual(['7', 7, 'seven', 'free', 'gold', true, undefined]);
  });
  it('an emptied cell is absent, not empty', () => expect(setCell([{ name: 'A', seats: 1 }, { name: 'B' }], 0, 'seats', undefined)).toEqual([{ name: 'A' }, { name: 'B' }]));
  it('cells of a spreadsheet go in from one place on; no more rows than may be', () => {
    expect(pastedCells('just words')).toBeNull();
    expect(pasteCells([{ name: 'A', plan: 'free' }], columns, { row: 0, column: 1 }, pastedCells('3\tTeam\r\n4\tfree\textra\tbeyond\r\n') ?? [], 2)).toEqual([{ name: 'A', seats: 3, plan: 'team' }, { plan: 'free', seats: 4, active: false }]);
    expect(pasteCells([], columns, { row: 0, column: 0 }, [['A'], ['B'], ['C']], 2)).toHaveLength(2);
  });
});
