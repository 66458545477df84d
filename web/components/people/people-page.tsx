'use client';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { MadeLinkWire } from '#contracts/api/accounts.schema';
import { ROLES } from '#contracts/permissions';
import { invitationsQuery, useInvite, usersQuery, useWithdraw } from '../../lib/account-queries';
import { formProblem, NO_PROBLEM } from '../../lib/field-errors';
import { formatAbsolute } from '../../lib/format';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button } from '../ui/button';
import { CopyButton } from '../ui/copy-button';
import { Field } from '../ui/field';
import { Panel } from '../ui/panel';
import { RelativeTime } from '../ui/relative-time';
import { Select } from '../ui/select';
import { Loading, Skeleton } from '../ui/skeleton';
import { PersonRow } from './person-row';

const ROLE_WORDS = { student: 'Student: Validate and Test', researcher: 'Researcher: also Full', admin: 'Administrator: everything' } as const;
export const ROLE_OPTIONS = ROLES.map((role) => ({ value: role, label: ROLE_WORDS[role] }));

/** Who has an account, who is invited, and who may do what. */
export function PeoplePage() {
  const users = useQuery(usersQuery);
  const [link, setLink] = useState<MadeLinkWire | null>(null);
  return (
    <div>
      <h1 className="page-title">Users</h1>
      <p className="mt-1 max-w-prose text-md text-muted">A role holds at once, also for runs under way: who loses the right to Full gets no further Full step.</p>
      {link ? <MadeLink link={link} /> : null}
      <div className="mt-6 grid gap-6">
        {users.isPending ? <Loading label="Loading users"><Skeleton className="h-40" /></Loading> : null}
        {users.error && !users.data ? <ProblemPanel error={users.error} onRetry={() => void users.refetch()} /> : null}
        {users.data ? <Panel title="Accounts" aside={`${users.data.length}`}><ul className="divide-y">{users.data.map((user) => <PersonRow key={user.id} user={user} onLink={setLink} />)}</ul></Panel> : null}
        {users.data ? <Invitations onLink={setLink} /> : null}
      </div>
    </div>
  );
}

function MadeLink({ link }: { link: MadeLinkWire }) {
  return (
    <section role="status" className="mt-4 border border-l-4 border-l-accent bg-surface p-4">
      <p className="font-medium">{link.mailed ? `A link was mailed to ${link.email}.` : `Hand this link to ${link.email}. It works once and is shown only now.`}</p>
      {link.url ? <p className="mt-2 flex flex-wrap items-center gap-2 font-mono text-sm break-all">{link.url}<CopyButton text={link.url} label="link" /></p> : null}
    </section>
  );
}

function Invitations({ onLink }: { onLink: (link: MadeLinkWire) => void }) {
  const invitations = useQuery(invitationsQuery);
  const invite = useInvite();
  const withdraw = useWithdraw();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState('student');
  const [problem, setProblem] = useState(NO_PROBLEM);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setProblem(NO_PROBLEM);
    try {
      onLink(await invite.mutateAsync({ email: email.trim(), role }));
      setEmail('');
    } catch (error) {
      setProblem(formProblem(error));
    }
  };
  return (
    <Panel title="Invitations">
      <form onSubmit={(event) => void submit(event)} className="grid gap-3 sm:grid-cols-[1fr_16rem_auto] sm:items-start" noValidate>
        <Field label="E-mail" type="email" autoComplete="off" value={email} onChange={(event) => setEmail(event.target.value)} error={problem.fields['email'] ?? problem.whole} />
        <div><span id="invite-role" className="block font-medium">Role</span><Select className="mt-1.5" aria-labelledby="invite-role" value={role} onValueChange={setRole} options={ROLE_OPTIONS} /></div>
        <Button type="submit" variant="primary" className="sm:mt-[1.625rem]" disabled={invite.isPending || email === ''}>Invite</Button>
      </form>
      <ul className="mt-4 divide-y">
        {invitations.data?.map((row) => (
          <li key={row.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
            <span className="font-medium break-all">{row.email}</span>
            <span className="text-sm text-muted">{row.role} · {row.state}{row.state === 'open' ? <>, until {formatAbsolute(row.expires_at)}</> : <> · made <RelativeTime iso={row.created_at} /></>}</span>
            {row.state === 'accepted' ? null : <Button size="sm" variant="quiet" className="ml-auto" disabled={withdraw.isPending} onClick={() => withdraw.mutate(row.id)}>Withdraw<span className="sr-only"> the invitation of {row.email}</span></Button>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
