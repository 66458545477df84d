'use client';
// By its own path: the package's index also pulls in a test helper that wants ajv, which must not come to the browser.
import RjsfForm from '@rjsf/core/lib/components/Form.js';
import type { RJSFSchema, UiSchema, WidgetProps } from '@rjsf/utils';
import { useMemo, type ComponentType } from 'react';
import { validator } from '../../lib/json-schema-validator';
import { tabSchema, toExtraErrors, type FieldErrors, type Inputs } from '../../lib/schema-form';
import { ArrayFieldItemTemplate, ArrayFieldTemplate } from './array-template';
import { FieldTemplate, ObjectFieldTemplate } from './field-template';
import { widgets } from './widgets';

const templates = { FieldTemplate, ObjectFieldTemplate, ArrayFieldTemplate, ArrayFieldItemTemplate, FieldErrorTemplate: () => null, FieldHelpTemplate: () => null, DescriptionFieldTemplate: () => null, TitleFieldTemplate: () => null };

/** Ids of controls: `input_<field>`. */
export const FIELD_ID_PREFIX = 'input';

export interface SchemaFieldsProps { schema: RJSFSchema; uiSchema: UiSchema; fields: readonly string[]; inputs: Inputs; errors: FieldErrors; disabled?: boolean; /** controls of this page alone, by name */ widgets?: Readonly<Record<string, ComponentType<WidgetProps>>>; onChange: (inputs: Inputs) => void }

/** The fields of one tab, drawn by the form engine. Validation happens once for all tabs, in the page that owns them. */
export function SchemaFields({ schema, uiSchema, fields, inputs, errors, disabled, widgets: own, onChange }: SchemaFieldsProps) {
  const shown = useMemo(() => tabSchema(schema, fields, inputs), [schema, fields, inputs]);
  const extraErrors = useMemo(() => toExtraErrors(Object.fromEntries(Object.entries(errors).filter(([field]) => fields.includes(field)))), [errors, fields]);
  const controls = useMemo(() => (own ? { ...widgets, ...own } : widgets), [own]);
  return (
    <RjsfForm<Inputs, RJSFSchema>
      tagName="div" idPrefix={FIELD_ID_PREFIX} schema={shown} uiSchema={uiSchema} formData={inputs} formContext={{ inputs }} validator={validator} widgets={controls as never} templates={templates as never}
      noValidate showErrorList={false} extraErrors={extraErrors} disabled={disabled}
      onChange={({ formData }) => onChange({ ...inputs, ...formData })}
    >
      <span hidden />
    </RjsfForm>
  );
}
