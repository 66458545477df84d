'use client';
import { useSyncExternalStore } from 'react';
import { writeTimesIn } from './format';

/** Columns of the list of runs, in the order they stand. */
export const RUN_COLUMNS = ['mode', 'provider', 'model', 'version', 'rating', 'took', 'tokens', 'cost', 'started'] as const;
export type RunColumn = (typeof RUN_COLUMNS)[number];

/** What a person likes, kept in this browser: keys, time zone, favourites and saved views. Nothing here is a secret or a right. */
export interface Preferences {
  singleKeys: boolean;
  zone: 'local' | 'utc';
  /** who the person is, for what is suggested; null = not told */
  persona: string | null;
  /** slugs of workflows, in the order they were marked */
  favourites: readonly string[];
  /** of the list of runs: a name and the query string of its filters */
  views: readonly { name: string; query: string }[];
  /** of the list of runs */
  columns: readonly RunColumn[];
}
export const STANDARD: Preferences = { singleKeys: true, zone: 'local', persona: null, favourites: [], views: [], columns: ['mode', 'provider', 'took', 'tokens', 'cost', 'started'] };
const KEY = 'awp:preferences';

/** What was stored, made whole; anything of another shape falls back to the standard. */
export function readPreferences(text: string | null): Preferences {
  try {
    const found = JSON.parse(text ?? '{}') as Partial<Record<keyof Preferences, unknown>>;
    const texts = (value: unknown): value is string[] => Array.isArray(value) && value.every((item) => typeof item === 'string');
    const isView = (view: unknown): view is Preferences['views'][number] => typeof view === 'object' && view !== null && typeof (view as { name?: unknown }).name === 'string' && typeof (view as { query?: unknown }).query === 'string';
    return {
      singleKeys: found.singleKeys !== false,
      zone: found.zone === 'utc' ? 'utc' : 'local',
      persona: typeof found.persona === 'string' ? found.persona : null,
      favourites: texts(found.favourites) ? found.favourites : [],
      views: Array.isArray(found.views) ? found.views.filter(isView) : [],
      columns: texts(found.columns) ? RUN_COLUMNS.filter((column) => (found.columns as string[]).includes(column)) : STANDARD.columns,
    };
  } catch {
    return STANDARD;
  }
}

let seen: { text: string | null; value: Preferences } = { text: null, value: STANDARD };
function keep(next: typeof seen): void {
  seen = next;
  writeTimesIn(next.value.zone === 'utc' ? 'UTC' : undefined);
}

const listeners = new Set<() => void>();

function stored(): string | null {
  try { return window.localStorage.getItem(KEY); } catch { return seen.text; }
}

function snapshot(): Preferences {
  const text = stored();
  if (text !== seen.text) keep({ text, value: readPreferences(text) });
  return seen.value;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}

export const usePreferences = (): Preferences => useSyncExternalStore(subscribe, snapshot, () => STANDARD);

/** Changes some of them, in all tabs of this browser. Where nothing can be stored they hold until the page is left. */
export function changePreferences(change: Partial<Preferences>): void {
  const value = { ...snapshot(), ...change };
  const text = JSON.stringify(value);
  keep({ text, value });
  try { window.localStorage.setItem(KEY, text); } catch { /* kept in memory above */ }
  for (const listener of listeners) listener();
}

/** Puts a workflow among the favourites or takes it out. */
export function toggled(favourites: readonly string[], slug: string): string[] {
  return favourites.includes(slug) ? favourites.filter((known) => known !== slug) : [...favourites, slug];
}
