'use client';
import type { WidgetProps } from '@rjsf/utils';
import { useQuery } from '@tanstack/react-query';
import { columnSource } from '#contracts/columns';
import { csvHeader, sameColumn } from '#contracts/csv';
import { cn } from '../../lib/class-names';
import { uploadQuery } from '../../lib/queries';
import type { Inputs } from '../../lib/schema-form';
import { Input } from '../ui/input';
import { describedBy } from './field-template';

/** More would bury the field; they are suggested while typing. */
const MOST_CHIPS = 24;

/** Names of columns: typed, or pressed from those that the pasted or uploaded table of the same form has. Of a table whose header nobody
 * can read here (Parquet, JSON, an address) they are typed. */
export function ColumnWidget(props: WidgetProps) {
  const { id, value, schema, registry, disabled, readonly, onChange, onBlur, rawErrors, required, label } = props;
  const source = columnSource(schema, (registry.formContext as { inputs?: Inputs }).inputs ?? {});
  const upload = useQuery({ ...uploadQuery(source?.uploadId ?? ''), enabled: source?.uploadId !== undefined });
  const columns = (source?.uploadId === undefined ? csvHeader(source?.text ?? '') : upload.data?.columns) ?? [];
  const several = schema.type === 'array';
  const chosen = (Array.isArray(value) ? value : [value]).filter((name): name is string => typeof name === 'string');
  const strange = columns.length === 0 ? [] : chosen.map((name) => name.trim()).filter((name) => name !== '' && !columns.some((column) => sameColumn(column, name)));
  const off = disabled === true || readonly === true;
  const write = (names: readonly string[]): void => onChange(several ? names : names[0]);
  const isChosen = (name: string): boolean => chosen.some((other) => sameColumn(other, name));
  const press = (name: string): void => write(isChosen(name) ? chosen.filter((other) => !sameColumn(other, name)) : several ? [...chosen, name] : [name]);
  const typed = (text: string): void => write(several ? text.split(',').map((name) => name.trimStart()).filter((name, index, all) => name !== '' || index < all.length - 1) : text === '' ? [] : [text]);

  return (
    <>
      <Input
        id={id} name={props.name} className="max-w-md" list={several ? undefined : `${id}__columns`} value={chosen.join(', ')} placeholder={several ? 'Names, with commas between' : undefined} disabled={off} aria-describedby={describedBy(id, schema, rawErrors)} aria-invalid={rawErrors?.length ? true : undefined} aria-required={required || undefined}
        onChange={(event) => typed(event.target.value)} onBlur={() => onBlur(id, value)}
      />
      {columns.length > 0 && !several ? <datalist id={`${id}__columns`}>{columns.map((name) => <option key={name} value={name}>{name}</option>)}</datalist> : null}
      {columns.length > 0 && columns.length <= MOST_CHIPS ? (
        <ul aria-label={`Columns for ${label}`} className="mt-2 flex flex-wrap gap-2">
          {columns.map((name) => (
            <li key={name}><button type="button" disabled={off} aria-pressed={isChosen(name)} onClick={() => press(name)} className={cn('rounded-md border border-dashed border-control px-2.5 py-1 text-left text-sm text-muted hover:bg-sunken hover:text-ink', isChosen(name) && 'border-solid border-accent text-ink')}>{name}</button></li>
          ))}
        </ul>
      ) : null}
      {strange.length > 0 && !rawErrors?.length ? <p className="mt-1.5 text-sm text-muted">The table has no column <b className="font-medium text-ink">{strange.join(', ')}</b>.</p> : null}
    </>
  );
}
