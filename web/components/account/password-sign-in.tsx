'use client';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { signInMethodsQuery, useForgotPassword, useOidcStart, useSecondFactor, useSignIn } from '../../lib/account-queries';
import { formProblem, NO_PROBLEM } from '../../lib/field-errors';
import { Button } from '../ui/button';
import { Field } from '../ui/field';

/** E-mail and password, then the second factor where the account has one; other services below. */
export function PasswordSignIn({ onDone }: { onDone: () => Promise<void> }) {
  const [step, setStep] = useState<'password' | 'code' | 'backup'>('password');
  return (
    <section className="mt-6 border bg-surface p-5" aria-label="Sign in with an account">
      {step === 'password' ? <PasswordForm onDone={onDone} onSecondFactor={() => setStep('code')} /> : <CodeForm backup={step === 'backup'} onDone={onDone} onSwitch={() => setStep(step === 'code' ? 'backup' : 'code')} />}
      {step === 'password' ? <OtherServices /> : null}
    </section>
  );
}

function PasswordForm({ onDone, onSecondFactor }: { onDone: () => Promise<void>; onSecondFactor: () => void }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState(NO_PROBLEM);
  const [said, setSaid] = useState<string | null>(null);
  const signIn = useSignIn();
  const forgot = useForgotPassword();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setProblem(NO_PROBLEM);
    try {
      const answer = await signIn.mutateAsync({ email: email.trim(), password });
      setPassword('');
      if ('two_factor_required' in answer) onSecondFactor();
      else await onDone();
    } catch (error) {
      setProblem(formProblem(error));
    }
  };
  const ask = async (): Promise<void> => {
    setProblem(NO_PROBLEM);
    try {
      setSaid((await forgot.mutateAsync(email.trim())).message);
    } catch (error) {
      setProblem(formProblem(error));
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4" noValidate>
      <Field label="E-mail" type="email" autoComplete="username" value={email} onChange={(event) => setEmail(event.target.value)} error={problem.fields['email']} />
      <Field label="Password" type="password" autoComplete="current-password" value={password} onChange={(event) => setPassword(event.target.value)} error={problem.fields['password']} />
      {problem.whole ? <p role="alert" className="text-failed">{problem.whole}</p> : null}
      {said ? <p role="status" className="text-muted">{said}</p> : null}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" disabled={signIn.isPending || email === '' || password === ''}>{signIn.isPending ? 'Signing in…' : 'Sign in'}</Button>
        <Button variant="quiet" disabled={forgot.isPending || email === ''} onClick={() => void ask()}>I forgot my password</Button>
      </div>
    </form>
  );
}

function CodeForm({ backup, onDone, onSwitch }: { backup: boolean; onDone: () => Promise<void>; onSwitch: () => void }) {
  const [code, setCode] = useState('');
  const [problem, setProblem] = useState(NO_PROBLEM);
  const verify = useSecondFactor();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setProblem(NO_PROBLEM);
    try {
      await verify.mutateAsync(backup ? { backup_code: code.trim() } : { code: code.replaceAll(/\s/g, '') });
      await onDone();
    } catch (error) {
      setProblem(formProblem(error));
    }
  };
  const words = problem.fields['code'] ?? problem.fields['backup_code'] ?? problem.whole;
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4" noValidate>
      <Field key={backup ? 'backup' : 'code'} label={backup ? 'Backup code' : 'Code of your authenticator app'} hint={backup ? 'Each works once.' : 'Six digits, new every 30 seconds.'} inputMode={backup ? 'text' : 'numeric'} autoComplete="one-time-code" className="mt-1.5 font-mono" value={code} onChange={(event) => setCode(event.target.value)} error={words} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" disabled={verify.isPending || code === ''}>Go on</Button>
        <Button variant="quiet" onClick={() => { setCode(''); onSwitch(); }}>{backup ? 'Use the app instead' : 'Use a backup code'}</Button>
      </div>
    </form>
  );
}

function OtherServices() {
  const { data } = useQuery(signInMethodsQuery);
  const start = useOidcStart();
  const [problem, setProblem] = useState<string | null>(null);
  if (!data || data.oidc.length === 0) return null;
  const go = async (id: string): Promise<void> => {
    try {
      window.location.assign((await start.mutateAsync(id)).url);
    } catch (error) {
      setProblem(formProblem(error).whole);
    }
  };
  return (
    <div className="mt-5 flex flex-wrap items-center gap-2 border-t pt-4">
      {data.oidc.map(({ id, name }) => <Button key={id} disabled={start.isPending} onClick={() => void go(id)}>Sign in with {name}</Button>)}
      {problem ? <p role="alert" className="w-full text-failed">{problem}</p> : null}
    </div>
  );
}
