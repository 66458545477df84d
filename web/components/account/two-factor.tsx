'use client';
import { useState, type FormEvent } from 'react';
import type { TwoFactorSetupWire } from '#contracts/api/accounts.schema';
import { useConfirmTwoFactor, useDisableTwoFactor, useStartTwoFactor } from '../../lib/account-queries';
import { formProblem, NO_PROBLEM } from '../../lib/field-errors';
import { Button } from '../ui/button';
import { CopyButton } from '../ui/copy-button';
import { Field } from '../ui/field';
import { notify } from '../ui/toast';

/** On: password, secret into the app, first code. Off: the password. */
export function TwoFactor({ on }: { on: boolean }) {
  const [setup, setSetup] = useState<TwoFactorSetupWire | null>(null);
  const [value, setValue] = useState('');
  const [problem, setProblem] = useState(NO_PROBLEM);
  const start = useStartTwoFactor();
  const confirm = useConfirmTwoFactor();
  const disable = useDisableTwoFactor();
  const act = async (): Promise<void> => {
    if (on) { await disable.mutateAsync(value); notify('The second factor is off'); }
    else if (setup) { await confirm.mutateAsync(value.replaceAll(/\s/g, '')); setSetup(null); notify('The second factor is on', 'done', 'You will be asked for a code when you sign in.'); }
    else setSetup(await start.mutateAsync(value));
    setValue('');
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setProblem(NO_PROBLEM);
    await act().catch((error: unknown) => setProblem(formProblem(error)));
  };
  const wanted = setup ? { label: 'Code of the app', error: problem.fields['code'], autoComplete: 'one-time-code', inputMode: 'numeric' as const } : { label: 'Your password', error: problem.fields['password'], autoComplete: 'current-password', type: 'password' };
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4" noValidate>
      <p className="text-muted">{on ? 'Signing in asks for a code of your authenticator app.' : 'A code of an authenticator app, asked for after the password: a stolen password alone opens nothing.'}</p>
      {setup ? <Setup setup={setup} /> : null}
      <Field key={wanted.label} {...wanted} value={value} onChange={(event) => setValue(event.target.value)} />
      {problem.whole ? <p role="alert" className="text-failed">{problem.whole}</p> : null}
      <div><Button type="submit" variant={on ? 'danger' : 'secondary'} disabled={value === '' || start.isPending || confirm.isPending || disable.isPending}>{on ? 'Switch it off' : setup ? 'Confirm and switch on' : 'Switch it on'}</Button></div>
    </form>
  );
}

function Setup({ setup }: { setup: TwoFactorSetupWire }) {
  return (
    <div className="grid gap-3 border bg-sunken p-4">
      <p>Add an entry in your app with this secret (or open <a className="prose-link" href={setup.uri}>this link</a> on the phone that has it):</p>
      <p className="flex flex-wrap items-center gap-2 font-mono break-all">{setup.secret}<CopyButton text={setup.secret} label="secret" /></p>
      <p>Keep these backup codes where you keep other important papers. Each works once, and they are shown only now: <CopyButton text={setup.backup_codes.join('\n')} label="backup codes" /></p>
      <ul className="grid grid-cols-2 gap-1 font-mono text-sm">{setup.backup_codes.map((code) => <li key={code}>{code}</li>)}</ul>
    </div>
  );
}
