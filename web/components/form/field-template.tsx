import type { FieldTemplateProps, ObjectFieldTemplateProps } from '@rjsf/utils';

const GROUPS = new Set(['radio', 'checkboxes', 'table']);

/** Label, help under it, control, error. A set of choices is a fieldset with a legend; the rest has a label. */
export function FieldTemplate({ id, label, schema, uiSchema, rawDescription, rawErrors, required, hidden, displayLabel, children }: FieldTemplateProps) {
  if (hidden) return <div hidden>{children}</div>;
  if (schema.type === 'object' || displayLabel === false && schema.type !== 'boolean' && schema.type !== 'array') return children;
  const group = GROUPS.has(String(uiSchema?.['ui:widget'] ?? ''));
  const Tag = group ? 'fieldset' : 'div';
  const Label = group ? 'legend' : 'label';
  const error = rawErrors?.[0];
  return (
    <Tag data-slot="field" data-field={id} className="min-w-0 border-l-2 border-transparent has-[[data-field-error]]:border-failed has-[[data-field-error]]:pl-4">
      <Label id={`${id}__label`} {...(group ? {} : { htmlFor: id })} className="block font-medium">
        {label}{required || schema.default !== undefined ? null : <span className="ml-2 text-xs font-normal text-faint">optional</span>}
      </Label>
      {rawDescription ? <p id={`${id}__description`} className="mt-0.5 max-w-prose text-sm text-muted first-letter:uppercase">{rawDescription}</p> : null}
      <div className="mt-2">{children}</div>
      {error ? <p id={`${id}__error`} data-field-error className="mt-1.5 flex items-baseline gap-1.5 text-sm font-medium text-failed"><span aria-hidden>×</span>{error}</p> : null}
    </Tag>
  );
}

export function ObjectFieldTemplate({ properties }: ObjectFieldTemplateProps) {
  return <div className="grid gap-7">{properties.map(({ name, content, hidden }) => <div key={name} hidden={hidden}>{content}</div>)}</div>;
}

/** Ids of help and error, for aria-describedby. */
export function describedBy(id: string, schema: { description?: string }, errors: readonly string[] | undefined): string | undefined {
  const ids = [schema.description ? `${id}__description` : null, errors?.length ? `${id}__error` : null].filter(Boolean);
  return ids.length > 0 ? ids.join(' ') : undefined;
}
