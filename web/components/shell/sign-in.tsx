'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearchParams } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { api, ApiError } from '../../lib/api-client';
import { safeNext } from '../../lib/safe-next';
import { sessionQuery } from '../../lib/queries';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button } from '../ui/button';
import { CopyButton } from '../ui/copy-button';
import { PasswordSignIn } from '../account/password-sign-in';
import { signInMethodsQuery } from '../../lib/account-queries';

type State = { kind: 'idle' } | { kind: 'working' } | { kind: 'spent' } | { kind: 'problem'; error: unknown };

/** @returns what the page has to say, or null when the person is signed in */
async function tryLink(token: string | null): Promise<State | null> {
  try {
    await api('/api/v1/session/sign-in-link', { method: 'POST', body: { token } });
    return null;
  } catch (error) {
    const refused = error instanceof ApiError && error.problem.status > 0 && error.problem.status < 500 && error.problem.status !== 429;
    return refused ? { kind: 'spent' } : { kind: 'problem', error };
  }
}

/** Consumes the one-time link. The token leaves the address bar before anything else happens. */
export function SignIn() {
  const parameters = useSearchParams();
  const router = useRouter();
  const client = useQueryClient();
  const [token] = useState(() => parameters.get('token'));
  const [state, setState] = useState<State>(token ? { kind: 'working' } : { kind: 'idle' });
  // Read once: the address is cleaned before the link is used.
  const [goal] = useState(() => safeNext(parameters.get('next')));
  const sent = useRef(-1);
  const [tries, setTries] = useState(0);

  useEffect(() => {
    if (!token || sent.current === tries) return;
    sent.current = tries;
    window.history.replaceState(null, '', '/sign-in');
    void tryLink(token).then(async (outcome) => {
      if (outcome) return setState(outcome);
      await client.resetQueries({ queryKey: sessionQuery.queryKey });
      return router.replace(goal);
    });
  }, [token, goal, client, router, tries]);

  const { data: methods } = useQuery(signInMethodsQuery);
  const signedIn = async (): Promise<void> => {
    await client.resetQueries({ queryKey: sessionQuery.queryKey });
    router.replace(goal);
  };
  const byLink = methods === undefined || methods.link;
  return (
    <div className="mx-auto max-w-xl pt-4 sm:pt-12">
      {state.kind === 'working' ? <><h1 className="page-title">Signing you in</h1><p role="status" className="mt-2 text-muted">Checking your one-time link…</p></> : null}
      {state.kind === 'problem' ? <><h1 className="page-title mb-4">Your link could not be checked</h1><ProblemPanel error={state.error} onRetry={() => { setState({ kind: 'working' }); setTries(tries + 1); }} kept="The link may well be unused still." /></> : null}
      {state.kind === 'spent' ? <><h1 className="page-title">This link was used, or its time is over</h1><p className="mt-2 text-muted">A sign-in link works once. If you already signed in with it in this browser, just go on; otherwise get a new one.</p></> : null}
      {state.kind === 'idle' ? <><h1 className="page-title">{parameters.get('out') ? 'You are signed out' : 'Please sign in'}</h1><p className="mt-2 text-muted">{words(parameters)}</p></> : null}
      {state.kind === 'idle' || state.kind === 'spent' ? <PasswordSignIn onDone={signedIn} /> : null}
      {(state.kind === 'idle' || state.kind === 'spent') && byLink ? <NewLink goal={goal} spent={state.kind === 'spent'} /> : null}
    </div>
  );
}

function words(parameters: { get(name: string): string | null }): string {
  if (parameters.get('error') === 'oidc') return 'The other service did not vouch for an account here. Use the address that was invited, or ask an administrator.';
  if (parameters.get('changed')) return 'Your password is set. Sign in with it.';
  return parameters.get('out') ? 'Runs that were started go on.' : 'With the account that somebody invited you to, or on your own machine by the one-time link.';
}

function NewLink({ goal, spent }: { goal: string; spent: boolean }) {
  const router = useRouter();
  const client = useQueryClient();
  const goOn = async (): Promise<void> => {
    await client.resetQueries({ queryKey: sessionQuery.queryKey });
    router.push(goal);
  };
  return (
    <section className="mt-6 border bg-surface p-5">
      <h2 className="font-semibold">Without an account: a one-time link</h2>
      <ol className="mt-3 grid gap-3">
        <li className="grid grid-cols-[1.5rem_1fr]"><span className="font-mono text-faint">1</span><span>Go to the terminal where the platform runs. If it does not run, start it in the project folder: <span className="inline-flex items-center gap-1 rounded-sm bg-sunken pl-2 font-mono">npm start<CopyButton text="npm start" label="command" /></span></span></li>
        <li className="grid grid-cols-[1.5rem_1fr]"><span className="font-mono text-faint">2</span><span>Each start prints a fresh sign-in link below the addresses. Open it in this browser.</span></li>
        <li className="grid grid-cols-[1.5rem_1fr]"><span className="font-mono text-faint">3</span><span>On a shared server, ask its administrator for a link.</span></li>
      </ol>
      {spent ? <Button className="mt-5" onClick={() => void goOn()}>Go on, I am already signed in</Button> : null}
    </section>
  );
}
