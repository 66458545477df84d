'use client';
import type { WidgetProps } from '@rjsf/utils';
import { Plus, Trash2 } from 'lucide-react';
import { useMemo, type ClipboardEvent, type KeyboardEvent } from 'react';
import { schemaErrors } from '../../lib/json-schema-validator';
import { columnsOf, newRow, pastedCells, pasteCells, setCell, type Row } from '../../lib/table-rows';
import { Button } from '../ui/button';
import { describedBy } from './field-template';
import { TableCell } from './table-cell';

/** A small table, edited in place. Enter and the arrows go from row to row, Enter on the last adds one; cells copied from a
 * spreadsheet can be pasted. */
export function TableWidget({ id, value, schema, rawErrors, disabled, readonly, onChange, label }: WidgetProps) {
  const columns = useMemo(() => columnsOf(schema), [schema]);
  const rows = (Array.isArray(value) ? value : []) as Row[];
  const off = disabled === true || readonly === true;
  const most = schema.maxItems ?? 200;
  const wrong = useMemo(() => new Map(rawErrors?.length ? schemaErrors(schema, value).map((error) => [error.property ?? '', error.message ?? '']) : []), [rawErrors, schema, value]);

  const cellId = (row: number, column: number): string => `${id}__${row}_${column}`;
  const focus = (row: number, column: number): void => { requestAnimationFrame(() => document.getElementById(row < 0 ? id : cellId(row, column))?.focus()); };
  const add = (): void => { if (rows.length < most) { onChange([...rows, newRow(columns)]); focus(rows.length, 0); } };
  const remove = (row: number): void => { onChange(rows.filter((_, at) => at !== row)); focus(Math.min(row, rows.length - 2), 0); };
  const move = (event: KeyboardEvent, row: number, column: number): void => {
    const down = event.key === 'Enter' && !event.ctrlKey && !event.metaKey ? 1 : event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (down === 0) return;
    event.preventDefault();
    if (row + down < rows.length) focus(Math.max(0, row + down), column);
    else if (event.key === 'Enter' && rows.length < most) { onChange([...rows, newRow(columns)]); focus(row + 1, 0); }
  };
  const paste = (event: ClipboardEvent, row: number, column: number): void => {
    const cells = pastedCells(event.clipboardData.getData('text/plain'));
    if (!cells) return;
    event.preventDefault();
    onChange(pasteCells(rows, columns, { row, column }, cells, most));
  };

  return (
    <div id={id} tabIndex={-1} data-slot="table-field" className="grid gap-2">
      {rows.length === 0 ? <p className="text-sm text-faint">No rows yet.</p> : (
        // Relative: what is only for screen readers stays inside, or the page could be pushed sideways.
        <div className="relative overflow-x-auto p-0.5">
          <table aria-labelledby={`${id}__label`} aria-describedby={describedBy(id, schema, rawErrors)} className="w-full min-w-120 border-collapse text-left" style={{ minWidth: `${columns.reduce((sum, { kind }) => sum + (kind === 'flag' ? 5 : 7.5), 4)}rem` }}>
            <thead><tr><th scope="col" className="w-8 pb-1 text-xs font-normal text-faint"><span className="sr-only">Row</span></th>{columns.map((column) => <th key={column.key} scope="col" className="pr-2 pb-1 align-bottom text-sm font-medium">{column.title}{column.required ? null : <span className="ml-1 text-xs font-normal text-faint">optional</span>}{column.help ? <span className="block text-xs font-normal text-muted">{column.help}</span> : null}</th>)}<th scope="col" className="w-10"><span className="sr-only">Remove</span></th></tr></thead>
            <tbody>
              {rows.map((row, at) => (
                // oxlint-disable-next-line react/no-array-index-key -- rows have no identity but their place
                <tr key={at} className="align-top">
                  <td className="pt-2 font-mono text-sm text-faint">{at + 1}</td>
                  {columns.map((column, across) => (
                    <td key={column.key} className="pr-2 pb-2">
                      <TableCell
                        id={cellId(at, across)} column={column} value={row[column.key]} name={`${column.title}, row ${at + 1}`} disabled={off} problem={wrong.get(`.${at}.${column.key}`)}
                        onChange={(next) => onChange(setCell(rows, at, column.key, next))} onKeyDown={(event) => move(event, at, across)} onPaste={(event) => paste(event, at, across)}
                      />
                    </td>
                  ))}
                  <td><Button variant="quiet" size="icon" aria-label={`Remove row ${at + 1}`} disabled={off} onClick={() => remove(at)}><Trash2 aria-hidden className="size-4" /></Button></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button size="sm" disabled={off || rows.length >= most} onClick={add}><Plus aria-hidden className="size-4" />Add a row<span className="sr-only"> to {label}</span></Button>
        <span className="text-xs text-faint">{rows.length} of at most {most}. Cells of a spreadsheet can be pasted.</span>
      </div>
    </div>
  );
}
