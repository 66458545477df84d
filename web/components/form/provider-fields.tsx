'use client';
import Link from 'next/link';
import { formatTokens } from '../../lib/format';
import { remarkOn, whyNot } from '../../lib/provider-choice';
import type { ProviderWire } from '../../lib/queries';
import { Select } from '../ui/select';

function modelNote(model: ProviderWire['models'][number]): string {
  const price = model.input_price === null || model.output_price === null ? 'price unknown'
    : model.input_price === 0 && model.output_price === 0 ? 'free' : `$${(model.input_price / 1_000_000).toFixed(2)} in, $${(model.output_price / 1_000_000).toFixed(2)} out a million tokens`;
  return `${formatTokens(model.context_tokens)} tokens of context · ${price}`;
}

export interface ProviderFieldsProps { providers: readonly ProviderWire[]; provider: ProviderWire | undefined; model: string; errors: { provider?: string; model?: string }; onProvider: (id: string) => void; onModel: (id: string) => void }

/** Provider and model. What is not configured stays in the list, with the reason and the way to mend it. */
export function ProviderFields({ providers, provider, model, errors, onProvider, onModel }: ProviderFieldsProps) {
  const missing = providers.filter((other) => whyNot(other) !== null).length;
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
      {provider && provider.models.length > 0 ? (
        <div>
          <label id="model-label" htmlFor="model" className="block font-medium">Model</label>
          <Select
            id="model" className="mt-1.5" aria-labelledby="model-label" invalid={Boolean(errors.model)} aria-describedby={errors.model ? 'model-error' : undefined} value={model} onValueChange={onModel}
            options={provider.models.map((entry) => ({ value: entry.id, label: entry.id, note: modelNote(entry) }))}
          />
          {errors.model ? <p id="model-error" className="mt-1.5 text-sm font-medium text-failed">{errors.model}</p> : null}
        </div>
      ) : null}
    </div>
  );
}
