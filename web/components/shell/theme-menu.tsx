'use client';
import { useTheme } from 'next-themes';
import type { ComponentProps } from 'react';
import { THEMES } from '../../lib/themes';
import { Menu, MenuItem } from '../ui/menu';
import type { MenuOf } from '../ui/menu-button';

export function ThemeMenu({ trigger }: ComponentProps<MenuOf>) {
  const { theme, setTheme } = useTheme();
  return (
    <Menu trigger={trigger} defaultOpen>
      {THEMES.map(({ key, label, Icon }) => (
        <MenuItem key={key} onClick={() => setTheme(key)}><Icon aria-hidden className="size-4 text-muted" />{label}{theme === key ? <span className="ml-auto text-accent" aria-label="chosen">✓</span> : null}</MenuItem>
      ))}
    </Menu>
  );
}
