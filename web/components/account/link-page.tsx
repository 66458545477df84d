'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useEffect, useState, useSyncExternalStore, type FormEvent } from 'react';
import { linkPreviewQuery, useAcceptInvitation, useResetPassword } from '../../lib/account-queries';
import { formProblem, NO_PROBLEM } from '../../lib/field-errors';
import { sessionQuery } from '../../lib/queries';
import { Button, ButtonLink } from '../ui/button';
import { Field } from '../ui/field';
import { Loading, Skeleton } from '../ui/skeleton';

type Kind = 'invitation' | 'password_reset';
const hashNow = (): string => window.location.hash.slice(1);
function onHashChange(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
}

/** Reads the token from behind the # and cleans the address before anything is sent. */
export function LinkPage({ kind }: { kind: Kind }) {
  const hash = useSyncExternalStore(onHashChange, hashNow, () => null);
  const [kept, setKept] = useState<string | null>(null);
  if (hash && hash !== kept) setKept(hash);
  const token = kept ?? hash;
  useEffect(() => {
    if (kept) window.history.replaceState(null, '', window.location.pathname);
  }, [kept]);
  return (
    <div className="mx-auto max-w-xl pt-4 sm:pt-12">
      {token === null ? <Heading kind={kind} /> : token === '' ? <Over /> : <Link token={token} kind={kind} />}
    </div>
  );
}

function Heading({ kind }: { kind: Kind }) {
  return <h1 className="page-title">{kind === 'invitation' ? 'Welcome: make your account' : 'Choose a new password'}</h1>;
}

function Over() {
  return <><h1 className="page-title">This link does not work</h1><p role="alert" className="mt-2 text-muted">It is unknown, has expired or was used before. Ask an administrator for a new one.</p><ButtonLink className="mt-5" href="/sign-in">To the sign-in page</ButtonLink></>;
}

function Link({ token, kind }: { token: string; kind: Kind }) {
  const preview = useQuery(linkPreviewQuery(token));
  const client = useQueryClient();
  const router = useRouter();
  const [name, setName] = useState<string | null>(null);
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState(NO_PROBLEM);
  const accept = useAcceptInvitation();
  const reset = useResetPassword();
  if (preview.isPending) return <><Heading kind={kind} /><Loading label="Checking the link" className="mt-6"><Skeleton className="h-40" /></Loading></>;
  if (!preview.data || preview.data.kind !== kind) return <Over />;
  const shownName = name ?? preview.data.name ?? '';
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setProblem(NO_PROBLEM);
    try {
      if (kind === 'invitation') await accept.mutateAsync({ token, name: shownName, password });
      else await reset.mutateAsync({ token, password });
      await client.resetQueries({ queryKey: sessionQuery.queryKey });
      router.replace(kind === 'invitation' ? '/' : '/sign-in?changed=1');
    } catch (error) {
      setProblem(formProblem(error));
    }
  };
  return (
    <>
    <Heading kind={kind} />
    <form onSubmit={(event) => void submit(event)} className="mt-6 grid gap-4 border bg-surface p-5" noValidate>
      <p className="text-muted">{kind === 'invitation' ? 'You sign in as' : 'For the account'} <span className="font-medium text-ink">{preview.data.email}</span>.{kind === 'password_reset' ? ' All its sessions and API tokens end.' : ''}</p>
      <input type="hidden" name="username" autoComplete="username" value={preview.data.email} readOnly />
      {kind === 'invitation' ? <Field label="Your name" autoComplete="name" value={shownName} onChange={(event) => setName(event.target.value)} error={problem.fields['name']} /> : null}
      <Field label="Password" type="password" autoComplete="new-password" hint="At least 12 characters. A few words in a row make a good one." value={password} onChange={(event) => setPassword(event.target.value)} error={problem.fields['password']} />
      {problem.whole ? <p role="alert" className="text-failed">{problem.whole}</p> : null}
      <div><Button type="submit" variant="primary" disabled={accept.isPending || reset.isPending}>{kind === 'invitation' ? 'Make the account' : 'Set the password'}</Button></div>
    </form>
    </>
  );
}
