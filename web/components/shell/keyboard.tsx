'use client';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { useHotkeys } from 'react-hotkeys-hook';
import { OPEN_EVENT } from '../../lib/open-event';
import { chooseRow, focusSearch, moveRow, moveTab, pressControl } from '../../lib/press-key';
import { usePreferences } from '../../lib/preferences';
import { GO_TO, PAGE_KEYS } from '../../lib/shortcuts';

const CommandPalette = dynamic(async () => (await import('./command-palette')).CommandPalette, { ssr: false });
const KeysDialog = dynamic(async () => (await import('./keys-dialog')).KeysDialog, { ssr: false });

const ALONE = [...new Set(['g', '/', 'n', '[', ']', 'j', 'k', ...PAGE_KEYS.map(({ key }) => key), ...GO_TO.map(({ key }) => key)])];
/** Longest time between `g` and the key after it. */
const TOGETHER_MS = 1500;
const blocked = (): boolean => document.querySelector('[role="dialog"], [role="alertdialog"]') !== null;

/** @returns false when the key means nothing on this page */
function press(key: string, newRun: () => void): boolean {
  switch (key) {
    case '/': return focusSearch();
    case 'n': newRun(); return true;
    case '[': case ']': return moveTab(key === ']' ? 1 : -1);
    case 'j': case 'k': return moveRow(key === 'j' ? 1 : -1) || pressControl(key);
    case 'x': return chooseRow() || pressControl(key);
    default: return pressControl(key);
  }
}

/** Listens for the keyboard map. Single keys never fire in a field or while a dialog is open. */
export function Keyboard() {
  const router = useRouter();
  const { singleKeys } = usePreferences();
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null);
  const wentAt = useRef(0);
  const alone = { enabled: () => singleKeys && !blocked(), useKey: true };

  useEffect(() => {
    const listen = (event: Event): void => setOpen((event as CustomEvent<'palette' | 'keys'>).detail);
    window.addEventListener(OPEN_EVENT, listen);
    return () => window.removeEventListener(OPEN_EVENT, listen);
  }, []);
  useHotkeys('mod+k', (event) => { event.preventDefault(); setOpen((before) => (before === 'palette' ? null : 'palette')); }, { enableOnFormTags: true });
  useHotkeys(['shift+?', '?'], () => setOpen('keys'), alone);
  // One listener for all of them: after `g` a key means a page, and nothing else.
  useHotkeys(ALONE, (event, { hotkey }) => {
    const afterG = performance.now() - wentAt.current < TOGETHER_MS && wentAt.current > 0;
    wentAt.current = hotkey === 'g' ? performance.now() : 0;
    const goal = afterG ? GO_TO.find(({ key }) => key === hotkey) : undefined;
    if (goal) router.push(goal.href);
    else if (hotkey !== 'g' && press(hotkey, () => router.push('/workflows'))) event.preventDefault();
  }, alone);
  return (
    <>
      {open === 'palette' ? <CommandPalette onClose={() => setOpen(null)} /> : null}
      {open === 'keys' ? <KeysDialog onClose={() => setOpen(null)} /> : null}
    </>
  );
}
