'use client';
import dynamic from 'next/dynamic';
import { useMemo } from 'react';
import { cn } from '../../lib/class-names';

const JsonTree = dynamic(() => import('./json-tree').then((module) => module.JsonTree), { loading: () => <p className="p-3 text-sm text-muted">Loading the viewer…</p> });
/** A tree of more than this is slower than the text it stands for. */
const TREE_CHARACTERS = 400_000;

/** JSON as a tree that opens and closes; what does not parse, or is too large for that, as the text it is. */
export function JsonView({ text, label, className }: { text: string; label: string; className?: string }) {
  const value = useMemo((): object | undefined => {
    if (text.length > TREE_CHARACTERS) return undefined;
    try { const parsed: unknown = JSON.parse(text); return typeof parsed === 'object' && parsed !== null ? parsed : undefined; } catch { return undefined; }
  }, [text]);
  const box = cn('max-h-96 overflow-auto border bg-canvas font-mono text-sm', className);
  if (value === undefined) return <pre tabIndex={0} aria-label={label} className={cn(box, 'px-3 py-2 break-words whitespace-pre-wrap')}>{text}</pre>;
  return <div role="group" aria-label={label} tabIndex={0} className={box}><JsonTree value={value} label={label} /></div>;
}
