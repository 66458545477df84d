'use client';
import { UserRound } from 'lucide-react';
import { useSession } from '../../lib/queries';
import { MenuButton, type MenuOf } from '../ui/menu-button';

const menu = async (): Promise<MenuOf> => (await import('./user-menu')).UserMenu;

/** Its place is kept while it is not known who is signed in. */
export function UserButton() {
  const { data: session } = useSession();
  return <span className="size-9">{session ? <MenuButton label={`Account: ${session.user.name}`} icon={<UserRound aria-hidden className="size-4" />} load={menu} /> : null}</span>;
}
