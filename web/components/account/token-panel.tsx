'use client';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useMakeToken, useRevokeToken, tokensQuery } from '../../lib/account-queries';
import { formProblem, NO_PROBLEM } from '../../lib/field-errors';
import { formatDay } from '../../lib/format';
import { useSession } from '../../lib/queries';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button } from '../ui/button';
import { CopyButton } from '../ui/copy-button';
import { Dialog } from '../ui/dialog';
import { Field } from '../ui/field';
import { RelativeTime } from '../ui/relative-time';
import { Select } from '../ui/select';
import { Loading, Skeleton } from '../ui/skeleton';
import { notify } from '../ui/toast';

const DAYS = [{ value: '7', label: '7 days' }, { value: '30', label: '30 days' }, { value: '90', label: '90 days' }, { value: '365', label: 'a year' }];
const SCOPES = [{ value: 'all', label: 'all that I may' }, { value: 'read', label: 'only read' }, { value: 'run', label: 'read, validate and test' }];
const READ = ['workflow:read', 'run:read', 'artifact:read', 'usage:read'] as const;
const RUN = [...READ, 'workflow:run:validate', 'workflow:run:test', 'run:cancel'] as const;

/** Keys for scripts and the command line: made once, shown once, revoked at once. */
export function TokenPanel() {
  const tokens = useQuery(tokensQuery);
  const revoke = useRevokeToken();
  const [asked, setAsked] = useState<{ id: string; name: string } | null>(null);
  const end = async (id: string): Promise<void> => {
    setAsked(null);
    try {
      await revoke.mutateAsync(id);
      notify('Token revoked');
    } catch {
      notify('The token could not be revoked', 'problem', 'It still works; try again.');
    }
  };
  return (
    <>
      <NewToken />
      {tokens.error && !tokens.data ? <ProblemPanel error={tokens.error} onRetry={() => void tokens.refetch()} /> : null}
      {tokens.isPending ? <Loading label="Loading tokens" className="mt-4"><Skeleton className="h-10" /></Loading> : null}
      {tokens.data?.length === 0 ? <p className="mt-4 text-muted">None yet. The command line makes its own when you sign in with it.</p> : null}
      <ul className="mt-4 divide-y">
        {tokens.data?.map((token) => (
          <li key={token.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
            <span className="font-medium">{token.name} <span className="font-mono text-xs font-normal text-faint">{token.public_id}</span></span>
            <span className="text-sm text-muted">{token.scopes.length === 0 ? 'all rights' : `${token.scopes.length} rights`}{token.expires_at ? `, until ${formatDay(token.expires_at)}` : ''}{token.last_used_at ? <>, used <RelativeTime iso={token.last_used_at} /></> : ', never used'}</span>
            <Button size="sm" variant="quiet" className="ml-auto" disabled={revoke.isPending} onClick={() => setAsked(token)}>Revoke<span className="sr-only"> {token.name}</span></Button>
          </li>
        ))}
      </ul>
      <Dialog open={asked !== null} onOpenChange={(next) => { if (!next) setAsked(null); }} title={`Revoke ${asked?.name ?? ''}?`} description="What uses it is refused from then on. It cannot be taken back; make a new one instead." footer={<><Button onClick={() => setAsked(null)}>Keep it</Button><Button variant="danger" onClick={() => { if (asked) void end(asked.id); }}>Revoke</Button></>} />
    </>
  );
}

function NewToken() {
  const { data: session } = useSession();
  const make = useMakeToken();
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const [rights, setRights] = useState('all');
  const [problem, setProblem] = useState(NO_PROBLEM);
  const [made, setMade] = useState<{ name: string; token: string } | null>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setProblem(NO_PROBLEM);
    const wanted = rights === 'all' ? null : (rights === 'read' ? READ : RUN).filter((scope) => session?.permissions.includes(scope));
    try {
      setMade(await make.mutateAsync({ name: name.trim(), expires_in_days: Number(days), ...(wanted ? { scopes: [...wanted] } : {}) }));
      setName('');
    } catch (error) {
      setProblem(formProblem(error));
    }
  };
  return (
    <>
      <form onSubmit={(event) => void submit(event)} className="grid gap-3 sm:grid-cols-[1fr_12rem_8rem_auto] sm:items-start" noValidate>
        <Field label="Name" placeholder="laptop, CI" autoComplete="off" maxLength={100} value={name} onChange={(event) => setName(event.target.value)} error={problem.fields['name'] ?? problem.whole} />
        <div><span id="token-rights" className="block font-medium">May</span><Select className="mt-1.5" aria-labelledby="token-rights" value={rights} onValueChange={setRights} options={SCOPES} /></div>
        <div><span id="token-days" className="block font-medium">For</span><Select className="mt-1.5" aria-labelledby="token-days" value={days} onValueChange={setDays} options={DAYS} /></div>
        <Button type="submit" className="sm:mt-[1.625rem]" disabled={make.isPending || name.trim() === ''}>Make</Button>
      </form>
      {made ? <p role="status" className="mt-3 border border-l-4 border-l-accent bg-surface p-3"><span className="font-medium">{made.name}: shown only now.</span> <span className="font-mono text-sm break-all">{made.token}</span> <CopyButton text={made.token} label="token" /></p> : null}
    </>
  );
}
