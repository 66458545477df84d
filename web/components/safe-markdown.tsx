'use client';
import { lazy, Suspense } from 'react';
import { cn } from '../lib/class-names';

/** The only place where Markdown of a model becomes elements. The parser is a chunk of its own; until it is there the text stands
 * as it was written, so that it can be read at once and nothing jumps far. */
const Renderer = lazy(async () => ({ default: (await import('./safe-markdown-renderer')).SafeMarkdownRenderer }));

export function SafeMarkdown({ text, streaming = false, className }: { text: string; streaming?: boolean; className?: string }) {
  return (
    <div className={cn('markdown min-w-0 break-words', className)}>
      <Suspense fallback={<div data-slot="markdown-source" className="whitespace-pre-wrap">{text}</div>}><Renderer text={text} streaming={streaming} /></Suspense>
    </div>
  );
}
