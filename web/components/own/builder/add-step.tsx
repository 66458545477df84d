'use client';
import { Plus } from 'lucide-react';
import { STEP_TYPES, type StepType } from '#contracts/own/definition';
import { STEP_WORDS } from '../../../lib/builder/edits';
import { Button } from '../../ui/button';
import { Menu, MenuItem } from '../../ui/menu';

/** All types of steps, to choose one from. */
export function AddStep({ label, onAdd, pageKey }: { label: string; onAdd: (type: StepType) => void; pageKey?: string }) {
  return (
    <Menu trigger={<Button size="sm" aria-label={label} data-builder-key={pageKey}><Plus aria-hidden className="size-4" />Add</Button>}>
      {STEP_TYPES.map((type) => <MenuItem key={type} onClick={() => onAdd(type)}><span>{STEP_WORDS[type].title}</span><span className="ml-auto pl-4 text-xs text-muted">{STEP_WORDS[type].words}</span></MenuItem>)}
    </Menu>
  );
}
