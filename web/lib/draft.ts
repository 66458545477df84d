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
