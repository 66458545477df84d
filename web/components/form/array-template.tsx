import type { ArrayFieldItemTemplateProps, ArrayFieldTemplateProps } from '@rjsf/utils';
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { Button } from '../ui/button';

/** A list of entries that can be added, moved and removed. */
export function ArrayFieldTemplate({ items, canAdd, onAddClick, title, disabled }: ArrayFieldTemplateProps) {
  return (
    <div className="grid gap-3">
      {items.length > 0 ? <ol className="grid gap-3">{items}</ol> : <p className="text-sm text-faint">Nothing added yet.</p>}
      {canAdd ? <Button size="sm" className="justify-self-start" disabled={disabled} onClick={onAddClick}><Plus aria-hidden className="size-4" />Add<span className="sr-only"> to {title}</span></Button> : null}
    </div>
  );
}

export function ArrayFieldItemTemplate({ children, index, totalItems, buttonsProps, disabled }: ArrayFieldItemTemplateProps) {
  const name = `entry ${index + 1}`;
  return (
    <li className="grid grid-cols-[1.5rem_1fr_auto] items-start gap-2 border-l border-rule pl-3">
      <span className="pt-2 font-mono text-sm text-faint">{index + 1}</span>
      <div className="min-w-0">{children}</div>
      <div className="flex">
        {buttonsProps.hasMoveUp ? <Button variant="quiet" size="icon" aria-label={`Move ${name} up`} disabled={disabled || index === 0} onClick={buttonsProps.onMoveUpItem}><ArrowUp aria-hidden className="size-4" /></Button> : null}
        {buttonsProps.hasMoveDown ? <Button variant="quiet" size="icon" aria-label={`Move ${name} down`} disabled={disabled || index === totalItems - 1} onClick={buttonsProps.onMoveDownItem}><ArrowDown aria-hidden className="size-4" /></Button> : null}
        {buttonsProps.hasRemove ? <Button variant="quiet" size="icon" aria-label={`Remove ${name}`} disabled={disabled} onClick={buttonsProps.onRemoveItem}><Trash2 aria-hidden className="size-4" /></Button> : null}
      </div>
    </li>
  );
}
