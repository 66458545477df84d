'use client';
import { Ellipsis } from 'lucide-react';
import { MenuButton, type MenuOf } from '../ui/menu-button';

const menu = async (): Promise<MenuOf> => (await import('./more-menu')).MoreMenu;

/** What is wanted now and then: the link of this view, and the engine's own page of the run. */
export function MoreButton() {
  return <span><MenuButton label="More to do with this run" icon={<Ellipsis aria-hidden className="size-4" />} load={menu} /></span>;
}
