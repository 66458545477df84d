'use client';
import { useState, type FormEvent } from 'react';
import type { AccountWire } from '#contracts/api/accounts.schema';
import { useChangePassword, useSetCredentials } from '../../lib/account-queries';
import { formProblem, NO_PROBLEM } from '../../lib/field-errors';
import { Button } from '../ui/button';
import { Field } from '../ui/field';
import { notify } from '../ui/toast';

const HINT = 'At least 12 characters. A few words in a row make a good one.';

/** For who came by the one-time link: everything they made stays theirs. */
export function CredentialsForm({ account }: { account: AccountWire }) {
  const [values, setValues] = useState({ name: account.name, email: account.email.endsWith('@localhost') ? '' : account.email, password: '' });
  const [problem, setProblem] = useState(NO_PROBLEM);
  const write = useSetCredentials();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setProblem(NO_PROBLEM);
    try {
      await write.mutateAsync(values);
      await write.done();
      notify('From now on you can sign in with your e-mail address');
    } catch (error) {
      setProblem(formProblem(error));
    }
  };
  const set = (key: keyof typeof values) => (event: { target: { value: string } }) => setValues({ ...values, [key]: event.target.value });
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4" noValidate>
      <p className="text-muted">You came in by a one-time link. With an address and a password you can sign in from anywhere; your runs, keys and files stay as they are.</p>
      <Field label="Name" autoComplete="name" value={values.name} onChange={set('name')} error={problem.fields['name']} />
      <Field label="E-mail" type="email" autoComplete="username" value={values.email} onChange={set('email')} error={problem.fields['email']} />
      <Field label="Password" type="password" autoComplete="new-password" hint={HINT} value={values.password} onChange={set('password')} error={problem.fields['password']} />
      {problem.whole ? <p role="alert" className="text-failed">{problem.whole}</p> : null}
      <div><Button type="submit" variant="primary" disabled={write.isPending}>Save</Button></div>
    </form>
  );
}

export function PasswordForm() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [problem, setProblem] = useState(NO_PROBLEM);
  const change = useChangePassword();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setProblem(NO_PROBLEM);
    try {
      await change.mutateAsync({ current_password: current, new_password: next });
      setCurrent('');
      setNext('');
      notify('Password changed', 'done', 'Your other sessions and your API tokens have ended.');
    } catch (error) {
      setProblem(formProblem(error));
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4" noValidate>
      <Field label="Current password" type="password" autoComplete="current-password" value={current} onChange={(event) => setCurrent(event.target.value)} error={problem.fields['current_password']} />
      <Field label="New password" type="password" autoComplete="new-password" hint={`${HINT} A new password ends your other sessions and all API tokens.`} value={next} onChange={(event) => setNext(event.target.value)} error={problem.fields['new_password']} />
      {problem.whole ? <p role="alert" className="text-failed">{problem.whole}</p> : null}
      <div><Button type="submit" disabled={change.isPending || current === '' || next === ''}>Change password</Button></div>
    </form>
  );
}
