'use client';
import { useSyncExternalStore } from 'react';
import { DENSITIES, type Density } from './density';
import { writeTimesIn } from './format';
import { PANES, withinRange, type PaneName } from './splitter';

/** Columns of the list of runs, in the order they stand. */
export const RUN_COLUMNS = ['mode', 'provider', 'model', 'version', 'rating', 'took', 'tokens', 'cost', 'started'] as const;
export type RunColumn = (typeof RUN_COLUMNS)[number];

/** What a person likes, kept in this browser under their id: keys, time zone, favourites, saved views, heights and widths. Nothing here is a secret or a right. */
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
  /** ids of the example runs that were started for this person */
  examples: readonly string[];
  /** how many of the three hints on a run page were read */
  hints: number;
  /** how high the rows of lists are */
  density: Density;
  /** widths of side panes that were moved, in CSS pixels */
  panes: Readonly<Partial<Record<PaneName, number>>>;
}
export const STANDARD: Preferences = { singleKeys: true, zone: 'local', persona: null, favourites: [], views: [], columns: ['mode', 'provider', 'took', 'tokens', 'cost', 'started'], examples: [], hints: 0, density: 'default', panes: {} };
/** Of the time before each person had a place of their own; whoever signs in first takes it over. */
const OLD_KEY = 'awp:preferences';
const keyOf = (userId: string): string => `${OLD_KEY}:${userId}`;

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
      examples: texts(found.examples) ? found.examples : [],
      hints: typeof found.hints === 'number' && found.hints >= 0 ? Math.trunc(found.hints) : 0,
      density: DENSITIES.find((density) => density === found.density) ?? STANDARD.density,
      panes: readPanes(found.panes),
      columns: texts(found.columns) ? RUN_COLUMNS.filter((column) => (found.columns as string[]).includes(column)) : STANDARD.columns,
    };
  } catch {
    return STANDARD;
  }
}

function readPanes(found: unknown): Preferences['panes'] {
  if (typeof found !== 'object' || found === null) return {};
  return Object.fromEntries((Object.keys(PANES) as PaneName[]).flatMap((name) => {
    const width = (found as Record<string, unknown>)[name];
    return typeof width === 'number' && Number.isFinite(width) ? [[name, withinRange(width, PANES[name])]] : [];
  }));
}

/** Who is signed in; null = nobody, who has the standard and leaves nothing behind. */
let owner: string | null = null;
let seen: { text: string | null; value: Preferences } = { text: null, value: STANDARD };
function keep(next: typeof seen): void {
  seen = next;
  writeTimesIn(next.value.zone === 'utc' ? 'UTC' : undefined);
}

const listeners = new Set<() => void>();
const tell = (): void => { for (const listener of listeners) listener(); };

function stored(): string | null {
  if (owner === null) return seen.text;
  try { return window.localStorage.getItem(keyOf(owner)); } catch { return seen.text; }
}

function takeOver(userId: string): void {
  try {
    const old = window.localStorage.getItem(OLD_KEY);
    if (old !== null && window.localStorage.getItem(keyOf(userId)) === null) window.localStorage.setItem(keyOf(userId), old);
    window.localStorage.removeItem(OLD_KEY);
  } catch { /* nothing was stored either */ }
}

/** Whose preferences hold from now on: of the next person of this browser none of those of the one before. */
export function preferencesOf(userId: string | null): void {
  if (userId === owner) return;
  owner = userId;
  keep({ text: null, value: STANDARD });
  if (userId !== null) takeOver(userId);
  tell();
}

export function currentPreferences(): Preferences {
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

export const usePreferences = (): Preferences => useSyncExternalStore(subscribe, currentPreferences, () => STANDARD);

/** Changes some of them, in all tabs of this browser. Where nothing can be stored they hold until the page is left. */
export function changePreferences(change: Partial<Preferences>): void {
  const value = { ...currentPreferences(), ...change };
  const text = JSON.stringify(value);
  keep({ text, value });
  try { if (owner !== null) window.localStorage.setItem(keyOf(owner), text); } catch { /* kept in memory above */ }
  tell();
}

/** Puts a workflow among the favourites or takes it out. */
export function toggled(favourites: readonly string[], slug: string): string[] {
  return favourites.includes(slug) ? favourites.filter((known) => known !== slug) : [...favourites, slug];
}
