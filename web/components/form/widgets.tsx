'use client';
import type { RegistryWidgetsType, WidgetProps } from '@rjsf/utils';
import { cn } from '../../lib/class-names';
import { Checkbox } from '../ui/checkbox';
import { Input, Textarea } from '../ui/input';
import { RadioGroup, RadioItem } from '../ui/radio-group';
import { Select } from '../ui/select';
import { ColumnWidget } from './column-widget';
import { describedBy } from './field-template';
import { RangeWidget } from './range-widget';
import { TableWidget } from './table-widget';
import { UploadWidget } from './upload-widget';

/** The form engine's controls on our own primitives. A control gets its id, its error and its help by id. */
function aria({ id, schema, rawErrors, required }: WidgetProps) {
  return { 'aria-describedby': describedBy(id, schema, rawErrors), 'aria-invalid': rawErrors?.length ? true as const : undefined, 'aria-required': required || undefined };
}

const textOf = (value: unknown): string => (value === undefined || value === null ? '' : String(value));
const emptied = (text: string): string | undefined => (text === '' ? undefined : text);

/** Examples of the schema as chips under a text control: one press fills it. */
function Examples({ id, schema, onChange }: Pick<WidgetProps, 'id' | 'schema' | 'onChange'>) {
  const examples = Array.isArray(schema.examples) ? schema.examples.filter((example) => typeof example === 'string') : [];
  if (examples.length === 0) return null;
  return (
    <ul aria-label="Examples" className="mt-2 flex flex-wrap gap-2">
      {examples.map((example) => (
        <li key={example}><button type="button" onClick={() => { onChange(example); document.getElementById(id)?.focus(); }} className="rounded-md border border-dashed border-control px-2.5 py-1 text-left text-sm text-muted hover:bg-sunken hover:text-ink">{example}</button></li>
      ))}
    </ul>
  );
}

function TextareaWidget(props: WidgetProps) {
  const { id, value, schema, options, placeholder, disabled, readonly, onChange, onBlur } = props;
  const length = textOf(value).length;
  return (
    <>
      <Textarea id={id} name={props.name} rows={typeof options.rows === 'number' ? options.rows : 3} value={textOf(value)} placeholder={placeholder} disabled={disabled} readOnly={readonly} {...aria(props)} onChange={(event) => onChange(emptied(event.target.value))} onBlur={() => onBlur(id, value)} />
      {schema.maxLength && length > schema.maxLength * 0.7 ? <p className={cn('mt-1 text-right font-mono text-xs text-faint', length > schema.maxLength && 'text-failed')}>{length} / {schema.maxLength}</p> : null}
      <Examples id={id} schema={schema} onChange={onChange} />
    </>
  );
}

function TextWidget(props: WidgetProps) {
  const { id, value, schema, options, placeholder, disabled, readonly, onChange, onBlur } = props;
  const numeric = schema.type === 'integer' || schema.type === 'number';
  const unit = typeof options.unit === 'string' ? options.unit : null;
  return (
    <>
      <span className="flex items-center gap-2">
        <Input id={id} name={props.name} inputMode={schema.type === 'integer' ? 'numeric' : numeric ? 'decimal' : schema.format === 'uri' ? 'url' : undefined} type={schema.format === 'date' ? 'date' : 'text'} className={numeric ? 'max-w-40' : undefined} value={textOf(value)} placeholder={placeholder} disabled={disabled} readOnly={readonly} {...aria(props)} onChange={(event) => onChange(emptied(event.target.value))} onBlur={() => onBlur(id, value)} />
        {unit ? <span className="text-muted">{unit}</span> : null}
      </span>
      <Examples id={id} schema={schema} onChange={onChange} />
    </>
  );
}

/** A list of texts: one a line. */
function LinesWidget(props: WidgetProps) {
  const { id, value, onChange, onBlur, disabled, placeholder } = props;
  const lines = Array.isArray(value) ? value.map(textOf) : [];
  return <Textarea id={id} rows={4} placeholder={placeholder || 'One entry a line'} disabled={disabled} {...aria(props)} value={lines.join('\n')} onChange={(event) => onChange(event.target.value === '' ? [] : event.target.value.split('\n'))} onBlur={() => onBlur(id, lines.filter((line) => line.trim() !== ''))} />;
}

