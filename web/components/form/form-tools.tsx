'use client';
import type { RJSFSchema } from '@rjsf/utils';
import { Braces, History, Link2 } from 'lucide-react';
import { useState } from 'react';
import type { WorkflowSchemaWire } from '../../lib/queries';
import { addressOfInputs } from '../../lib/read-inputs';
import { inputsToSend, type Inputs } from '../../lib/schema-form';
import { Button } from '../ui/button';
import { notify } from '../ui/toast';
import { InputsJson } from './inputs-json';
import { RunPicker } from './run-picker';

/** Ways to fill the form without typing, and to take its inputs elsewhere. */
export function FormTools({ slug, presets, schema, inputs, onPreset, onInputs }: { slug: string; presets: WorkflowSchemaWire['presets']; schema: RJSFSchema; inputs: Inputs; onPreset: (key: string) => void; onInputs: (inputs: Inputs) => void }) {
  const [open, setOpen] = useState<'json' | 'runs' | null>(null);
  const copyLink = async (): Promise<void> => {
    const query = addressOfInputs(schema, inputsToSend(schema, inputs));
    try {
      await navigator.clipboard.writeText(new URL(`/workflows/${slug}${query ? `?${query}` : ''}`, window.location.href).href);
      notify('Link copied', 'done', 'It opens this form with these inputs for anybody with an account here. Files are not part of it.');
    } catch {
      notify('Could not copy', 'problem', 'The browser did not allow access to the clipboard.');
    }
  };
  return (
    <div className="mt-4 flex flex-wrap items-center gap-2">
      {/* On a phone one row that is pushed sideways: three long names would push the form out of sight. */}
      <div className="flex items-center gap-2 max-sm:-mx-4 max-sm:w-screen max-sm:overflow-x-auto max-sm:px-4 max-sm:py-1 max-sm:[scrollbar-width:none] sm:contents">
        {presets.length > 0 ? <span className="shrink-0 text-sm text-muted">Start from</span> : null}
        {presets.map((preset) => <Button key={preset.key} size="sm" className="max-sm:h-11 max-sm:shrink-0" onClick={() => onPreset(preset.key)}>{preset.title}</Button>)}
      </div>
      <Button size="sm" variant="quiet" onClick={() => setOpen('runs')}><History aria-hidden className="size-4" />Inputs of a run…</Button>
      <Button size="sm" variant="quiet" onClick={() => setOpen('json')}><Braces aria-hidden className="size-4" />JSON</Button>
      <Button size="sm" variant="quiet" onClick={() => void copyLink()}><Link2 aria-hidden className="size-4" />Copy link</Button>
      {open === 'json' ? <InputsJson inputs={inputsToSend(schema, inputs)} onTake={onInputs} onClose={() => setOpen(null)} /> : null}
      {open === 'runs' ? <RunPicker slug={slug} onClose={() => setOpen(null)} /> : null}
    </div>
  );
}
