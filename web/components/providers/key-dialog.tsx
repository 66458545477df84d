'use client';
import { useRef, useState, type FormEvent } from 'react';
import { ApiError } from '../../lib/api-client';
import { useFurtherKeys, useSaveKey, useTryKey, type ProviderWire } from '../../lib/queries';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Input } from '../ui/input';
import { notify } from '../ui/toast';

/** How long runs that began before may go on with the key that is replaced. */
const OVERLAPS = [[0, 'gone at once'], [60, 'for an hour'], [1440, 'for a day']] as const;

/** Takes a key once. It is sent, stored encrypted, tested, and never shown again; the field is emptied at once. `further` adds one beside those
 * that are there. */
export function KeyDialog({ provider, further = false, onClose }: { provider: ProviderWire; further?: boolean; onClose: () => void }) {
  const [value, setValue] = useState('');
  const [error, setError] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const [overlap, setOverlap] = useState(0);
  const [tried, setTried] = useState<string | null>(null);
  const save = useSaveKey();
  const attempt = useTryKey();
  const { add } = useFurtherKeys(provider.setting_id);
  const replaces = !further && provider.setting_id !== null;
  const busy = save.isPending || add.isPending;

  const withKey = async (act: (key: string) => Promise<void>): Promise<void> => {
    const key = value.trim();
    setTried(null);
    if (key.length < 10) { setError('A key has at least 10 characters.'); field.current?.focus(); return; }
    setError(null);
    try {
      await act(key);
    } catch (failure) {
      const problem = failure instanceof ApiError ? failure.problem : null;
      setError(problem?.errors?.[0]?.detail ? `The key ${problem.errors[0].detail}` : problem ? `${problem.title}. ${problem.detail ?? ''}` : 'The server did not answer.');
      field.current?.focus();
    }
  };
  const tryOut = () => withKey(async (key) => {
    const result = await attempt.mutateAsync({ provider: provider.provider, api_key: key });
    setTried(`${result.success ? 'The key works' : 'The key does not work'}: ${result.message} Nothing was stored.`);
  });
  const submit = (event: FormEvent): Promise<void> => {
    event.preventDefault();
    return withKey(async (key) => {
      if (further) {
        await add.mutateAsync({ api_key: key, weight: 1 });
        setValue('');
        notify(`${provider.display_name}: further key added`);
        onClose();
        return;
      }
      const saved = await save.mutateAsync({ provider: provider.provider, api_key: key, ...(replaces ? { overlap_minutes: overlap } : {}) });
      setValue('');
      if (saved.test_status === 'failed') notify(`${provider.display_name}: key saved, but the test failed`, 'problem', saved.test_message ?? undefined);
      else notify(`${provider.display_name}: key saved${saved.test_status === 'success' ? ' and tested' : ''}`);
      onClose();
    });
  };
  return (
    <Dialog
      open onOpenChange={(next) => { if (!next) onClose(); }} title={`${replaces && provider.key_source === 'own' ? 'Replace the' : further ? 'Add a further' : 'Add a'} key for ${provider.display_name}`}
      description={<p>The key is stored encrypted on the server and used by runs only. It is never shown again, not even to you.</p>}
      footer={<><Button onClick={onClose}>Not now</Button><Button disabled={attempt.isPending || busy} onClick={() => void tryOut()}>{attempt.isPending ? 'Testing…' : 'Test without saving'}</Button><Button variant="primary" type="submit" form="key-form" disabled={busy}>{further ? 'Add key' : busy ? 'Saving and testing…' : 'Save and test'}</Button></>}
    >
      <form id="key-form" onSubmit={(event) => void submit(event)} className="mt-4" noValidate>
        <label htmlFor="api-key" className="block font-medium">API key</label>
        <Input ref={field} id="api-key" type="password" autoComplete="off" spellCheck={false} className="mt-1.5 font-mono" placeholder={provider.key_hint ?? undefined} value={value} onChange={(event) => { setValue(event.target.value); setTried(null); }} aria-invalid={error ? true : undefined} aria-describedby={error ? 'api-key-error' : undefined} />
        {error ? <p id="api-key-error" role="alert" className="mt-1.5 text-sm font-medium text-failed">{error}</p> : null}
        {tried ? <p role="status" className="mt-1.5 text-sm">{tried}</p> : null}
        {replaces ? (
          <label className="mt-3 block text-sm">Runs that are under way keep the old key
            <select className="ml-2 border border-control bg-surface px-2 py-1" value={overlap} onChange={(event) => setOverlap(Number(event.target.value))}>{OVERLAPS.map(([minutes, words]) => <option key={minutes} value={minutes}>{words}</option>)}</select>
          </label>
        ) : null}
        {provider.key_url ? <p className="mt-3 text-sm text-muted">Get one at <a href={provider.key_url} target="_blank" rel="noopener noreferrer" className="prose-link">{new URL(provider.key_url).host}</a>.</p> : null}
      </form>
    </Dialog>
  );
}
