'use client';
import type { ClipboardEvent, KeyboardEvent } from 'react';
import { cellValue, type Column } from '../../lib/table-rows';
import { Checkbox } from '../ui/checkbox';
import { Input } from '../ui/input';
import { Select } from '../ui/select';

interface TableCellProps { id: string; column: Column; value: unknown; /** column and row, in words */ name: string; disabled: boolean; problem: string | undefined; onChange: (value: unknown) => void; onKeyDown: (event: KeyboardEvent) => void; onPaste: (event: ClipboardEvent) => void }

/** One cell: a control of its column's kind, with the name of column and row, and what is wrong with it. */
export function TableCell({ id, column, value, name, disabled, problem, onChange, onKeyDown, onPaste }: TableCellProps) {
  const error = problem ? <p id={`${id}__error`} className="mt-1 text-xs font-medium text-failed">{problem}</p> : null;
  const describedby = problem ? `${id}__error` : undefined;
  if (column.kind === 'flag') return <><span className="flex h-9 items-center"><Checkbox id={id} aria-label={name} checked={value === true} disabled={disabled} onCheckedChange={(on) => onChange(on)} aria-describedby={describedby} /></span>{error}</>;
  if (column.kind === 'choice') {
    const optional = column.required ? [] : [{ value: '', label: 'None' }];
    return <><Select id={id} aria-label={name} value={value === undefined || value === null ? null : String(value)} options={[...column.choices, ...optional]} disabled={disabled} invalid={problem !== undefined} aria-describedby={describedby} onValueChange={(next) => onChange(next === '' ? undefined : next)} />{error}</>;
  }
  return (
    <>
      <Input
        id={id} aria-label={name} value={value === undefined || value === null ? '' : String(value)} inputMode={column.kind === 'number' ? 'decimal' : undefined} disabled={disabled} aria-invalid={problem ? true : undefined} aria-describedby={describedby}
        onChange={(event) => onChange(column.kind === 'number' && /[.,]$|\.\d*0$/.test(event.target.value) ? event.target.value : cellValue(column, event.target.value))}
        onBlur={(event) => { if (column.kind === 'number') onChange(cellValue(column, event.target.value)); }} onKeyDown={onKeyDown} onPaste={onPaste}
      />
      {error}
    </>
  );
}
