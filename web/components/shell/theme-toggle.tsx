'use client';
import { Monitor, Moon, Sun } from 'lucide-react';
import { useTheme } from 'next-themes';
import { useSyncExternalStore } from 'react';
import { buttonStyles } from '../ui/button';
import { Menu, MenuItem } from '../ui/menu';

const THEMES = [{ key: 'light', label: 'Light', Icon: Sun }, { key: 'dark', label: 'Dark', Icon: Moon }, { key: 'system', label: 'As the system', Icon: Monitor }] as const;
const never = (): (() => void) => () => {};

export function ThemeToggle() {
  const { theme, setTheme } = useTheme();
  // The stored choice is known in the browser only; the server draws the system's icon.
  const inBrowser = useSyncExternalStore(never, () => true, () => false);
  const current = THEMES.find(({ key }) => inBrowser && key === theme) ?? THEMES[2];
  return (
    <Menu trigger={<button type="button" aria-label={`Theme: ${current.label}`} className={buttonStyles({ variant: 'quiet', size: 'icon' })}><current.Icon aria-hidden className="size-4" /></button>}>
      {THEMES.map(({ key, label, Icon }) => (
        <MenuItem key={key} onClick={() => setTheme(key)}><Icon aria-hidden className="size-4 text-muted" />{label}{current.key === key ? <span className="ml-auto text-accent" aria-label="chosen">✓</span> : null}</MenuItem>
      ))}
    </Menu>
  );
}
