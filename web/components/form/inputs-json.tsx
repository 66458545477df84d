'use client';
import { useId, useState } from 'react';
import { readInputs } from '../../lib/read-inputs';
import type { Inputs } from '../../lib/schema-form';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Textarea } from '../ui/input';

/** All inputs as JSON, to look at, edit, or replace by pasting; also takes a request body, a curl or an awp command. */
export function InputsJson({ inputs, onTake, onClose }: { inputs: Inputs; onTake: (inputs: Inputs) => void; onClose: () => void }) {
  const id = useId();
  const [text, setText] = useState(() => JSON.stringify(inputs, null, 2));
  const [problem, setProblem] = useState<string | null>(null);
  const take = (): void => {
    const found = readInputs(text);
    if (typeof found === 'string') setProblem(found);
    else { onTake(found); onClose(); }
  };
  return (
    <Dialog open onOpenChange={(next) => { if (!next) onClose(); }} title="Inputs as JSON" className="sm:max-w-2xl" description="What the form sends. Edit it, or paste a request body, a curl or an awp command; the form checks it when you start." footer={<><Button onClick={onClose}>Keep the form as it is</Button><Button variant="primary" onClick={take}>Put into the form</Button></>}>
      <label htmlFor={id} className="mt-4 block font-medium">JSON</label>
      <Textarea id={id} spellCheck={false} value={text} onChange={(event) => setText(event.target.value)} aria-invalid={problem ? true : undefined} aria-describedby={problem ? `${id}-problem` : undefined} className="mt-1.5 min-h-48 font-mono text-sm" />
      {problem ? <p id={`${id}-problem`} role="alert" className="mt-1.5 text-sm font-medium text-failed">{problem}</p> : null}
    </Dialog>
  );
}
