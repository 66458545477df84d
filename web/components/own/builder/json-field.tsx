'use client';
import type { WidgetProps } from '@rjsf/utils';
import { useState } from 'react';
import { parse, stringify } from 'yaml';
import { describedBy } from '../../form/field-template';
import { Textarea } from '../../ui/input';

/** Any JSON, written as YAML; what cannot be read stays in the field and is not taken over. */
export function JsonField(props: WidgetProps) {
  const { id, value, schema, rawErrors, readonly, disabled, onChange } = props;
  const written = value === undefined ? '' : stringify(value, { aliasDuplicateObjects: false, lineWidth: 100 });
  const [own, setOwn] = useState<{ text: string; of: string } | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const text = own && (wrong !== null || own.of === written) ? own.text : written;
  const take = (next: string): void => {
    try {
      const read = next.trim() === '' ? undefined : parse(next, { maxAliasCount: 0 }) as unknown;
      if (read !== undefined && (read === null || typeof read !== 'object')) throw new Error('must be an object, like  type: object');
      setWrong(null);
      setOwn({ text: next, of: read === undefined ? '' : stringify(read, { aliasDuplicateObjects: false, lineWidth: 100 }) });
      onChange(read);
    } catch (error) {
      setOwn({ text: next, of: written });
      setWrong(error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'cannot be read');
    }
  };
  return (
    <>
      <Textarea id={id} rows={4} spellCheck={false} className="font-mono text-sm" value={text} readOnly={readonly} disabled={disabled} aria-describedby={describedBy(id, schema, rawErrors)} aria-invalid={rawErrors?.length ? true : undefined} onChange={(event) => take(event.target.value)} />
      {wrong ? <p role="alert" className="mt-1 text-sm text-failed">Not taken over yet: {wrong}</p> : null}
    </>
  );
}
