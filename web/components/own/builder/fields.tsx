'use client';
import type { WidgetProps } from '@rjsf/utils';
import { useAround } from '../../../lib/builder/context';
import { describedBy } from '../../form/field-template';
import { Input, Textarea } from '../../ui/input';
import { JsonField } from './json-field';
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

export const builderWidgets = { template: TemplateField, scopeName: ScopeNameField, expression: ExpressionField, json: JsonField, rules: RulesField };
