'use client';
import { useRef, useState, type FormEvent } from 'react';
import { ApiError } from '../../lib/api-client';
import { useSaveKey, type ProviderWire } from '../../lib/queries';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Input } from '../ui/input';
import { notify } from '../ui/toast';

/** Takes a key once. It is sent, stored encrypted, tested, and never shown again; the field is emptied at once. */
export function KeyDialog({ provider, onClose }: { provider: ProviderWire; onClose: () => void }) {
  const [value, setValue] = useState('');
  const [error, setError] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const save = useSaveKey();

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const key = value.trim();
    if (key.length < 10) { setError('A key has at least 10 characters.'); field.current?.focus(); return; }
    setError(null);
    try {
      const saved = await save.mutateAsync({ provider: provider.provider, api_key: key });
      setValue('');
      if (saved.test_status === 'failed') notify(`${provider.display_name}: key saved, but the test failed`, 'problem', saved.test_message ?? undefined);
      else notify(`${provider.display_name}: key saved${saved.test_status === 'success' ? ' and tested' : ''}`);
      onClose();
    } catch (failure) {
      const problem = failure instanceof ApiError ? failure.problem : null;
      setError(problem?.errors?.[0]?.detail ? `The key ${problem.errors[0].detail}` : problem ? `${problem.title}. ${problem.detail ?? ''}` : 'The key could not be saved.');
      field.current?.focus();
    }
  };
  return (
    <Dialog
      open onOpenChange={(next) => { if (!next) onClose(); }} title={`${provider.connected && provider.key_source === 'own' ? 'Replace the' : 'Add a'} key for ${provider.display_name}`}
      description={<p>The key is stored encrypted on the server and used by runs only. It is never shown again, not even to you.</p>}
      footer={<><Button onClick={onClose}>Not now</Button><Button variant="primary" type="submit" form="key-form" disabled={save.isPending}>{save.isPending ? 'Saving and testing…' : 'Save and test'}</Button></>}
    >
      <form id="key-form" onSubmit={(event) => void submit(event)} className="mt-4" noValidate>
        <label htmlFor="api-key" className="block font-medium">API key</label>
        <Input ref={field} id="api-key" type="password" autoComplete="off" spellCheck={false} className="mt-1.5 font-mono" placeholder={provider.key_hint ?? undefined} value={value} onChange={(event) => setValue(event.target.value)} aria-invalid={error ? true : undefined} aria-describedby={error ? 'api-key-error' : undefined} />
        {error ? <p id="api-key-error" role="alert" className="mt-1.5 text-sm font-medium text-failed">{error}</p> : null}
        {provider.key_url ? <p className="mt-3 text-sm text-muted">Get one at <a href={provider.key_url} target="_blank" rel="noopener noreferrer" className="prose-link">{new URL(provider.key_url).host}</a>.</p> : null}
      </form>
    </Dialog>
  );
}
