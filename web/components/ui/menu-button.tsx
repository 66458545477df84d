'use client';
import { useRef, useState, type ComponentType, type ReactElement, type ReactNode } from 'react';
import { buttonStyles } from './button';

/** A menu as its own chunk draws it: around the button it is given, open from the start. */
export type MenuOf = ComponentType<{ trigger: ReactElement<Record<string, unknown>> }>;

/** A button in the header whose menu is fetched with the first press, or a moment before it: when the pointer or the focus
 * arrives. Menus bring the code that places and guards popups, which no page needs before. */
export function MenuButton({ label, icon, load }: { label: string; icon: ReactNode; load: () => Promise<MenuOf> }) {
  const [Menu, setMenu] = useState<MenuOf | null>(null);
  const coming = useRef<Promise<MenuOf> | null>(null);
  const bring = (): Promise<MenuOf> => {
    // A fetch that failed is not kept: the next press tries again.
    coming.current ??= load().catch((error: unknown) => { coming.current = null; throw error; });
    return coming.current;
  };
  const early = (): void => void bring().catch(() => undefined);
  const open = (): void => void bring().then((menu) => setMenu(() => menu), () => undefined);
  if (Menu) return <Menu trigger={<button type="button" aria-label={label} className={buttonStyles({ variant: 'quiet', size: 'icon' })}>{icon}</button>} />;
  return (
    <button
      type="button" aria-label={label} aria-haspopup="menu" aria-expanded={false} className={buttonStyles({ variant: 'quiet', size: 'icon' })}
      onPointerEnter={early} onFocus={early} onClick={open} onKeyDown={(event) => { if (event.key === 'ArrowDown') { event.preventDefault(); open(); } }}
    >{icon}</button>
  );
}