/** Web addresses: one a line, with how many of how many. */
function UrlsWidget(props: WidgetProps) {
  const count = Array.isArray(props.value) ? props.value.filter((line) => textOf(line).trim() !== '').length : 0;
  return (
    <>
      <LinesWidget {...props} placeholder="https://… one a line" />
      {props.schema.maxItems ? <p className={cn('mt-1 text-right font-mono text-xs text-faint', count > props.schema.maxItems && 'text-failed')}>{count} / {props.schema.maxItems}</p> : null}
    </>
  );
}

function SelectWidget(props: WidgetProps) {
  const { id, value, options, disabled, readonly, onChange, placeholder } = props;
  const choices = options.enumOptions ?? [];
  return (
    <Select
      id={id} disabled={disabled || readonly} invalid={Boolean(props.rawErrors?.length)} placeholder={placeholder || 'Choose…'} className="max-w-md"
      value={value === undefined || value === null ? null : String(value)}
      onValueChange={(next) => onChange(choices.find((choice) => String(choice.value) === next)?.value)}
      options={choices.map((choice) => ({ value: String(choice.value), label: choice.label }))}
      aria-labelledby={`${id}__label`} aria-describedby={describedBy(id, props.schema, props.rawErrors)}
    />
  );
}

/** `Name: explanation` of a label is shown as a name with a quieter explanation. */
function ChoiceLabel({ label }: { label: string }) {
  const [name, ...rest] = label.split(': ');
  return rest.length === 0 ? <span>{label}</span> : <span><span>{name}</span><span className="ml-2 text-sm text-muted">{rest.join(': ')}</span></span>;
}

const ROW = 'flex min-h-9 cursor-pointer items-center gap-3 py-1 max-sm:min-h-11';

function RadioWidget(props: WidgetProps) {
  const { id, value, options, disabled, readonly, onChange } = props;
  const choices = options.enumOptions ?? [];
  return (
    <RadioGroup id={id} tabIndex={-1} aria-labelledby={`${id}__label`} aria-describedby={describedBy(id, props.schema, props.rawErrors)} value={value === undefined ? null : String(value)} onValueChange={(next) => onChange(choices.find((choice) => String(choice.value) === next)?.value)} disabled={disabled || readonly} className="gap-0">
      {choices.map((choice) => <label key={String(choice.value)} className={ROW}><RadioItem value={String(choice.value)} /><ChoiceLabel label={choice.label} /></label>)}
    </RadioGroup>
  );
}

function CheckboxesWidget(props: WidgetProps) {
  const { id, value, options, disabled, readonly, onChange } = props;
  const chosen: unknown[] = Array.isArray(value) ? value : [];
  const choices = options.enumOptions ?? [];
  // The order of the options, whatever the order of the clicks: the same choice gives the same inputs.
  const toggle = (item: unknown, on: boolean): void => onChange(choices.map((choice) => choice.value as unknown).filter((other) => (other === item ? on : chosen.includes(other))));
  return (
    <div id={id} tabIndex={-1} role="group" aria-labelledby={`${id}__label`} aria-describedby={describedBy(id, props.schema, props.rawErrors)} className="grid sm:grid-cols-2 sm:gap-x-6">
      {choices.map((choice) => (
        <label key={String(choice.value)} className={ROW}>
          <Checkbox checked={chosen.includes(choice.value)} onCheckedChange={(on) => toggle(choice.value, on)} disabled={disabled || readonly} />
          <ChoiceLabel label={choice.label} />
        </label>
      ))}
    </div>
  );
}

function CheckboxWidget(props: WidgetProps) {
  const { id, value, disabled, readonly, onChange, label } = props;
  return <label className={ROW}><Checkbox id={id} checked={value === true} onCheckedChange={(on) => onChange(on)} disabled={disabled || readonly} {...aria(props)} />{label}</label>;
}

export const widgets: RegistryWidgetsType = {
  TextWidget, TextareaWidget, SelectWidget, RadioWidget, CheckboxesWidget, CheckboxWidget, RangeWidget,
  URLWidget: TextWidget, EmailWidget: TextWidget, DateWidget: TextWidget, UpDownWidget: TextWidget,
  slider: RangeWidget, lines: LinesWidget, urls: UrlsWidget, upload: UploadWidget, table: TableWidget, column: ColumnWidget,
};
