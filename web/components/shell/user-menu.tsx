'use client';
import { useQueryClient } from '@tanstack/react-query';
import { Coins, KeyRound, LogOut, ScrollText, ShieldCheck, UserRound, UsersRound, Workflow } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useRouter } from 'next/navigation';
import type { Permission } from '#contracts/permissions';
import { api } from '../../lib/api-client';
import { useSession } from '../../lib/queries';
import { buttonStyles } from '../ui/button';
import { Menu, MenuItem, MenuSeparator } from '../ui/menu';
import { notify } from '../ui/toast';

/** What is not offered is refused by the API as well. */
const PAGES: readonly { href: string; label: string; icon: LucideIcon; needs?: Permission }[] = [
  { href: '/account', label: 'Account', icon: KeyRound },
  { href: '/my-workflows', label: 'My workflows', icon: Workflow, needs: 'workflow:write' },
  { href: '/usage', label: 'Usage and budgets', icon: Coins, needs: 'usage:read' },
  { href: '/users', label: 'Users', icon: UsersRound, needs: 'users:manage' },
  { href: '/policy', label: 'Run policy', icon: ShieldCheck, needs: 'settings:manage' },
  { href: '/audit', label: 'Audit log', icon: ScrollText, needs: 'audit:read' },
];

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
      {PAGES.filter(({ needs }) => !needs || session.permissions.includes(needs)).map(({ href, label, icon: Icon }) => <MenuItem key={href} onClick={() => router.push(href)}><Icon aria-hidden className="size-4 text-muted" />{label}</MenuItem>)}
      <MenuSeparator />
      <MenuItem onClick={() => void signOut()}><LogOut aria-hidden className="size-4 text-muted" />Sign out</MenuItem>
    </Menu>
  );
}
