/** The keyboard map: one list for the listener, the `?` sheet and the help page. */
export interface Shortcut { /** as a person presses it; keys one after the other are apart by a blank */ keys: string; words: string; group: ShortcutGroup; /** one key alone: can be switched off (WCAG 2.1.4) */ single: boolean }
export const SHORTCUT_GROUPS = ['Everywhere', 'Go to', 'Lists', 'On a run', 'On a form'] as const;
export type ShortcutGroup = (typeof SHORTCUT_GROUPS)[number];

/** Second key after `g`. */
export const GO_TO: readonly { key: string; href: string; words: string }[] = [
  { key: 'h', href: '/', words: 'Home' },
  { key: 'c', href: '/workflows', words: 'Catalog' },
  { key: 'r', href: '/runs', words: 'Runs' },
  { key: 'a', href: '/approvals', words: 'Approvals' },
  { key: 'k', href: '/knowledge', words: 'Knowledge' },
  { key: 'p', href: '/providers', words: 'Providers' },
  { key: 'u', href: '/usage', words: 'Usage and budgets' },
  { key: 's', href: '/account', words: 'Account and settings' },
];

/** Keys of a page: each presses the button or link that carries it as `data-key`, so all of them are buttons as well. */
export const PAGE_KEYS: readonly { key: string; words: string }[] = [
  { key: 'j', words: 'to the run before this one' }, { key: 'k', words: 'to the run after it' }, { key: 'c', words: 'cancel' }, { key: 'r', words: 'run again' }, { key: 'x', words: 'compare' }, { key: 'e', words: 'open all of the timeline' }, { key: 'w', words: 'close all of the timeline' }, { key: 'f', words: 'follow the live text' }, { key: '.', words: 'next error, in the timeline' },
];

const shortcut = (group: ShortcutGroup, keys: string, words: string, single = false): Shortcut => ({ group, keys, words, single });

export const SHORTCUTS: readonly Shortcut[] = [
  shortcut('Everywhere', 'mod K', 'search pages, workflows, runs and actions'),
  shortcut('Everywhere', '?', 'this list', true),
  shortcut('Everywhere', '/', 'to the search field of the page', true),
  shortcut('Everywhere', 'n', 'new run: to the catalog', true),
  shortcut('Everywhere', '[', 'tab before', true),
  shortcut('Everywhere', ']', 'next tab', true),
  shortcut('Everywhere', 'Esc', 'close a dialog or a menu'),
  ...GO_TO.map(({ key, words }) => shortcut('Go to', `g ${key}`, words, true)),
  shortcut('Lists', 'j', 'next row', true),
  shortcut('Lists', 'k', 'row before', true),
  shortcut('Lists', 'Enter', 'open the row'),
  shortcut('Lists', 'x', 'choose the row for a comparison', true),
  ...PAGE_KEYS.map(({ key, words }) => shortcut('On a run', key, words, true)),
  shortcut('On a form', 'mod Enter', 'start the run, or send the answer, from any field'),
];

/** `mod K` as this machine's keys: ⌘ on a Mac, Ctrl elsewhere. */
export function keysOf({ keys }: Pick<Shortcut, 'keys'>, mac: boolean): string[] {
  return keys.split(' ').map((key) => (key === 'mod' ? (mac ? '⌘' : 'Ctrl') : key));
}

/** Index of the row to go to; rows do not wrap around, so that the end of a list can be felt. @param at  -1 = none yet */
export function nextRow(at: number, count: number, step: 1 | -1): number {
  if (count === 0) return -1;
  return at === -1 ? (step === 1 ? 0 : count - 1) : Math.min(count - 1, Math.max(0, at + step));
}
