'use client';
import { useTheme } from 'next-themes';
import { useSyncExternalStore } from 'react';
import { THEMES } from '../../lib/themes';
import { MenuButton, type MenuOf } from '../ui/menu-button';

const never = (): (() => void) => () => {};
const menu = async (): Promise<MenuOf> => (await import('./theme-menu')).ThemeMenu;

export function ThemeToggle() {
  const { theme } = useTheme();
  // The stored choice is known in the browser only; the server draws the system's icon.
  const inBrowser = useSyncExternalStore(never, () => true, () => false);
  const current = THEMES.find(({ key }) => inBrowser && key === theme) ?? THEMES[2];
  return <MenuButton label={`Theme: ${current.label}`} icon={<current.Icon aria-hidden className="size-4" />} load={menu} />;
}
