'use client';
import type { WidgetProps } from '@rjsf/utils';
import { useRef, useState } from 'react';
import { parsePath, parseTemplate } from '#contracts/own/templates';
import { useAround } from '../../../lib/builder/context';
import { preview } from '../../../lib/builder/samples';
import { cn } from '../../../lib/class-names';
import { describedBy } from '../../form/field-template';
import { Button } from '../../ui/button';
import { Textarea } from '../../ui/input';

/** The text with its names marked: known ones, and those that nothing makes. Drawn behind the field, letter for letter. */
function marked(text: string, known: ReadonlySet<string>): { text: string; mark: 'known' | 'unknown' | null }[] {
  const pieces: { text: string; mark: 'known' | 'unknown' | null }[] = [];
  let from = 0;
  for (const { path, start, end } of parseTemplate(text).placeholders) {
    pieces.push({ text: text.slice(from, start), mark: null }, { text: text.slice(start, end), mark: known.has(String(parsePath(path)?.[0])) ? 'known' : 'unknown' });
    from = end;
  }
  return [...pieces, { text: text.slice(from), mark: null }];
}

/** A text with `{{name}}`: names are highlighted, put in by a press, and looked at with samples. */
export function TemplateField(props: WidgetProps) {
  const { id, value, schema, rawErrors, options, readonly, disabled, onChange, required } = props;
  const { scope, samples } = useAround();
  const [shown, setShown] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const behind = useRef<HTMLDivElement>(null);
  const text = typeof value === 'string' ? value : '';
  const known = new Set(scope.map(({ name }) => name));
  const insert = (name: string): void => {
    const { selectionStart: from = text.length, selectionEnd: to = text.length } = field.current ?? {};
    onChange(`${text.slice(0, from)}{{${name}}}${text.slice(to)}`);
    requestAnimationFrame(() => { field.current?.focus(); field.current?.setSelectionRange(from + name.length + 4, from + name.length + 4); });
  };
  return (
    <div>
      <div className="relative">
        <div ref={behind} aria-hidden className="pointer-events-none absolute inset-0 overflow-hidden border border-transparent px-3 py-2 font-mono text-sm break-words whitespace-pre-wrap text-transparent">
          {marked(text, known).map((piece, index) => <span key={index} className={cn(piece.mark === 'known' && 'rounded-sm bg-[color-mix(in_srgb,var(--accent)_20%,transparent)]', piece.mark === 'unknown' && 'rounded-sm bg-failed-paper underline decoration-failed decoration-wavy')}>{piece.text}</span>)}{'\n'}
        </div>
        <Textarea
          id={id} ref={field} rows={typeof options['rows'] === 'number' ? options['rows'] : 3} spellCheck className="relative bg-transparent font-mono text-sm max-sm:text-sm" value={text} readOnly={readonly} disabled={disabled}
          aria-describedby={describedBy(id, schema, rawErrors)} aria-invalid={rawErrors?.length ? true : undefined} aria-required={required || undefined}
          onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)} onScroll={(event) => { if (behind.current) behind.current.scrollTop = event.currentTarget.scrollTop; }}
        />
      </div>
      <div className="mt-1.5 flex flex-wrap items-center gap-1.5">
        {scope.map(({ name, from }) => <button key={name} type="button" title={from} disabled={readonly || disabled} onClick={() => insert(name)} className="min-h-6 rounded-md border border-dashed border-control px-1.5 font-mono text-xs text-muted hover:bg-sunken hover:text-ink"><span className="sr-only">Insert </span>{name}</button>)}
        <Button size="sm" variant="quiet" className="ml-auto" aria-expanded={shown} onClick={() => setShown(!shown)}>Preview<span className="sr-only"> of {props.label}</span></Button>
      </div>
      {shown ? <div data-slot="preview" className="mt-1.5 max-h-60 overflow-y-auto border-l-2 border-accent bg-sunken px-3 py-2 text-sm whitespace-pre-wrap">{preview(text, samples) || 'Nothing yet.'}</div> : null}
    </div>
  );
}
