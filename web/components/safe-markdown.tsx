'use client';
import dynamic from 'next/dynamic';
import { cn } from '../lib/class-names';

/** The only place where Markdown of a model becomes elements. The parser is a chunk of its own. */
const Renderer = dynamic(() => import('./safe-markdown-renderer').then((module) => module.SafeMarkdownRenderer), { ssr: false, loading: () => <p className="text-muted" role="status">Loading the text…</p> });

export function SafeMarkdown({ text, streaming = false, className }: { text: string; streaming?: boolean; className?: string }) {
  return <div className={cn('markdown min-w-0 break-words', className)}><Renderer text={text} streaming={streaming} /></div>;
}
