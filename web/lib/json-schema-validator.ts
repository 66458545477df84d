import { Validator, type OutputUnit, type Schema } from '@cfworker/json-schema';
import { createErrorHandler, getDefaultFormState, toErrorSchema, unwrapErrorHandler, validationDataMerge, type CustomValidator, type ErrorTransformer, type RJSFSchema, type RJSFValidationError, type UiSchema, type ValidationData, type ValidatorType } from '@rjsf/utils';

/** JSON Schema 2020-12 for rjsf without code generation: ajv compiles with `eval`, which the content security policy refuses.
 * Messages are written for the person who fills the form. */
type Inputs = Record<string, unknown>;

const count = (n: unknown, word: string): string => `${String(n)} ${word}${n === 1 ? '' : 's'}`;

/** One sentence for one violated keyword; null when another unit says it better. */
function sentence(keyword: string, rule: Record<string, unknown>): string | null {
  switch (keyword) {
    case 'required': return 'This is needed';
    case 'minLength': return rule.minLength === 1 ? 'This is needed' : `Write at least ${count(rule.minLength, 'character')}`;
    case 'maxLength': return `At most ${count(rule.maxLength, 'character')}`;
    case 'minimum': return `At least ${String(rule.minimum)}`;
    case 'maximum': return `At most ${String(rule.maximum)}`;
    case 'exclusiveMinimum': return `More than ${String(rule.exclusiveMinimum)}`;
    case 'exclusiveMaximum': return `Less than ${String(rule.exclusiveMaximum)}`;
    case 'multipleOf': return `A multiple of ${String(rule.multipleOf)}`;
    case 'minItems': return `Choose at least ${String(rule.minItems)}`;
    case 'maxItems': return `Choose at most ${String(rule.maxItems)}`;
    case 'uniqueItems': return 'Each may be named once only';
    case 'enum': case 'const': return 'Choose one of the options';
    case 'format': return `This does not look like ${rule.format === 'uri' ? 'an address (https://…)' : `a valid ${String(rule.format)}`}`;
    case 'pattern': return typeof rule['x-pattern-help'] === 'string' ? rule['x-pattern-help'] : 'This does not have the right form';
    case 'type': return rule.type === 'integer' ? 'Write a whole number' : rule.type === 'number' ? 'Write a number' : 'This is needed';
    case 'additionalProperties': case 'unevaluatedProperties': return 'This field is not known here';
    default: return null;
  }
}

/** JSON Pointer (`#/a/0` or `/a/0`) → path. */
export function pointerPath(pointer: string): string[] {
  return pointer.replace(/^#/, '').split('/').slice(1).map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'));
}

function ruleAt(schema: RJSFSchema, location: string): Record<string, unknown> {
  let node: unknown = schema;
  for (const part of pointerPath(location).slice(0, -1)) node = (node as Record<string, unknown> | undefined)?.[part];
  return (node ?? {}) as Record<string, unknown>;
}

function toError(unit: OutputUnit, schema: RJSFSchema): RJSFValidationError | null {
  const rule = ruleAt(schema, unit.keywordLocation);
  const message = sentence(unit.keyword, rule);
  if (message === null) return null;
  const path = pointerPath(unit.instanceLocation);
  // cfworker reports a missing or unknown property on its object, with the name quoted in the text.
  if (['required', 'additionalProperties', 'unevaluatedProperties'].includes(unit.keyword)) path.push(/"([^"]+)"/.exec(unit.error)?.[1] ?? '');
  return { name: unit.keyword, message, property: path.map((part) => `.${part}`).join(''), stack: `${path.join('.')}: ${message}`, schemaPath: unit.keywordLocation };
}

/** All violations as form errors, one for each field (the first is the most telling). */
export function schemaErrors(schema: RJSFSchema, data: unknown): RJSFValidationError[] {
  const result = new Validator(schema as Schema, '2020-12', false).validate(withoutUndefined(data));
  const errors = result.errors.map((unit) => toError(unit, schema)).filter((error) => error !== null);
  return errors.filter((error, index) => errors.findIndex((other) => other.property === error.property) === index);
}

/** A cleared number field is `undefined` in the form but simply absent in JSON. */
function withoutUndefined(data: unknown): unknown {
  return data === undefined ? {} : JSON.parse(JSON.stringify(data));
}

export const validator: ValidatorType<Inputs, RJSFSchema> = {
  validateFormData(data, schema, customValidate?: CustomValidator<Inputs, RJSFSchema>, transformErrors?: ErrorTransformer<Inputs, RJSFSchema>, uiSchema?: UiSchema<Inputs, RJSFSchema>): ValidationData<Inputs> {
    const raw = schemaErrors(schema, data);
    const errors = transformErrors ? transformErrors(raw, uiSchema) : raw;
    const found = { errors, errorSchema: toErrorSchema<Inputs>(errors) };
    if (!customValidate) return found;
    const complete = getDefaultFormState(validator, schema, data, schema, true) as Inputs;
    const handler = customValidate(complete, createErrorHandler<Inputs>(complete), uiSchema, found.errorSchema);
    return validationDataMerge<Inputs>(found, unwrapErrorHandler<Inputs>(handler));
  },
  isValid: (schema, data, rootSchema) => new Validator({ ...(schema as Schema), $defs: (rootSchema as Schema).$defs ?? (schema as Schema).$defs }, '2020-12').validate(withoutUndefined(data)).valid,
  rawValidation: (schema, data) => ({ errors: schemaErrors(schema, data) as never[] }),
};
