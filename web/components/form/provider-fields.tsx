'use client';
import Link from 'next/link';
import { modelNote, modelProblem } from '../../lib/model-choices';
import { remarkOn, whyNot } from '../../lib/provider-choice';
import type { ProviderWire } from '../../lib/queries';
import { ModelInput } from './model-input';
import { Select } from '../ui/select';

export interface ProviderFieldsProps { providers: readonly ProviderWire[]; provider: ProviderWire | undefined; model: string; errors: { provider?: string; model?: string }; onProvider: (id: string) => void; onModel: (id: string) => void }

/** Provider and model. What is not configured stays in the list, with the reason and the way to mend it. */
export function ProviderFields({ providers, provider, model, errors, onProvider, onModel }: ProviderFieldsProps) {
  const missing = providers.filter((other) => whyNot(other) !== null).length;
  // An empty field is being filled; what cannot be a name is said at once.
  const problem = errors.model ?? (model === '' ? null : modelProblem(model));
  return (
    <div className="grid gap-4">
      <div>
        <label id="provider-label" htmlFor="provider" className="block font-medium">Provider</label>
        <Select
          id="provider" className="mt-1.5" aria-labelledby="provider-label" invalid={Boolean(errors.provider)} aria-describedby={errors.provider ? 'provider-error' : undefined} value={provider?.provider ?? null} onValueChange={onProvider}
          options={providers.map((other) => ({ value: other.provider, label: other.display_name, note: whyNot(other) ?? remarkOn(other) ?? undefined, disabled: whyNot(other) !== null }))}
        />
        {errors.provider ? <p id="provider-error" className="mt-1.5 text-sm font-medium text-failed">{errors.provider}</p> : null}
        {missing > 0 ? <p className="mt-1.5 text-sm text-muted">{missing} more after you <Link href="/providers" className="prose-link">add a key</Link></p> : null}
      </div>
      {provider ? (
        <div>
          <label id="model-label" htmlFor="model" className="block font-medium">Model</label>
          <ModelInput id="model" className="mt-1.5" aria-labelledby="model-label" invalid={Boolean(problem)} aria-describedby={problem ? 'model-error' : 'model-note'} provider={provider} value={model} onValue={onModel} />
          <p id="model-note" aria-live="polite" className="mt-1.5 text-sm text-muted empty:hidden">{problem ? null : modelNote(provider, model)}</p>
          {problem ? <p id="model-error" className="mt-1.5 text-sm font-medium text-failed">{problem}</p> : null}
        </div>
      ) : null}
    </div>
  );
}
