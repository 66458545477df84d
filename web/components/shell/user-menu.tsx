'use client';
import { useQueryClient } from '@tanstack/react-query';
import { Activity, Coins, Keyboard, KeyRound, LogOut, ScrollText, ShieldCheck, UserRound, UsersRound, Webhook, Workflow } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useRouter } from 'next/navigation';
import type { ComponentProps } from 'react';
import { api } from '../../lib/api-client';
import { clearDrafts } from '../../lib/draft';
import { openKeys } from '../../lib/open-event';
import { pagesFor } from '../../lib/pages';
import { useSession } from '../../lib/queries';
import { Menu, MenuItem, MenuSeparator } from '../ui/menu';
import type { MenuOf } from '../ui/menu-button';
import { notify } from '../ui/toast';

const ICONS: Record<string, LucideIcon> = { '/account': KeyRound, '/webhooks': Webhook, '/my-workflows': Workflow, '/usage': Coins, '/users': UsersRound, '/policy': ShieldCheck, '/operations': Activity, '/audit': ScrollText };

/** Who is signed in, the pages that are not in the header, and the way out. */
export function UserMenu({ trigger }: ComponentProps<MenuOf>) {
  const { data: session } = useSession();
  const client = useQueryClient();
  const router = useRouter();
  if (!session) return null;
  const signOut = async (): Promise<void> => {
    try {
      await api<void>('/api/v1/session', { method: 'DELETE' });
      clearDrafts(session.user.id, window.localStorage);
      client.clear();
      router.push('/sign-in?out=1');
    } catch {
      notify('Could not sign out', 'problem', 'The API did not answer; you are still signed in.');
    }
  };
  return (
    <Menu trigger={trigger} defaultOpen>
      <div className="px-3 py-2"><p className="font-medium">{session.user.name}</p><p className="text-sm text-muted">{session.user.email} · {session.user.role}</p></div>
      <MenuSeparator />
      {pagesFor(session.permissions, 'account').map(({ href, label }) => { const Icon = ICONS[href] ?? UserRound; return <MenuItem key={href} onClick={() => router.push(href)}><Icon aria-hidden className="size-4 text-muted" />{label}</MenuItem>; })}
      <MenuItem onClick={() => openKeys()}><Keyboard aria-hidden className="size-4 text-muted" />Keyboard shortcuts</MenuItem>
      <MenuSeparator />
      <MenuItem onClick={() => void signOut()}><LogOut aria-hidden className="size-4 text-muted" />Sign out</MenuItem>
    </Menu>
  );
}
