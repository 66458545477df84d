'use client';
import type { WidgetProps } from '@rjsf/utils';
import { Input } from '../ui/input';
import { describedBy } from './field-template';

/** A slider for the rough choice and a number box for the exact one; both hold the same value. */
export function RangeWidget({ id, value, schema, options, rawErrors, disabled, readonly, onChange, label }: WidgetProps) {
  const minimum = schema.minimum ?? 0;
  const maximum = schema.maximum ?? 100;
  const step = typeof options.step === 'number' ? options.step : 1;
  const unit = typeof options.unit === 'string' ? options.unit : null;
  const number = typeof value === 'number' ? value : minimum;
  const write = (text: string): void => onChange(text === '' ? undefined : Number.isNaN(Number(text)) ? text : Number(text));
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <input
        type="range" aria-label={`${label}, slider`} min={minimum} max={maximum} step={step} value={Math.min(maximum, Math.max(minimum, number))} disabled={disabled || readonly}
        onChange={(event) => onChange(Number(event.target.value))} className="h-6 min-w-40 flex-1 accent-accent sm:max-w-80"
      />
      <span className="flex items-center gap-2">
        <Input id={id} inputMode="numeric" className="w-20 text-right" value={value === undefined || value === null ? '' : String(value)} disabled={disabled} readOnly={readonly} aria-invalid={rawErrors?.length ? true : undefined} aria-describedby={describedBy(id, schema, rawErrors)} onChange={(event) => write(event.target.value)} />
        {unit ? <span className="text-muted">{unit}</span> : null}
      </span>
    </div>
  );
}
