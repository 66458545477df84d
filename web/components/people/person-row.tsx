'use client';
import { useState } from 'react';
import type { MadeLinkWire, UserWire } from '#contracts/api/accounts.schema';
import { useChangeUser, useErasePerson, useMakeResetLink, useRemoveSecondFactor, useSignOutUser } from '../../lib/account-queries';
import { formProblem } from '../../lib/field-errors';
import { useSession } from '../../lib/queries';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Input } from '../ui/input';
import { RelativeTime } from '../ui/relative-time';
import { Select } from '../ui/select';
import { notify } from '../ui/toast';

const ROLES = [{ value: 'student', label: 'Student' }, { value: 'researcher', label: 'Researcher' }, { value: 'admin', label: 'Administrator' }];

/** One person: role, state, and what an administrator can do for them. */
export function PersonRow({ user, onLink }: { user: UserWire; onLink: (link: MadeLinkWire) => void }) {
  const { data: session } = useSession();
  const change = useChangeUser();
  const signOut = useSignOutUser();
  const makeLink = useMakeResetLink();
  const erase = useErasePerson();
  const removeFactor = useRemoveSecondFactor();
  const [erasing, setErasing] = useState(false);
  const [removing, setRemoving] = useState(false);
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const self = session?.user.id === user.id;
  const attempt = (what: Promise<unknown>, done?: string): void => {
    setProblem(null);
    const run = async (): Promise<void> => {
      try {
        await what;
        if (done) notify(done);
      } catch (error) {
        const { whole, fields } = formProblem(error);
        setProblem(whole ?? Object.values(fields)[0] ?? null);
      }
    };
    void run();
  };
  return (
    <li className="grid gap-x-4 gap-y-2 py-3 lg:grid-cols-[1fr_11rem_auto] lg:items-center" data-user={user.email}>
      <div>
        <p className="font-medium break-words">{user.name}{self ? <span className="ml-2 text-sm text-muted">you</span> : null}{user.is_active ? null : <span className="ml-2 text-sm text-failed">switched off</span>}</p>
        <p className="text-sm break-words text-muted">{user.email} · {user.has_password ? 'password' : 'no password'}{user.two_factor ? ' and second factor' : ''} · {user.sessions} {user.sessions === 1 ? 'session' : 'sessions'}{user.last_seen_at ? <>, seen <RelativeTime iso={user.last_seen_at} /></> : null}</p>
        {problem ? <p role="alert" className="text-sm text-failed">{problem}</p> : null}
      </div>
      <Select aria-label={`Role of ${user.name}`} value={user.role} disabled={change.isPending} onValueChange={(role) => attempt(change.mutateAsync({ id: user.id, role }), `${user.name} is ${role} now`)} options={ROLES} />
      <div className="flex flex-wrap gap-2">
        <Button size="sm" disabled={makeLink.isPending} onClick={() => attempt(makeLink.mutateAsync(user.id).then(onLink))}>New password link<span className="sr-only"> for {user.name}</span></Button>
        {self ? null : <Button size="sm" disabled={signOut.isPending} onClick={() => attempt(signOut.mutateAsync(user.id), `All sessions and tokens of ${user.name} have ended`)}>Sign out<span className="sr-only"> {user.name} everywhere</span></Button>}
        {self || !user.two_factor ? null : <Button size="sm" onClick={() => setRemoving(true)}>Second factor off<span className="sr-only"> for {user.name}</span></Button>}
        {self ? null : <Button size="sm" variant={user.is_active ? 'danger' : 'secondary'} disabled={change.isPending} onClick={() => attempt(change.mutateAsync({ id: user.id, is_active: !user.is_active }))}>{user.is_active ? 'Switch off' : 'Switch on'}<span className="sr-only"> {user.name}</span></Button>}
        {self || user.is_active ? null : <Button size="sm" variant="danger" onClick={() => setErasing(true)}>Erase<span className="sr-only"> {user.name}</span></Button>}
      </div>
      <Dialog
        open={removing} onOpenChange={setRemoving} title={`Take the second factor of ${user.name} off?`}
        description="For somebody who lost app and backup codes: make sure that it is really them who ask. Their password alone signs in afterwards, and all their sessions and tokens end."
        footer={<><Button onClick={() => setRemoving(false)}>Keep</Button><Button variant="danger" disabled={removeFactor.isPending} onClick={() => { setRemoving(false); attempt(removeFactor.mutateAsync(user.id), `${user.name} signs in by the password alone now`); }}>Take it off</Button></>}
      />
      <Dialog
        open={erasing} onOpenChange={setErasing} title={`Erase ${user.name}?`}
        description="Runs, files, uploads, keys, tokens and the account go for good. The audit log keeps its rows and knows the person by a number alone."
        footer={<><Button onClick={() => setErasing(false)}>Keep</Button><Button variant="danger" disabled={typed.trim() !== user.email || erase.isPending} onClick={() => { setErasing(false); attempt(erase.mutateAsync(user.id), `${user.name} is erased`); }}>Erase for good</Button></>}
      >
        <label className="mt-4 block text-sm">Type {user.email} to confirm<Input className="mt-1.5" autoComplete="off" value={typed} onChange={(event) => setTyped(event.target.value)} /></label>
      </Dialog>
    </li>
  );
}
