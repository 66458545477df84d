'use client';
import { armsOf, isNode, keyOf, titleOf, type Node } from '#contracts/own/outline';
import { cn } from '../../../lib/class-names';

export interface StepsProps { document: Node; chosen: string; counts: ReadonlyMap<string, number>; onChoose: (pointer: string) => void }
export const stepButtonId = (pointer: string): string => `step-${pointer.replace(/[^a-z0-9]+/gi, '-')}`;

/** The steps as a list: the canvas in words, arms below the step they belong to. */
export function StepList({ document, chosen, counts, onChoose }: StepsProps) {
  const row = (pointer: string, title: string, note: string) => (
    <button id={stepButtonId(pointer)} type="button" aria-pressed={chosen === pointer} onClick={() => onChoose(pointer)} className={cn('flex min-h-9 w-full items-center gap-2 border border-rule bg-surface px-2.5 py-1 text-left hover:bg-sunken', chosen === pointer && 'border-accent outline-1 outline-accent')}>
      <span className="min-w-0 flex-1 truncate">{title}</span><span className="text-xs text-muted">{note}</span>
      {counts.get(pointer) ? <span className="text-sm font-medium text-failed">× {counts.get(pointer)}<span className="sr-only"> problems</span></span> : null}
    </button>
  );
  const list = (steps: readonly unknown[], at: string, depth: number) => (
    <ol className="grid gap-1.5">
      {steps.map((raw, index) => {
        const step = isNode(raw) ? raw : {};
        const pointer = `${at}/${index}`;
        return (
          <li key={pointer} className="grid gap-1.5">
            {row(pointer, titleOf(step), `${String(step['type'] ?? '?')}${keyOf(step) ? ` · ${keyOf(step)}` : ''}`)}
            {depth < 8 ? armsOf(step).map((arm) => (
              <div key={arm.at} className="ml-4 border-l border-control pl-3">
                <p className="py-0.5 text-xs text-muted">{arm.title}</p>
                {arm.steps.length > 0 ? list(arm.steps, `${pointer}/${arm.at}`, depth + 1) : <p className="text-sm text-faint">No steps.</p>}
              </div>
            )) : null}
          </li>
        );
      })}
    </ol>
  );
  return <div className="grid gap-1.5" data-slot="step-list">{row('#', 'Form, files and policy', 'workflow')}{list(Array.isArray(document['steps']) ? document['steps'] as unknown[] : [], '#/steps', 0)}</div>;
}
