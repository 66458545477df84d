import { getDefaultFormState, toErrorSchema, type ErrorSchema, type RJSFSchema, type RJSFValidationError, type UiSchema } from '@rjsf/utils';
import type { Problem } from '#contracts/api/common.schema';
import { columnFields, missingColumns, missingWords } from '#contracts/columns';
import { isShown, type ShowIf } from '#contracts/show-if';
import { humanize, inputText } from './format';
import { pointerPath, schemaErrors, validator } from './json-schema-validator';

/** From a workflow's JSON Schema to a form: which fields a tab shows, with which control, and where an error belongs.
 * Nothing in here knows a field by name. */
export type Inputs = Record<string, unknown>;
/** field → one sentence */
export type FieldErrors = Record<string, string>;

interface UiHints { widget?: string; rows?: number; step?: number; unit?: string; placeholder?: string; accept?: string[] }

const propertyOf = (schema: RJSFSchema, field: string): RJSFSchema => (schema.properties?.[field] ?? {}) as RJSFSchema;

export const isVisible = (schema: RJSFSchema, field: string, inputs: Inputs): boolean => isShown(propertyOf(schema, field)['x-show-if'] as ShowIf | undefined, inputs);

/** The schema of one tab: its visible fields only, in the tab's order. */
export function tabSchema(schema: RJSFSchema, fields: readonly string[], inputs: Inputs): RJSFSchema {
  const shown = fields.filter((field) => isVisible(schema, field, inputs));
  return {
    type: 'object',
    ...(schema.$defs ? { $defs: schema.$defs } : {}),
    properties: Object.fromEntries(shown.map((field) => [field, asSet(propertyOf(schema, field))])),
    required: (schema.required ?? []).filter((field) => shown.includes(field)),
  };
}

/** A choice of several from a list is a set, whether its schema says so or not: without it the form engine knows no options. */
function asSet(property: RJSFSchema): RJSFSchema {
  const items = property.items as RJSFSchema | undefined;
  return property.type === 'array' && Array.isArray(items?.enum) ? { ...property, uniqueItems: true } : property;
}

const ROOM_FOR_RADIOS = 3;
const LONG_TEXT = 160;

function widgetOf(property: RJSFSchema, hints: UiHints): string | undefined {
  if (hints.widget) return hints.widget;
  const items = property.items as RJSFSchema | undefined;
  if (property.type === 'array' && Array.isArray(items?.enum)) return 'checkboxes';
  if (property.type === 'array' && items?.type === 'string') return 'lines';
  if (Array.isArray(property.enum)) return property.enum.length <= ROOM_FOR_RADIOS ? 'radio' : 'select';
  if (property.type === 'string' && (property.maxLength ?? 0) > LONG_TEXT) return 'textarea';
  return undefined;
}

/** Controls of all fields, from `x-ui`, `x-enum-labels` and the types themselves. */
export function uiSchemaOf(schema: RJSFSchema): UiSchema {
  const entries = Object.keys(schema.properties ?? {}).map((field): [string, UiSchema] => {
    const property = propertyOf(schema, field);
    const hints = (property['x-ui'] ?? {}) as UiHints;
    const names = property['x-enum-labels'] as Record<string, string> | undefined;
    const widget = widgetOf(property, hints);
    return [field, {
      ...(widget ? { 'ui:widget': widget } : {}),
      ...(names ? { 'ui:enumNames': names, items: { 'ui:enumNames': names } } : {}),
      ...(hints.placeholder ? { 'ui:placeholder': hints.placeholder } : {}),
      'ui:options': { rows: hints.rows, step: hints.step, unit: hints.unit, accept: hints.accept },
    }];
  });
  return Object.fromEntries(entries);
}

/** Fills in the schema's defaults and drops keys the schema does not know (a draft of an older version). */
export function withDefaults(schema: RJSFSchema, inputs: Inputs): Inputs {
  const known = Object.fromEntries(Object.entries(inputs).filter(([key]) => Object.hasOwn(schema.properties ?? {}, key)));
  return getDefaultFormState(validator, schema, known, schema) as Inputs;
}

/** What is sent: no hidden fields, no cleared ones, no empty lines. */
export function inputsToSend(schema: RJSFSchema, inputs: Inputs): Inputs {
  return Object.fromEntries(Object.entries(inputs).filter(([field, value]) => value !== undefined && isVisible(schema, field, inputs)).map(([field, value]) => [field, withoutBlanks(propertyOf(schema, field), value)]));
}

function withoutBlanks(property: RJSFSchema, value: unknown): unknown {
  if (property.type !== 'array' || (property.items as RJSFSchema | undefined)?.type !== 'string' || !Array.isArray(value)) return value;
  return value.map((line: unknown) => (typeof line === 'string' ? line.trim() : line)).filter((line) => line !== '');
}

