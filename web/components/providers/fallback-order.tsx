'use client';
import { useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { WorkspaceFallbackWire } from '#contracts/api/governance.schema';
import { formProblem } from '../../lib/field-errors';
import { modelProblem } from '../../lib/model-choices';
import { useSession, useSetWorkspaceFallback, workspaceFallbackQuery, type ProviderWire } from '../../lib/queries';
import { ModelInput } from '../form/model-input';
import { Button } from '../ui/button';
import { Panel } from '../ui/panel';
import { RelativeTime } from '../ui/relative-time';
import { Select } from '../ui/select';
import { notify } from '../ui/toast';

type Chain = WorkspaceFallbackWire['chain'];
const MAX_LINKS = 5;
const DEFAULT_MODEL = 'its default model';

/** Who is asked when a provider is away, for runs that say nothing of their own. Everybody sees it, administrators change it. */
export function FallbackOrder({ providers }: { providers: readonly ProviderWire[] }) {
  const { data: session } = useSession();
  const { data } = useQuery(workspaceFallbackQuery);
  if (!data) return null;
  const mayChange = session?.permissions.includes('settings:manage') ?? false;
  return (
    <Panel title="Fallback order" aside={data.updated_at ? <>changed <RelativeTime iso={data.updated_at} /></> : 'never changed'} className="mt-8">
      <p className="max-w-prose text-muted">When the provider of a run is away, these are asked in this order, unless the run names its own stand-ins. Only those for which the person who runs has a key are taken; the reason is recorded in the run.</p>
      {mayChange ? <Editor key={data.updated_at ?? ''} chain={data.chain} providers={providers} /> : <Shown chain={data.chain} providers={providers} />}
    </Panel>
  );
}

const nameOf = (providers: readonly ProviderWire[], id: string): string => providers.find(({ provider }) => provider === id)?.display_name ?? id;

function Shown({ chain, providers }: { chain: Chain; providers: readonly ProviderWire[] }) {
  if (chain.length === 0) return <p className="mt-3">Nobody stands in: a run waits for its own provider.</p>;
  return <ol className="mt-3 list-inside list-decimal">{chain.map(({ provider, model }) => <li key={provider}>{nameOf(providers, provider)} <span className="font-mono text-sm text-muted">{model ?? DEFAULT_MODEL}</span></li>)}</ol>;
}

function Editor({ chain: saved, providers }: { chain: Chain; providers: readonly ProviderWire[] }) {
  const [chain, setChain] = useState(saved);
  const [problem, setProblem] = useState<string | null>(null);
  const write = useSetWorkspaceFallback();
  const able = providers.filter(({ simulated, supported }) => !simulated && supported);
  const next = able.find(({ provider }) => !chain.some((link) => link.provider === provider));
  const swap = (from: number, to: number): void => setChain(chain.map((link, index) => (index === from ? chain[to]! : index === to ? chain[from]! : link)));
  const save = async (): Promise<void> => {
    setProblem(null);
    try {
      await write.mutateAsync(chain.map(({ provider, model }) => ({ provider, ...(model ? { model } : {}) })));
      notify(chain.length > 0 ? 'The fallback order is changed' : 'Nobody stands in any more');
    } catch (error) {
      const { whole, fields } = formProblem(error);
      setProblem(whole ?? Object.values(fields).join(' '));
    }
  };
  return (
    <>
      {chain.length === 0 ? <p className="mt-3">Nobody stands in: a run waits for its own provider.</p> : null}
      <ol aria-label="Fallback order" className="mt-3 grid gap-3">
        {chain.map((link, index) => {
          const name = nameOf(providers, link.provider);
          const vendor = providers.find(({ provider }) => provider === link.provider);
          return (
            <li key={link.provider} className="flex flex-wrap items-center gap-2 border-l border-control pl-3">
              <span className="min-w-40 max-sm:basis-full"><span aria-hidden className="mr-2 font-mono text-sm text-faint">{index + 1}</span>{name}</span>
              {vendor ? <ModelInput className="w-64 max-w-full" aria-label={`Model of ${name}`} placeholder={DEFAULT_MODEL} provider={vendor} value={link.model ?? ''} invalid={Boolean(link.model && modelProblem(link.model))} onValue={(model) => setChain(chain.with(index, { ...link, model: model || null }))} /> : null}
              <span className="flex gap-1">
                <Button variant="quiet" size="sm" aria-label={`Move ${name} up`} disabled={index === 0} onClick={() => swap(index, index - 1)}><ArrowUp aria-hidden className="size-4" /></Button>
                <Button variant="quiet" size="sm" aria-label={`Move ${name} down`} disabled={index === chain.length - 1} onClick={() => swap(index, index + 1)}><ArrowDown aria-hidden className="size-4" /></Button>
                <Button variant="quiet" size="sm" aria-label={`Take ${name} out`} onClick={() => setChain(chain.toSpliced(index, 1))}><Trash2 aria-hidden className="size-4" /></Button>
              </span>
            </li>
          );
        })}
      </ol>
      {problem ? <p role="alert" className="mt-3 text-failed">{problem}</p> : null}
      <div className="mt-4 flex flex-wrap gap-2">
        {next && chain.length < MAX_LINKS ? <Select className="w-56" aria-label="Add a provider to the order" value="" onValueChange={(id) => { const added = able.find(({ provider }) => provider === id); if (added) setChain([...chain, { provider: added.provider, model: null }]); }} options={[{ value: '', label: 'Add a provider…' }, ...able.filter(({ provider }) => !chain.some((link) => link.provider === provider)).map(({ provider, display_name: label }) => ({ value: provider, label }))]} /> : null}
        <Button variant="primary" disabled={write.isPending || JSON.stringify(chain) === JSON.stringify(saved)} onClick={() => void save()}>{write.isPending ? 'Saving…' : 'Save the order'}</Button>
      </div>
    </>
  );
}
