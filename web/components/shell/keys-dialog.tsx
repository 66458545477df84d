'use client';
import { Dialog } from '../ui/dialog';
import { ShortcutList, SingleKeySwitch } from './shortcut-list';

/** The sheet behind `?`. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  return <Dialog open onOpenChange={(next) => { if (!next) onClose(); }} title="Keyboard shortcuts" className="sm:max-w-2xl"><ShortcutList /><div className="mt-4 border-t pt-2"><SingleKeySwitch /></div></Dialog>;
}
