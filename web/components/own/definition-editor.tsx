'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import type { OwnWorkflowWire } from '#contracts/api/own-workflows.schema';
import { ApiError, api } from '../../lib/api-client';
import { lineOf, readYaml, type Found } from '../../lib/own-workflows';
import { Button } from '../ui/button';
import { Textarea } from '../ui/input';
import { Panel } from '../ui/panel';
import { notify } from '../ui/toast';

interface Check { valid: boolean; errors: { pointer: string; detail: string }[]; warnings: { pointer: string; detail: string }[]; plan: { step: string; title: string; kind: string; repeat: number; max_output_tokens: number }[] }

/** The text of a definition; problems stand below it and lead to their line. @param slug  null = it is not there yet */
export function DefinitionEditor({ slug, text: stored, etag, isMine, onSaved }: { slug: string | null; text: string; etag: string; isMine: boolean; onSaved: (slug: string) => void }) {
  const [text, setText] = useState(stored);
  const [problems, setProblems] = useState<Found[]>([]);
  const [plan, setPlan] = useState<Check['plan'] | null>(null);
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const client = useQueryClient();
  const id = useId();

  const located = (found: readonly { pointer: string; detail: string }[], severity: Found['severity']): Found[] => found.map(({ pointer, detail }) => ({ pointer, detail, severity, line: lineOf(text, pointer) }));
  const work = async (what: (definition: Record<string, unknown>) => Promise<void>): Promise<void> => {
    const read = readYaml(text);
    setProblems(read.problems);
    setPlan(null);
    if (!read.definition) return;
    setBusy(true);
    try {
      await what(read.definition);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const found = error.problem.errors ?? [];
      setProblems(found.length > 0 ? located(found, 'error') : [{ pointer: '#', detail: `${error.message} ${error.remedy}`, line: null, severity: 'error' }]);
    } finally {
      setBusy(false);
    }
  };
  const check = () => work(async (definition) => {
    const found = await api<Check>('/api/v1/workflows/validate', { method: 'POST', body: { definition } });
    setProblems([...located(found.errors, 'error'), ...located(found.warnings, 'warning')]);
    setPlan(found.valid ? found.plan : null);
  });
  const save = () => work(async (definition) => {
    const saved = await api<OwnWorkflowWire>(slug === null ? '/api/v1/workflows' : `/api/v1/workflows/${slug}`, { method: slug === null ? 'POST' : 'PUT', body: { definition }, headers: etag ? { 'If-Match': etag } : {} });
    notify(`${saved.name}: version ${saved.version} is saved`);
    await client.invalidateQueries({ queryKey: ['workflows'] });
    onSaved(saved.workflow_id);
  });
  const goTo = (line: number): void => {
    const start = text.split('\n').slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
    box.current?.focus();
    box.current?.setSelectionRange(start, text.indexOf('\n', start) < 0 ? text.length : text.indexOf('\n', start));
  };

  return (
    <Panel title={slug === null ? 'A new workflow' : `Definition of ${slug}`} aside={isMine ? null : 'of somebody else: export it to change it'}>
      <label htmlFor={id} className="block font-medium">Steps and form, as YAML</label>
      <Textarea id={id} ref={box} className="mt-1.5 max-h-none font-mono text-sm" rows={24} spellCheck={false} readOnly={!isMine} value={text} onChange={(event) => setText(event.target.value)} aria-describedby={problems.length > 0 ? `${id}-problems` : undefined} />
      <div className="mt-3 flex flex-wrap gap-2">
        <Button disabled={busy} onClick={() => void check()}>Check</Button>
        {isMine ? <Button variant="primary" disabled={busy || (slug !== null && text === stored)} onClick={() => void save()}>{slug === null ? 'Save as version 1' : 'Save a new version'}</Button> : null}
        {text === stored ? null : <Button variant="quiet" onClick={() => { setText(stored); setProblems([]); }}>Undo all changes</Button>}
      </div>
      <div id={`${id}-problems`} role="status" className="mt-3">
        {problems.length > 0 ? (
          <ul className="grid gap-1">
            {problems.map(({ pointer, detail, line, severity }, index) => (
              <li key={`${pointer}-${index}`} className={severity === 'error' ? 'text-failed' : undefined}>
                {line === null ? null : <><button type="button" className="underline" onClick={() => goTo(line)}>line {line}</button>{' '}</>}
                <span className="font-mono text-sm">{pointer}</span> {detail}
              </li>
            ))}
          </ul>
        ) : null}
        {plan ? <p>It holds. A Full run makes at most {plan.filter(({ kind }) => kind === 'model').reduce((sum, call) => sum + call.repeat, 0)} model calls with {plan.reduce((sum, call) => sum + call.repeat * call.max_output_tokens, 0).toLocaleString('en-US')} output tokens.</p> : null}
      </div>
    </Panel>
  );
}
