'use client';
import { useQueryClient } from '@tanstack/react-query';
import { Activity, Coins, Keyboard, KeyRound, LogOut, ScrollText, ShieldCheck, UserRound, UsersRound, Workflow } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { api } from '../../lib/api-client';
import { pagesFor } from '../../lib/pages';
import { useSession } from '../../lib/queries';
import { buttonStyles } from '../ui/button';
import { Menu, MenuItem, MenuSeparator } from '../ui/menu';
import { notify } from '../ui/toast';
import { openKeys } from './keyboard';

const ICONS: Record<string, LucideIcon> = { '/account': KeyRound, '/my-workflows': Workflow, '/usage': Coins, '/users': UsersRound, '/policy': ShieldCheck, '/operations': Activity, '/audit': ScrollText };

export function UserMenu() {
  const { data: session } = useSession();
  const client = useQueryClient();
  const router = useRouter();
  if (!session) return null;
  const signOut = async (): Promise<void> => {
    try {
      await api<void>('/api/v1/session', { method: 'DELETE' });
      client.clear();
      router.push('/sign-in?out=1');
    } catch {
      notify('Could not sign out', 'problem', 'The API did not answer; you are still signed in.');
    }
  };
  return (
    <Menu trigger={<button type="button" aria-label={`Account: ${session.user.name}`} className={buttonStyles({ variant: 'quiet', size: 'icon' })}><UserRound aria-hidden className="size-4" /></button>}>
      <div className="px-3 py-2"><p className="font-medium">{session.user.name}</p><p className="text-sm text-muted">{session.user.email} · {session.user.role}</p></div>
      <MenuSeparator />
      {pagesFor(session.permissions, 'account').map(({ href, label }) => { const Icon = ICONS[href] ?? UserRound; return <MenuItem key={href} onClick={() => router.push(href)}><Icon aria-hidden className="size-4 text-muted" />{label}</MenuItem>; })}
      <MenuItem onClick={() => openKeys()}><Keyboard aria-hidden className="size-4 text-muted" />Keys of the keyboard</MenuItem>
      <MenuSeparator />
      <MenuItem onClick={() => void signOut()}><LogOut aria-hidden className="size-4 text-muted" />Sign out</MenuItem>
    </Menu>
  );
}
