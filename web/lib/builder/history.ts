import type { Node } from '#contracts/own/outline';

/** What was edited, to go back and forth in. Typing in one field is one step back, not one a letter. */
export interface History { past: Node[]; document: Node; future: Node[]; /** what changed last, and when */ tag: string; at: number }
export type Move = { kind: 'edit'; document: Node; /** same tag within a moment = same edit; '' = always its own */ tag: string; at: number } | { kind: 'undo' } | { kind: 'redo' } | { kind: 'load'; document: Node };
const MOST = 200;
const MOMENT_MS = 1_500;

export const begin = (document: Node): History => ({ past: [], document, future: [], tag: '', at: 0 });

export function move(history: History, made: Move): History {
  const { past, document, future, tag, at } = history;
  switch (made.kind) {
    case 'edit': {
      if (made.document === document || JSON.stringify(made.document) === JSON.stringify(document)) return history;
      const same = made.tag !== '' && made.tag === tag && made.at - at < MOMENT_MS;
      return { past: same ? past : [...past, document].slice(-MOST), document: made.document, future: [], tag: made.tag, at: made.at };
    }
    case 'undo': {
      const before = past.at(-1);
      return before ? { past: past.slice(0, -1), document: before, future: [document, ...future], tag: '', at: 0 } : history;
    }
    case 'redo': {
      const [after, ...rest] = future;
      return after ? { past: [...past, document], document: after, future: rest, tag: '', at: 0 } : history;
    }
    case 'load': return { past: [...past, document].slice(-MOST), document: made.document, future: [], tag: '', at: 0 };
  }
}
