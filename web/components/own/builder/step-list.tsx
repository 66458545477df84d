'use client';
import { armsOf, isNode, keyOf, titleOf, type Node } from '#contracts/own/outline';
import { cn } from '../../../lib/class-names';

export interface Mark { id: string; side: 'before' | 'after' | 'in' }
export interface StepsProps { document: Node; chosen: string; counts: ReadonlyMap<string, number>; /** pointer of the step that is on its way to another place */ moved: string | null; /** where it would be put */ mark: Mark | null; onChoose: (pointer: string) => void }
export const stepButtonId = (pointer: string): string => `step-${pointer.replace(/[^a-z0-9]+/gi, '-')}`;

/** Where the step on its way would be put; in a long list the place comes into sight. */
const Line = () => <span aria-hidden data-slot="mark" ref={(line) => line?.scrollIntoView({ block: 'nearest' })} className="-my-1 block h-1 scroll-my-12 rounded-full bg-accent" />;

/** The steps as a list: the canvas in words, arms below the step they belong to. */
export function StepList({ document, chosen, counts, moved, mark, onChoose }: StepsProps) {
  const marks = (id: string, side: Mark['side']): boolean => mark?.id === id && mark.side === side;
  const row = (pointer: string, title: string, note: string) => (
    <button id={stepButtonId(pointer)} type="button" aria-pressed={chosen === pointer} data-step={pointer} onClick={() => onChoose(pointer)} className={cn('flex min-h-9 w-full items-center gap-2 border border-rule bg-surface px-2.5 py-1 text-left hover:bg-sunken', chosen === pointer && 'border-accent outline-1 outline-accent', moved === pointer && 'border-dashed opacity-60')}>
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
            {marks(pointer, 'before') ? <Line /> : null}
            {row(pointer, titleOf(step), `${String(step['type'] ?? '?')}${keyOf(step) ? ` · ${keyOf(step)}` : ''}`)}
            {depth < 8 ? armsOf(step).map((arm) => (
              <div key={arm.at} className="ml-4 border-l border-control pl-3">
                <p className="py-0.5 text-xs text-muted">{arm.title}</p>
                {arm.steps.length > 0 ? list(arm.steps, `${pointer}/${arm.at}`, depth + 1) : <p data-place={`${pointer}/${arm.at}|0`} className={cn('border border-dashed border-control px-2.5 py-1 text-sm text-faint', marks(`${pointer}/${arm.at}`, 'in') && 'border-accent bg-sunken text-ink')}>No steps.</p>}
              </div>
            )) : null}
            {marks(pointer, 'after') ? <Line /> : null}
          </li>
        );
      })}
      {isNode(steps.at(-1)) && armsOf(steps.at(-1) as Node).length > 0 ? <li aria-hidden data-place={`${at}|${steps.length}`} className="h-2" /> : null}
    </ol>
  );
  return <div className="grid gap-1.5" data-slot="step-list">{row('#', 'Form, files and policy', 'workflow')}{marks('#', 'after') ? <Line /> : null}{list(Array.isArray(document['steps']) ? document['steps'] as unknown[] : [], '#/steps', 0)}</div>;
}
