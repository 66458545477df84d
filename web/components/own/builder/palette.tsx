'use client';
import { Toolbar } from '@base-ui/react/toolbar';
import { STEP_TYPES, type StepType } from '#contracts/own/definition';
import { STEP_WORDS } from '../../../lib/builder/edits';

/** All types of steps at hand: a press puts one after the chosen step, dragging puts it where it is dropped. One stop of the Tab
 * key; arrows go from type to type. */
export function Palette({ onAdd }: { onAdd: (type: StepType) => void }) {
  return (
    <Toolbar.Root aria-label="Types of steps" className="mb-2 flex flex-wrap gap-1.5" data-slot="palette">
      {STEP_TYPES.map((type) => <Toolbar.Button key={type} data-new={type} title={STEP_WORDS[type].words} onClick={() => onAdd(type)} className="min-h-7 cursor-grab rounded-md border border-control bg-surface px-2 text-sm hover:bg-sunken">{STEP_WORDS[type].title}</Toolbar.Button>)}
    </Toolbar.Root>
  );
}
