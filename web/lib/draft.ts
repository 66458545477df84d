import type { RunMode } from '#contracts/runs';
import type { Inputs } from './schema-form';

/** An unfinished form, kept in this browser per person and workflow. */
export interface Draft { version: number; inputs: Inputs; mode: RunMode; savedAt: string }

const key = (userId: string, slug: string): string => `awp:draft:${userId}:${slug}`;

/** Private windows and full disks refuse storage: the form works on without a draft. */
export function loadDraft(userId: string, slug: string, storage: Storage): Draft | null {
  try {
    const draft = JSON.parse(storage.getItem(key(userId, slug)) ?? 'null') as Draft | null;
    return draft !== null && typeof draft.inputs === 'object' && draft.inputs !== null ? draft : null;
  } catch {
    return null;
  }
}

function slugsOf(userId: string, storage: Storage): string[] {
  const prefix = key(userId, '');
  return Array.from({ length: storage.length }, (_, index) => storage.key(index)).filter((name) => name !== null).filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}

/** All drafts of a person in this browser, newest first. */
export function listDrafts(userId: string, storage: Storage): { slug: string; draft: Draft }[] {
  try {
    return slugsOf(userId, storage).flatMap((slug) => {
      const draft = loadDraft(userId, slug, storage);
      return draft ? [{ slug, draft }] : [];
    }).toSorted((a, b) => b.draft.savedAt.localeCompare(a.draft.savedAt));
  } catch {
    return [];
  }
}

export function saveDraft(userId: string, slug: string, draft: Draft, storage: Storage): boolean {
  try {
    storage.setItem(key(userId, slug), JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export function clearDraft(userId: string, slug: string, storage: Storage): void {
  try { storage.removeItem(key(userId, slug)); } catch { /* nothing was stored either */ }
}

/** Who signs out leaves no words of theirs in a browser that others use. A session that ran out keeps them. */
export function clearDrafts(userId: string, storage: Storage): void {
  try { for (const slug of slugsOf(userId, storage)) clearDraft(userId, slug, storage); } catch { /* nothing was stored either */ }
}