/** Where in a list or a table an error stands: `Row 2, Model: This is needed`. */
function placed(property: RJSFSchema, path: readonly string[], message: string): string {
  const [index, key] = path;
  const items = property.items as RJSFSchema | undefined;
  if (property.type !== 'array' || index === undefined || !/^\d+$/.test(index) || Array.isArray(items?.enum)) return message;
  const widget = (property['x-ui'] as UiHints | undefined)?.widget;
  const noun = widget === 'table' ? 'Row' : widget === 'upload' ? 'File' : items?.type === 'string' ? 'Line' : 'Entry';
  const column = key === undefined ? '' : `, ${(items?.properties?.[key] as RJSFSchema | undefined)?.title ?? key.replaceAll('_', ' ')}`;
  return `${noun} ${Number(index) + 1}${column}: ${message}`;
}

/** Checks everything at once. @param columnsOf  an upload's, null when they are not known here
 * @returns one sentence for each field that needs a change */
export function checkInputs(schema: RJSFSchema, inputs: Inputs, columnsOf: (uploadId: string) => readonly string[] | null = () => null): FieldErrors {
  const errors: FieldErrors = {};
  for (const error of schemaErrors(schema, inputsToSend(schema, inputs))) {
    const [field = '', ...path] = error.property?.split('.').slice(1) ?? [];
    if (isVisible(schema, field, inputs)) errors[field] ??= placed(propertyOf(schema, field), path, error.message ?? 'This needs a change');
  }
  for (const column of missingColumns(schema, inputs, columnsOf)) {
    const [field = '', ...path] = pointerPath(column.pointer);
    errors[field] ??= placed(propertyOf(schema, field), path, missingWords(column));
  }
  return errors;
}

/** Whether what is right in the field follows from a table in another one. */
export const namesColumns = (schema: RJSFSchema, field: string): boolean => columnFields(schema).includes(field);

/** The API's field errors (`#/inputs/<field>…`); what is not about a field comes back as `other`. */
export function problemErrors(problem: Problem, schema: RJSFSchema = {}): { fields: FieldErrors; other: string[] } {
  const fields: FieldErrors = {};
  const other: string[] = [];
  for (const { pointer, detail } of problem.errors ?? []) {
    const [top, field, ...path] = pointerPath(pointer);
    if ((top === 'inputs' || top === 'input_data') && field) fields[field] ??= placed(propertyOf(schema, field), path, detail);
    else other.push(top ? `${top}: ${detail}` : detail);
  }
  return { fields, other };
}

/** Field errors in the shape that rjsf shows beside its controls. */
export function toExtraErrors(errors: FieldErrors): ErrorSchema<Inputs> {
  return toErrorSchema<Inputs>(Object.entries(errors).map(([field, message]): RJSFValidationError => ({ property: `.${field}`, message, stack: message })));
}

/** A run's inputs in the order of its form, with the words of the form. The database keeps no order of keys. */
export function inputRows(schema: RJSFSchema, inputs: Inputs): { field: string; title: string; text: string; /** ids, where the field holds files */ uploads: string[] }[] {
  const order = Object.keys(schema.properties ?? {});
  const place = (field: string): number => { const index = order.indexOf(field); return index < 0 ? order.length : index; };
  return Object.entries(inputs).toSorted(([a], [b]) => place(a) - place(b)).map(([field, value]) => {
    const files = (propertyOf(schema, field)['x-ui'] as UiHints | undefined)?.widget === 'upload' ? [value].flat().filter((id): id is string => typeof id === 'string') : [];
    return { field, title: fieldTitle(schema, field), text: fieldText(propertyOf(schema, field), value), uploads: files };
  });
}

/** A value in the words of its field: choices by their labels, figures with their unit. */
export function fieldText(property: RJSFSchema, value: unknown): string {
  const labels = (property['x-enum-labels'] ?? {}) as Record<string, string>;
  const word = (item: unknown): string => (typeof item === 'string' ? (labels[item] ?? item) : inputText(item));
  const unit = typeof value === 'number' ? (property['x-ui'] as UiHints | undefined)?.unit : undefined;
  return Array.isArray(value) ? value.map(word).join(', ') : unit ? `${word(value)} ${unit}` : word(value);
}

export function fieldTitle(schema: RJSFSchema, field: string): string {
  return propertyOf(schema, field).title ?? field.replaceAll('_', ' ');
}

/** A schema that was written for a model, as a person can read it: fields with a title, in the order in which they are required.
 * The database keeps no order of keys. */
export function titled(schema: RJSFSchema): RJSFSchema {
  const fields = Object.keys(schema.properties ?? {});
  const order = [...(schema.required ?? []).filter((field) => fields.includes(field)), ...fields.filter((field) => !schema.required?.includes(field))];
  return { ...schema, properties: Object.fromEntries(order.map((field) => { const property = propertyOf(schema, field); return [field, { ...property, title: property.title ?? humanize(field) }]; })) };
}
