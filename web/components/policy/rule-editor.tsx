'use client';
import type { RunPolicyWire } from '#contracts/api/usage.schema';
import { ROLES } from '#contracts/permissions';
import { PROVIDER_IDS } from '#contracts/providers';
import { MODE_WORDS, RUN_MODES } from '#contracts/runs';
import { useWorkflows } from '../../lib/queries';
import { Button } from '../ui/button';
import { Input } from '../ui/input';
import { Select } from '../ui/select';

export type Rule = RunPolicyWire['rules'][number];
const roles = [{ value: '*', label: 'everybody' }, ...ROLES.map((role) => ({ value: role, label: role }))];
const modes = [{ value: '*', label: 'in any mode' }, ...RUN_MODES.map((mode) => ({ value: mode, label: MODE_WORDS[mode].label }))];
const providers = [{ value: '*', label: 'with any provider' }, ...PROVIDER_IDS.map((id) => ({ value: id, label: id }))];
const approvals = [0, 1, 2, 3, 4, 5].map((count) => ({ value: String(count), label: count === 0 ? 'Full runs ask nobody' : `Full runs ask ${count === 1 ? 'an administrator' : `${count} administrators`}` }));
const effects = [{ value: 'deny', label: 'may not run' }, { value: 'allow', label: 'may run' }];

/** One line of the policy, as a sentence of choices. */
export function RuleEditor({ rule, index, last, onChange, onMove, onRemove }: { rule: Rule; index: number; last: boolean; onChange: (rule: Rule) => void; onMove: (by: -1 | 1) => void; onRemove: () => void }) {
  const { data: catalog } = useWorkflows();
  const workflows = [{ value: '*', label: 'any workflow' }, ...(catalog ?? []).map(({ workflow_id, title }) => ({ value: workflow_id, label: title }))];
  if (!workflows.some(({ value }) => value === rule.workflow_id)) workflows.push({ value: rule.workflow_id, label: rule.workflow_id });
  const line = `of line ${index + 1}`;
  const set = (patch: Partial<Rule>): void => onChange({ ...rule, ...patch });
  return (
    <li className="grid gap-2 border p-3" data-rule={index + 1}>
      <div className="grid gap-2 sm:grid-cols-2 lg:grid-cols-5">
        <Select aria-label={`Role ${line}`} value={rule.role} onValueChange={(role) => set({ role: role as Rule['role'] })} options={roles} />
        <Select aria-label={`Effect ${line}`} value={rule.effect} onValueChange={(effect) => onChange(effect === 'deny' ? { ...rule, effect: 'deny', max_cost_usd_micros: undefined, approvers: undefined } : { ...rule, effect: 'allow' })} options={effects} />
        <Select aria-label={`Workflow ${line}`} value={rule.workflow_id} onValueChange={(workflow_id) => set({ workflow_id })} options={workflows} />
        <Select aria-label={`Mode ${line}`} value={rule.mode} onValueChange={(mode) => set({ mode: mode as Rule['mode'], ...(mode === '*' || mode === 'full_run' ? {} : { approvers: undefined }) })} options={modes} />
        <Select aria-label={`Provider ${line}`} value={rule.provider} onValueChange={(provider) => set({ provider: provider as Rule['provider'] })} options={providers} />
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {rule.effect === 'deny'
          ? <Input className="min-w-48 flex-1" aria-label={`Reason ${line}`} placeholder="Reason that people are shown (optional)" maxLength={300} value={rule.reason ?? ''} onChange={(event) => set({ reason: event.target.value || undefined })} />
          : <Input className="min-w-48 flex-1" aria-label={`Most dollars a run ${line}`} inputMode="decimal" placeholder="Most dollars a run (optional)" defaultValue={rule.max_cost_usd_micros === undefined ? '' : String(rule.max_cost_usd_micros / 1_000_000)} onChange={(event) => { const dollars = Number(event.target.value.replace(',', '.')); set({ max_cost_usd_micros: dollars > 0 ? Math.round(dollars * 1_000_000) : undefined }); }} />}
        {rule.effect === 'allow' && (rule.mode === '*' || rule.mode === 'full_run') ? <Select aria-label={`Approval ${line}`} value={String(rule.approvers ?? 0)} onValueChange={(approvers) => set({ approvers: Number(approvers) || undefined })} options={approvals} /> : null}
        <Button size="sm" variant="quiet" disabled={index === 0} onClick={() => onMove(-1)}>Up<span className="sr-only">: line {index + 1}</span></Button>
        <Button size="sm" variant="quiet" disabled={last} onClick={() => onMove(1)}>Down<span className="sr-only">: line {index + 1}</span></Button>
        <Button size="sm" variant="quiet" onClick={onRemove}>Remove<span className="sr-only"> line {index + 1}</span></Button>
      </div>
    </li>
  );
}
