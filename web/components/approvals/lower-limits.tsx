'use client';
import { useId } from 'react';
import type { ApprovalWire } from '#contracts/api/governance.schema';
import type { LimitKey } from '#contracts/granted-limits';
import { formatBudget, formatTokens } from '../../lib/format';
import { limitWords, readLower, type LowerFields } from '../../lib/lower-limits';
import { Fold } from '../ui/fold';
import { Input } from '../ui/input';

type Asked = NonNullable<ApprovalWire['asked_limits']>;
const FIELDS: readonly { key: LimitKey; label: string; asked: (asked: Asked) => string }[] = [
  { key: 'cost_usd_micros', label: 'Money, in dollars', asked: ({ cost_usd_micros: cost }) => (cost === null ? 'no cap' : formatBudget(cost)) },
  { key: 'output_tokens', label: 'Output tokens', asked: ({ output_tokens: tokens }) => formatTokens(tokens) },
  { key: 'seconds', label: 'Seconds of work', asked: ({ seconds }) => String(seconds) },
];

/** A yes to less than was asked for: folded away, because most people say yes or no. */
export function LowerLimits({ asked, fields, shownErrors, onChange }: { asked: Asked; fields: LowerFields; shownErrors: Partial<LowerFields>; onChange: (fields: LowerFields) => void }) {
  const id = useId();
  return (
    <Fold title="Approve with less" aside={limitWords(readLower(asked, fields).limits) || 'as asked'} forced={Object.keys(shownErrors).length > 0} className="mt-3">
      <p className="text-sm text-muted">An empty field stays as asked. What you set holds for the whole Full run: it ends there with what it has, and nobody can raise it.</p>
      <div className="mt-3 grid gap-3 sm:grid-cols-3">
        {FIELDS.map(({ key, label, asked: words }) => (
          <div key={key}>
            <label htmlFor={`${id}-${key}`} className="block text-sm font-medium">{label}</label>
            <Input id={`${id}-${key}`} inputMode="decimal" autoComplete="off" value={fields[key]} onChange={(event) => onChange({ ...fields, [key]: event.target.value })} aria-invalid={shownErrors[key] ? true : undefined} aria-describedby={`${id}-${key}-asked${shownErrors[key] ? ` ${id}-${key}-error` : ''}`} className="mt-1 font-mono max-sm:h-11" />
            <p id={`${id}-${key}-asked`} className="mt-1 text-xs text-muted">asked: <span className="font-mono">{words(asked)}</span></p>
            {shownErrors[key] ? <p id={`${id}-${key}-error`} role="alert" className="mt-1 text-sm font-medium text-failed">{shownErrors[key]}</p> : null}
          </div>
        ))}
      </div>
    </Fold>
  );
}
