'use client';
import { useId, useRef, useState } from 'react';
import { inOrder } from '#contracts/own/order';
import type { Node } from '#contracts/own/outline';
import type { Problem } from '../../../lib/builder/use-builder';
import { lineOf, readYaml, toYaml, type Found } from '../../../lib/own-workflows';
import { Textarea } from '../../ui/input';

/** The whole definition as YAML, in the order in which people write it. What can be read is taken over as it is typed. */
export function TextView({ document, problems, readOnly = false, onEdit }: { document: Node; problems: readonly Problem[]; readOnly?: boolean; onEdit: (document: Node, tag: string) => void }) {
  const written = toYaml(inOrder(document));
  const [own, setOwn] = useState<{ text: string; of: string } | null>(null);
  const [broken, setBroken] = useState<Found[]>([]);
  const text = own && (broken.length > 0 || own.of === JSON.stringify(document)) ? own.text : written;
  const box = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const take = (next: string): void => {
    const read = readYaml(next);
    setBroken(read.problems);
    setOwn({ text: next, of: JSON.stringify(read.definition ?? document) });
    if (read.definition) onEdit(read.definition, 'text');
  };
  const goTo = (line: number): void => {
    const start = text.split('\n').slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
    box.current?.focus();
    box.current?.setSelectionRange(start, text.indexOf('\n', start) < 0 ? text.length : text.indexOf('\n', start));
  };
  const found = broken.length > 0 ? broken : problems.map((problem): Found => ({ ...problem, severity: 'error', line: lineOf(text, problem.pointer) }));
  return (
    <div>
      <label htmlFor={id} className="block font-medium">Steps and form, as YAML</label>
      <Textarea id={id} ref={box} className="mt-1.5 max-h-[70dvh] font-mono text-sm" rows={24} spellCheck={false} readOnly={readOnly} value={text} onChange={(event) => take(event.target.value)} aria-describedby={found.length > 0 ? `${id}-problems` : undefined} />
      <ul id={`${id}-problems`} className="mt-2 grid gap-1">
        {found.map(({ pointer, detail, line }, index) => (
          <li key={`${pointer}-${index}`} className="text-failed">{line === null ? null : <><button type="button" className="underline" onClick={() => goTo(line)}>line {line}</button>{' '}</>}<span className="font-mono text-sm">{pointer}</span> {detail}</li>
        ))}
      </ul>
      {broken.length > 0 ? <p className="mt-1 text-sm text-muted">Nothing is taken over until it can be read.</p> : null}
    </div>
  );
}
