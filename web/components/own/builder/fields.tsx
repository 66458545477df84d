'use client';
import type { WidgetProps } from '@rjsf/utils';
import { useState } from 'react';
import { parse, stringify } from 'yaml';
import { useAround } from '../../../lib/builder/context';
import { describedBy } from '../../form/field-template';
import { Input, Textarea } from '../../ui/input';
import { RulesField } from './rules-field';
import { TemplateField } from './template-field';

/** Controls that only the builder has, beside those of every form. */
const aria = ({ id, schema, rawErrors }: WidgetProps) => ({ 'aria-describedby': describedBy(id, schema, rawErrors), 'aria-invalid': rawErrors?.length ? true as const : undefined });
const emptied = (text: string): string | undefined => (text === '' ? undefined : text);

/** A name that is in scope at the step, or a path below it. */
function ScopeNameField(props: WidgetProps) {
  const { id, value, readonly, disabled, onChange } = props;
  const { scope } = useAround();
  return (
    <>
      <Input id={id} className="max-w-md font-mono text-sm" list={`${id}__names`} autoComplete="off" spellCheck={false} value={typeof value === 'string' ? value : ''} readOnly={readonly} disabled={disabled} {...aria(props)} onChange={(event) => onChange(emptied(event.target.value))} />
      <datalist id={`${id}__names`}>{scope.map(({ name, from }) => <option key={name} value={name}>{from}</option>)}</datalist>
    </>
  );
}

function ExpressionField(props: WidgetProps) {
  const { id, value, readonly, disabled, onChange } = props;
  const { scope } = useAround();
  return (
    <>
      <Textarea id={id} rows={2} spellCheck={false} className="min-h-9 font-mono text-sm" value={typeof value === 'string' ? value : ''} readOnly={readonly} disabled={disabled} {...aria(props)} onChange={(event) => onChange(emptied(event.target.value))} />
      <p className="mt-1 font-mono text-xs text-muted">{scope.map(({ name }) => name).join('  ') || 'no names yet'}</p>
    </>
  );
}

/** Any JSON, written as YAML; what cannot be read stays in the field and is not taken over. */
export function JsonField(props: WidgetProps) {
  const { id, value, readonly, disabled, onChange } = props;
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
      <Textarea id={id} rows={4} spellCheck={false} className="font-mono text-sm" value={text} readOnly={readonly} disabled={disabled} {...aria(props)} onChange={(event) => take(event.target.value)} />
      {wrong ? <p role="alert" className="mt-1 text-sm text-failed">Not taken over yet: {wrong}</p> : null}
    </>
  );
}

export const builderWidgets = { template: TemplateField, scopeName: ScopeNameField, expression: ExpressionField, json: JsonField, rules: RulesField };
