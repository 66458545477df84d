'use client';
import { useQueryClient } from '@tanstack/react-query';
import { LogOut, UserRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { api } from '../../lib/api-client';
import { useSession } from '../../lib/queries';
import { buttonStyles } from '../ui/button';
import { Menu, MenuItem, MenuSeparator } from '../ui/menu';
import { notify } from '../ui/toast';

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
      <MenuItem onClick={() => void signOut()}><LogOut aria-hidden className="size-4 text-muted" />Sign out</MenuItem>
    </Menu>
  );
}
