'use client';
import { Toast as Base } from '@base-ui/react/toast';

/** Short remarks at the edge. Base UI's toast and not sonner: sonner writes a style element of its own, which the
 * content security policy refuses. Errors that need an action stay on the page, never only here. */
export const toasts = Base.createToastManager();

export function notify(title: string, kind: 'done' | 'problem' = 'done', description?: string): void {
  toasts.add({ title, description, type: kind, priority: kind === 'problem' ? 'high' : 'low', timeout: kind === 'problem' ? 10_000 : 5000 });
}

/** A remark on something that can be taken back for a while. @param undo  makes it as it was */
export function notifyUndo(title: string, undo: () => void | Promise<void>): void {
  const id = toasts.add({ title, type: 'done', priority: 'low', timeout: UNDO_MS, actionProps: { children: 'Undo', onClick: () => { toasts.close(id); void Promise.resolve(undo()).catch(() => notify('Could not undo it', 'problem')); } } });
}
const UNDO_MS = 12_000;
