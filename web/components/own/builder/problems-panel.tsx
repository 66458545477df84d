'use client';
import { outlineOf, titleOf, type Node } from '#contracts/own/outline';
import type { Problem } from '../../../lib/builder/use-builder';

/** The step a problem belongs to: the deepest one on its way. */
export function stepOf(document: Node, pointer: string): string {
  return outlineOf(document).findLast((entry) => pointer === entry.pointer || pointer.startsWith(`${entry.pointer}/`))?.pointer ?? '#';
}

/** Everything the checker found; each leads to its step. */
export function ProblemsPanel({ document, errors, warnings, onGo }: { document: Node; errors: readonly Problem[]; warnings: readonly Problem[]; onGo: (pointer: string) => void }) {
  const all = [...errors.map((problem) => ({ ...problem, bad: true })), ...warnings.map((problem) => ({ ...problem, bad: false }))];
  if (all.length === 0) return null;
  const titles = new Map(outlineOf(document).map(({ pointer, step }) => [pointer, titleOf(step)]));
  return (
    <ul aria-label="Problems" className="mt-3 grid max-h-80 gap-1 overflow-y-auto border-l-2 border-failed pl-3 text-sm">
      {all.map(({ pointer, detail, bad }, index) => {
        const step = stepOf(document, pointer);
        return <li key={`${pointer}-${index}`} className={bad ? 'text-failed' : 'text-muted'}><button type="button" className="min-h-6 text-left underline" onClick={() => onGo(pointer)}>{titles.get(step) ?? 'Form, files and policy'}</button> {pointer === step ? null : <><span className="font-mono">{pointer.slice(step.length + 1)}</span> </>}{detail}</li>;
      })}
    </ul>
  );
}
