'use client';
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { formatDuration, formatTokens } from '../../lib/format';
import { firstModel } from '../../lib/model-choices';
import type { ProviderWire, WorkflowDetailWire } from '../../lib/queries';
import { isLimitField, limitsInWords, MAX_LINKS, readLimits, standIns, type RunLimits } from '../../lib/run-limits';
import type { FieldErrors } from '../../lib/schema-form';
import { Button } from '../ui/button';
import { Fold } from '../ui/fold';
import { Input } from '../ui/input';
import { Select } from '../ui/select';
import { ModelInput } from './model-input';

export interface LimitFieldsProps { caps: NonNullable<WorkflowDetailWire['modes'][number]['caps']>; full: boolean; limits: RunLimits; providers: readonly ProviderWire[]; provider: ProviderWire | undefined; errors: FieldErrors; onOpen?: () => void; onChange: (limits: RunLimits) => void }

/** Own caps and the chain of stand-ins, folded away: what is set stands on the fold. */
export function LimitFields({ caps, full, limits, providers, provider, errors, onOpen, onChange }: LimitFieldsProps) {
  const wrong = Object.keys(errors).some(isLimitField);
  return (
    <Fold title="Limits and stand-ins" aside={limitsInWords(readLimits(limits, caps).body)} forced={wrong} onOpen={onOpen}>
      <div className="grid gap-4">
        <LimitField name="budget.cost_usd_micros" label="Money, in dollars" help={provider?.simulated ? 'The demo provider costs nothing; this has no effect.' : full ? 'When it is used up the run waits and asks you. Empty: no cap on money.' : 'When it is used up the Test ends with what it has. Empty: no cap on money.'} placeholder="no cap" value={limits.money} error={errors['budget.cost_usd_micros']} onValue={(money) => onChange({ ...limits, money })} />
        <LimitField name="budget.output_tokens" label="Output tokens" help={`At most ${formatTokens(caps.output_tokens)}, which is also what stands when it is empty.`} placeholder={String(caps.output_tokens)} value={limits.tokens} error={errors['budget.output_tokens']} onValue={(tokens) => onChange({ ...limits, tokens })} />
        <LimitField name="budget.seconds" label="Seconds of work" help={`At most ${caps.seconds} (${formatDuration(caps.seconds * 1000).replace(' 00 s', '')}) for the stage; waiting is not counted.`} placeholder={String(caps.seconds)} value={limits.seconds} error={errors['budget.seconds']} onValue={(seconds) => onChange({ ...limits, seconds })} />
        <StandIns limits={limits} providers={providers} provider={provider} errors={errors} onChange={onChange} />
      </div>
    </Fold>
  );
}

interface LimitFieldProps { name: string; label: string; help: string; placeholder: string; value: string; error: string | undefined; onValue: (text: string) => void }

function LimitField({ name, label, help, placeholder, value, error, onValue }: LimitFieldProps) {
  return (
    <div>
      <label htmlFor={name} className="block font-medium">{label}</label>
      <Input id={name} inputMode="decimal" autoComplete="off" placeholder={placeholder} value={value} onChange={(event) => onValue(event.target.value)} aria-invalid={error ? true : undefined} aria-describedby={`${name}-help${error ? ` ${name}-error` : ''}`} className="mt-1 font-mono" />
      <p id={`${name}-help`} className="mt-1 text-sm text-muted">{help}</p>
      {error ? <p id={`${name}-error`} className="mt-1 text-sm font-medium text-failed">{error}</p> : null}
    </div>
  );
}

function StandIns({ limits, providers, provider, errors, onChange }: Pick<LimitFieldsProps, 'limits' | 'providers' | 'provider' | 'errors' | 'onChange'>) {
  const chain = limits.fallback;
  const set = (fallback: RunLimits['fallback']): void => onChange({ ...limits, fallback });
  const taken = chain.map((link) => link.provider);
  const next = standIns(providers, provider?.provider, taken).find(({ reason }) => reason === null)?.provider;
  const usable = standIns(providers, provider?.provider, []).filter(({ reason }) => reason === null).length;
  const swap = (from: number, to: number): void => { const moved = [...chain]; [moved[from], moved[to]] = [moved[to]!, moved[from]!]; set(moved); };
  return (
    <fieldset id="fallback" tabIndex={-1}>
      <legend className="font-medium">Stand-ins</legend>
      <p className="mt-0.5 text-sm text-muted">{provider?.simulated ? 'A run with the demo provider takes none.' : 'Asked in this order when the provider is away, each with your own key and at its own price. With none here no other vendor is ever asked.'}</p>
      {chain.length > 0 ? (
        <ol className="mt-2 grid gap-3">
          {chain.map((link, index) => {
            const options = standIns(providers, provider?.provider, taken.filter((other) => other !== link.provider));
            const vendor = providers.find((other) => other.provider === link.provider);
            const name = `stand-in ${index + 1}`;
            const problem = errors[`fallback.${index}.provider`] ?? errors[`fallback.${index}.model`];
            return (
              <li key={link.provider} className="grid grid-cols-[1.25rem_1fr] gap-x-2 border-l border-control pl-2">
                <span aria-hidden className="pt-2 font-mono text-sm text-faint">{index + 1}</span>
                <div className="grid gap-1.5">
                  <Select id={`fallback.${index}.provider`} aria-label={`Provider of ${name}`} invalid={Boolean(errors[`fallback.${index}.provider`])} aria-describedby={problem ? `fallback.${index}-error` : undefined} value={link.provider} onValueChange={(id) => set(chain.with(index, { provider: id, model: firstModel(providers.find((other) => other.provider === id)) }))} options={options.map(({ provider: other, reason }) => ({ value: other.provider, label: other.display_name, note: reason ?? undefined, disabled: reason !== null }))} />
                  {vendor ? <ModelInput id={`fallback.${index}.model`} aria-label={`Model of ${name}`} invalid={Boolean(errors[`fallback.${index}.model`])} aria-describedby={problem ? `fallback.${index}-error` : undefined} placeholder="its default model" provider={vendor} value={link.model} onValue={(model) => set(chain.with(index, { ...link, model }))} /> : null}
                  {problem ? <p id={`fallback.${index}-error`} className="text-sm font-medium text-failed">{problem}</p> : null}
                  <span className="flex gap-1">
                    <Button variant="quiet" size="sm" aria-label={`Move ${name} up`} disabled={index === 0} onClick={() => swap(index, index - 1)}><ArrowUp aria-hidden className="size-4" /></Button>
                    <Button variant="quiet" size="sm" aria-label={`Move ${name} down`} disabled={index === chain.length - 1} onClick={() => swap(index, index + 1)}><ArrowDown aria-hidden className="size-4" /></Button>
                    <Button variant="quiet" size="sm" aria-label={`Remove ${name}`} onClick={() => set(chain.toSpliced(index, 1))}><Trash2 aria-hidden className="size-4" /></Button>
                  </span>
                </div>
              </li>
            );
          })}
        </ol>
      ) : null}
      {errors['fallback'] ? <p className="mt-1 text-sm font-medium text-failed">{errors['fallback']}</p> : null}
      {provider?.simulated || chain.length >= MAX_LINKS ? null : next ? <Button size="sm" className="mt-2" onClick={() => set([...chain, { provider: next.provider, model: firstModel(next) }])}><Plus aria-hidden className="size-4" />Add a stand-in</Button>
        : <p className="mt-1.5 text-sm text-muted">{usable > 0 ? 'Every other provider with a working key is in the chain.' : 'No other provider has a working key here.'}</p>}
    </fieldset>
  );
}
