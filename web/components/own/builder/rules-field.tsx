'use client';
import type { WidgetProps } from '@rjsf/utils';
import { Plus, Trash2 } from 'lucide-react';
import { Button } from '../../ui/button';
import { Checkbox } from '../../ui/checkbox';
import { Field } from '../../ui/field';
import { Select } from '../../ui/select';
import { JsonField } from './json-field';

type Rule = Record<string, unknown> & { rule: string };
const KINDS: Record<string, { label: string; made: object }> = {
  not_empty: { label: 'is not empty', made: {} }, min_length: { label: 'has at least this length', made: { value: 100 } }, max_length: { label: 'has at most this length', made: { value: 1000 } }, regex: { label: 'matches a pattern', made: { pattern: '' } },
  json_schema: { label: 'fits a JSON Schema', made: { schema: { type: 'object' } } }, number_range: { label: 'is a number between', made: { min: 0, max: 100 } },
};
const numeric = (text: string): number | undefined => (text.trim() === '' || Number.isNaN(Number(text)) ? undefined : Number(text));

/** The rules of a check, one below the other. */
export function RulesField(props: WidgetProps) {
  const { id, value, readonly, disabled, onChange } = props;
  const rules = (Array.isArray(value) ? value : []) as Rule[];
  const off = readonly === true || disabled === true;
  const put = (index: number, change: object): void => onChange(rules.map((rule, at) => (at === index ? { ...rule, ...change } : rule)));
  const number = (rule: Rule, index: number, field: string, label: string) => <Field label={label} inputMode="decimal" disabled={off} value={rule[field] === undefined ? '' : String(rule[field])} onChange={(event) => put(index, { [field]: numeric(event.target.value) })} />;
  return (
    <div id={id} tabIndex={-1} role="group" aria-labelledby={`${id}__label`} className="grid gap-3">
      <ol className="grid gap-3">
        {rules.map((rule, index) => (
          <li key={index} className="grid gap-2 border-l border-rule pl-3">
            <div className="flex items-center gap-2">
              <Select aria-label={`Rule ${index + 1}`} className="max-w-xs" disabled={off} value={rule.rule} onValueChange={(kind) => onChange(rules.map((other, at) => (at === index ? { rule: kind, ...KINDS[kind]?.made, ...(other['soft'] ? { soft: true } : {}) } : other)))} options={Object.entries(KINDS).map(([kind, { label }]) => ({ value: kind, label }))} />
              <Button variant="quiet" size="icon" disabled={off} aria-label={`Remove rule ${index + 1}`} onClick={() => onChange(rules.filter((_, at) => at !== index))}><Trash2 aria-hidden className="size-4" /></Button>
            </div>
            {rule.rule === 'min_length' || rule.rule === 'max_length' ? number(rule, index, 'value', 'Characters or items') : null}
            {rule.rule === 'number_range' ? <div className="grid grid-cols-2 gap-2">{number(rule, index, 'min', 'From')}{number(rule, index, 'max', 'To')}</div> : null}
            {rule.rule === 'regex' ? <Field label="Pattern (RE2)" className="mt-1.5 font-mono text-sm" disabled={off} value={String(rule['pattern'] ?? '')} onChange={(event) => put(index, { pattern: event.target.value })} /> : null}
            {rule.rule === 'json_schema' ? <div><label htmlFor={`${id}_${index}_schema`} className="block font-medium">Schema, as YAML</label><JsonField {...props} id={`${id}_${index}_schema`} value={rule['schema']} onChange={(schema) => put(index, { schema })} /></div> : null}
            <Field label="Words when it does not hold" disabled={off} value={String(rule['message'] ?? '')} onChange={(event) => put(index, { message: event.target.value || undefined })} />
            <label className="flex min-h-9 items-center gap-2"><Checkbox checked={rule['soft'] === true} disabled={off} onCheckedChange={(on) => put(index, { soft: on || undefined })} />Only a remark; the run goes on</label>
          </li>
        ))}
      </ol>
      <Button size="sm" className="justify-self-start" disabled={off} onClick={() => onChange([...rules, { rule: 'not_empty' }])}><Plus aria-hidden className="size-4" />Add a rule</Button>
    </div>
  );
}
