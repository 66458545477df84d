'use client';
import { useState } from 'react';
import { ApiError } from '../../lib/api-client';
import { cn } from '../../lib/class-names';
import { formatDuration } from '../../lib/format';
import { providerState } from '../../lib/provider-state';
import { useRemoveKey, useSetDefaultProvider, useTestKey, useTestWorkspaceKey, type ProviderWire } from '../../lib/queries';
import { DemoStamp } from '../run/stamp';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { RelativeTime } from '../ui/relative-time';
import { notify } from '../ui/toast';
import { KeyAccess } from './key-access';
import { KeyList } from './key-list';
import { KeyDialog } from './key-dialog';
import { ModelList } from './model-list';

const DOT = { good: 'bg-completed border-completed', bad: 'bg-failed border-failed', unknown: 'border-waiting bg-waiting-paper', none: 'border-control bg-surface' } as const;

function Facts({ provider }: { provider: ProviderWire }) {
  return (
    <dl className="mt-4 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 border-t pt-3 text-sm">
      <dt className="text-faint">Model</dt><dd className="truncate font-mono" title={provider.default_model}>{provider.default_model}</dd>
      {provider.last4 ? <><dt className="text-faint">Key</dt><dd className="font-mono">•••• {provider.last4}</dd></> : null}
      {provider.last_tested_at ? <><dt className="text-faint">Tested</dt><dd><RelativeTime iso={provider.last_tested_at} />{provider.test_message ? <span className="block break-words text-muted">{provider.test_message}</span> : null}</dd></> : null}
    </dl>
  );
}

export function ProviderCard({ provider }: { provider: ProviderWire }) {
  const [dialog, setDialog] = useState<'key' | 'further' | 'remove' | null>(null);
  const test = useTestKey();
  const testWorkspace = useTestWorkspaceKey();
  const remove = useRemoveKey();
  const makeDefault = useSetDefaultProvider();
  const state = providerState(provider);
  const settingId = provider.setting_id;
  const fail = (what: string) => (error: unknown): void => notify(what, 'problem', error instanceof ApiError ? (error.problem.detail ?? error.problem.title) : undefined);

  const runTest = async (id: string | null): Promise<void> => {
    const result = await (id === null ? testWorkspace.mutateAsync(provider.provider) : test.mutateAsync(id));
    const took = result.latency_ms === null ? '' : ` in ${formatDuration(result.latency_ms)}`;
    notify(`${provider.display_name}: ${result.success ? `${provider.key_source === 'not_needed' ? '' : 'key works, '}answered${took}` : result.test_status === 'pending' ? 'the test goes on, look again in a moment' : 'test failed'}`, result.success || result.test_status === 'pending' ? 'done' : 'problem', result.success ? undefined : result.message);
  };
  const runRemove = async (): Promise<void> => {
    await remove.mutateAsync(provider.provider);
    setDialog(null);
    notify(`${provider.display_name}: key removed`);
  };
  return (
    <li data-provider={provider.provider} className="flex flex-col border border-rule bg-surface p-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="text-md font-semibold">{provider.display_name}</h2>
        {provider.simulated ? <DemoStamp /> : null}
        {provider.is_default ? <span className="text-sm text-muted">your default</span> : null}
      </div>
      <p className="mt-1 flex items-center gap-2 text-sm"><span aria-hidden className={cn('size-2.5 rounded-full border', DOT[state.dot])} />{state.words}</p>
      <p className="mt-2 text-muted">{provider.description}</p>
      <Facts provider={provider} />
      <KeyList provider={provider} />
      {provider.models.length > 0 ? <ModelList provider={provider} /> : null}
      {settingId ? <KeyAccess provider={provider} settingId={settingId} /> : null}
      {provider.supported && !provider.simulated ? (
        <div className="mt-auto flex flex-wrap gap-2 pt-4">
          <Button size="sm" onClick={() => setDialog('key')}>{settingId ? 'Replace key' : 'Add key'}<span className="sr-only"> for {provider.display_name}</span></Button>
          {settingId || provider.connected ? <Button size="sm" disabled={test.isPending || testWorkspace.isPending} onClick={() => void runTest(settingId).catch(fail('The test could not be started'))}>{test.isPending || testWorkspace.isPending ? 'Testing…' : 'Test'}<span className="sr-only"> {provider.display_name}</span></Button> : null}
          {settingId ? <Button size="sm" variant="quiet" onClick={() => setDialog('further')}>Further key<span className="sr-only"> for {provider.display_name}</span></Button> : null}
          {settingId && !provider.is_default ? <Button size="sm" variant="quiet" disabled={makeDefault.isPending} onClick={() => makeDefault.mutate(settingId, { onError: fail('Could not set the default') })}>Make default<span className="sr-only">: {provider.display_name}</span></Button> : null}
          {settingId ? <Button size="sm" variant="quiet" onClick={() => setDialog('remove')}>Remove<span className="sr-only"> key of {provider.display_name}</span></Button> : null}
        </div>
      ) : null}
      {dialog === 'further' ? <KeyDialog further provider={provider} onClose={() => setDialog(null)} /> : null}
      {dialog === 'key' ? <KeyDialog provider={provider} onClose={() => setDialog(null)} /> : null}
      <Dialog
        open={dialog === 'remove'} onOpenChange={(next) => { if (!next) setDialog(null); }} title={`Remove the key of ${provider.display_name}?`}
        description="Runs that need it will stop at Validate until a new key is added. Finished runs stay as they are."
        footer={<><Button onClick={() => setDialog(null)}>Keep it</Button><Button variant="danger" disabled={remove.isPending} onClick={() => void runRemove().catch(fail('The key could not be removed'))}>Remove key</Button></>}
      />
    </li>
  );
}
