'use client';
import { Autocomplete } from '@base-ui/react/autocomplete';
import { ChevronsUpDown } from 'lucide-react';
import { useState } from 'react';
import { cn } from '../../lib/class-names';
import { modelGroups, type ModelChoice, type ModelGroup } from '../../lib/model-choices';
import type { ProviderWire } from '../../lib/queries';
import { Input } from '../ui/input';

export interface ModelInputProps { id?: string; provider: ProviderWire; value: string; onValue: (id: string) => void; placeholder?: string; invalid?: boolean; className?: string; 'aria-label'?: string; 'aria-labelledby'?: string; 'aria-describedby'?: string }

/** A model: one of those that are known or listed, or any name that is typed. Opened, it shows all; typing narrows. */
export function ModelInput({ id, provider, value, onValue, placeholder, invalid, className, ...aria }: ModelInputProps) {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState(false);
  // Spaces around a name are no part of it, but stay in the field while somebody writes.
  const [text, setText] = useState(value);
  const all = modelGroups(provider);
  const shown = typed ? modelGroups(provider, value) : all;
  return (
    <Autocomplete.Root
      items={all} filteredItems={shown} value={text.trim() === value ? text : value} open={open} openOnInputClick itemToStringValue={(choice: ModelChoice) => choice.id}
      onOpenChange={(next) => { setOpen(next); if (!next) setTyped(false); }}
      // Escape closes the list; it empties no field.
      onValueChange={(next, { reason }) => { if (reason === 'escape-key') return; setTyped(reason === 'input-change'); setText(next); onValue(next.trim()); }}
    >
      <Autocomplete.InputGroup className={cn('relative', className)}>
        <Autocomplete.Input
          id={id} render={<Input />} className="pr-9 font-mono text-sm" placeholder={placeholder} aria-invalid={invalid || undefined} autoComplete="off" autoCapitalize="off" spellCheck={false} {...aria}
          // Enter takes what was typed; it starts nothing while the list is open.
          onKeyDown={(event) => { if (open && event.key === 'Enter' && !event.ctrlKey && !event.metaKey) event.preventDefault(); }}
        />
        <Autocomplete.Trigger aria-label="Show the models" className="absolute inset-y-0 right-0 grid w-9 place-items-center text-muted"><ChevronsUpDown aria-hidden className="size-4" /></Autocomplete.Trigger>
      </Autocomplete.InputGroup>
      <Autocomplete.Portal>
        <Autocomplete.Positioner sideOffset={4} className="z-50 outline-none">
          <Autocomplete.Popup className="w-[var(--anchor-width)] min-w-64 max-w-[var(--available-width)] rounded-md border border-control bg-surface outline-none">
            <Autocomplete.Empty className="px-3 empty:hidden"><p className="py-2 text-sm text-muted">Not in the list: price and limits unknown. It can be used all the same.</p></Autocomplete.Empty>
            <Autocomplete.List className="max-h-[min(22rem,var(--available-height))] overflow-y-auto overscroll-contain py-1 empty:hidden">
              {(group: ModelGroup) => (
                <Autocomplete.Group key={group.value} items={group.items}>
                  <Autocomplete.GroupLabel className="px-3 py-1 text-xs text-faint">{group.value}</Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {(choice: ModelChoice) => (
                      <Autocomplete.Item key={choice.id} value={choice} className="grid min-h-9 cursor-default px-3 py-1.5 outline-none data-[highlighted]:bg-sunken">
                        <span className="break-all font-mono text-sm">{choice.id}</span><span className="text-xs text-muted">{choice.note}</span>
                      </Autocomplete.Item>
                    )}
                  </Autocomplete.Collection>
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
          </Autocomplete.Popup>
        </Autocomplete.Positioner>
      </Autocomplete.Portal>
    </Autocomplete.Root>
  );
}
