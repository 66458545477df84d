'use client';
import { useQuery } from '@tanstack/react-query';
import { Link2, SquareArrowOutUpRight } from 'lucide-react';
import { useParams } from 'next/navigation';
import type { ComponentProps } from 'react';
import { runQuery } from '../../lib/queries';
import { Menu, MenuItem } from '../ui/menu';
import type { MenuOf } from '../ui/menu-button';
import { notify } from '../ui/toast';

/** The address of what is on the screen: tab, chosen span and moment of the replay are part of it. */
async function share(): Promise<void> {
  try {
    await navigator.clipboard.writeText(window.location.href);
    notify('Link copied', 'done', 'It opens this view. Whoever opens it needs to be signed in and allowed to see the run.');
  } catch {
    notify('The link could not be copied', 'problem', 'Copy it from the address line.');
  }
}

export function MoreMenu({ trigger }: ComponentProps<MenuOf>) {
  const { id } = useParams<{ id: string }>();
  const temporal = useQuery(runQuery(id)).data?.temporal_web_url;
  return (
    <Menu trigger={trigger} defaultOpen>
      <MenuItem onClick={() => void share()}><Link2 aria-hidden className="size-4 text-muted" />Copy link to this view</MenuItem>
      {temporal ? <MenuItem render={<a href={temporal} target="_blank" rel="noopener noreferrer" aria-label="Temporal Web (new window)" />}><SquareArrowOutUpRight aria-hidden className="size-4 text-muted" />Temporal Web</MenuItem> : null}
    </Menu>
  );
}
