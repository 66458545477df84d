'use client';
import { useState } from 'react';
import type { Check } from '../../../lib/builder/use-builder';
import { formatCost } from '../../../lib/format';
import { useProviders } from '../../../lib/queries';
import { preferredProvider, whyNot } from '../../../lib/provider-choice';
import { Select } from '../../ui/select';

/** What a Full run takes at most, while it is being written. */
export function Estimate({ check }: { check: Check | undefined }) {
  const { data: providers = [] } = useProviders();
  const [wanted, setWanted] = useState<string | null>(null);
  const provider = preferredProvider(providers, wanted);
  const model = provider?.models.find(({ id }) => id === provider.default_model);
  if (!check) return null;
  const calls = check.plan.filter(({ kind }) => kind === 'model');
  const sum = (of: (call: Check['plan'][number]) => number): number => calls.reduce((total, call) => total + of(call) * call.repeat, 0);
  const input = sum((call) => call.input_tokens);
  const output = sum((call) => call.max_output_tokens);
  const price = model && model.input_price !== null && model.output_price !== null ? Math.ceil((input * model.input_price + output * model.output_price) / 1_000_000) : null;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-muted" data-slot="estimate">
      <span>{check.plan.length === 0 ? 'The estimate comes when nothing is wrong any more.' : `Full: at most ${sum(() => 1)} model calls, ${output.toLocaleString('en-US')} output tokens${price === null ? '' : `, ${formatCost(price)}`}`}</span>
      {check.plan.length > 0 && provider ? <Select aria-label="Provider of the estimate" className="h-7 w-56" value={provider.provider} onValueChange={setWanted} options={providers.filter((one) => whyNot(one) === null).map((one) => ({ value: one.provider, label: one.display_name }))} /> : null}
    </div>
  );
}
