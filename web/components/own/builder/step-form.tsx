'use client';
import { useMemo } from 'react';
import { STEP_TYPES, type StepType } from '#contracts/own/definition';
import { armsOf, scopeAt, titleOf, type Node } from '#contracts/own/outline';
import { AroundProvider } from '../../../lib/builder/context';
import { setAt, STEP_WORDS } from '../../../lib/builder/edits';
import { samplesOf } from '../../../lib/builder/samples';
import { formOf, saidIn } from '../../../lib/builder/step-fields';
import type { Problem } from '../../../lib/builder/use-builder';
import { isVisible, type FieldErrors, type Inputs } from '../../../lib/schema-form';
import { SchemaFields } from '../../form/schema-form';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { Fold } from '../../ui/fold';
import { AddStep } from './add-step';
import { builderWidgets } from './fields';

export interface StepFormProps { document: Node; pointer: string; step: Node; problems: readonly Problem[]; workflows: readonly string[]; typed: Readonly<Record<string, unknown>>; onEdit: (document: Node, tag?: string) => void; onAdd: (type: StepType, list: string, index: number) => void }

/** The form of the chosen step. Problems stand at their field; those of the step as a whole above it. */
export function StepForm({ document, pointer, step, problems, workflows, typed, onEdit, onAdd }: StepFormProps) {
  const type = STEP_TYPES.find((known) => known === step['type']);
  const form = useMemo(() => (type ? formOf(type, document, workflows) : null), [type, document, workflows]);
  const scope = useMemo(() => scopeAt(document, pointer), [document, pointer]);
  const around = useMemo(() => ({ document, scope, samples: samplesOf(document, scope, typed), pointer }), [document, scope, typed, pointer]);
  const own = problems.filter((problem) => problem.pointer === pointer || (problem.pointer.startsWith(`${pointer}/`) && !armsOf(step).some(({ at }) => problem.pointer.startsWith(`${pointer}/${at}/`))));
  const all = [...(form?.fields ?? []), ...(form?.more ?? [])];
  const errors: FieldErrors = {};
  const whole: string[] = [];
  for (const problem of own) {
    const [field = '', ...rest] = problem.pointer.slice(pointer.length + 1).split('/');
    if (all.includes(field)) errors[field] ??= rest.length > 0 ? `${rest.join('/')}: ${problem.detail}` : problem.detail;
    else whole.push(`${field ? `${field}: ` : ''}${problem.detail}`);
  }
  if (!form || !type) return <p role="alert" className="text-failed">This step has no type that is known here. Change it in the text.</p>;
  const put = (next: Inputs): void => {
    const kept = Object.fromEntries(Object.entries({ ...step, ...next }).filter(([field, value]) => value !== undefined && isVisible(form.schema, field, next)));
    const changed = all.filter((field) => JSON.stringify(step[field]) !== JSON.stringify(kept[field]));
    if (changed.length > 0) onEdit(setAt(document, pointer, kept), `${pointer}:${changed.join()}`);
  };
  const engine = { schema: form.schema, uiSchema: form.uiSchema, inputs: step, errors, widgets: builderWidgets, onChange: put };
  return (
    <AroundProvider value={around}>
      {whole.length > 0 ? <ul role="alert" className="mb-4 border-l-2 border-failed pl-3 text-failed">{whole.map((detail) => <li key={detail}>{detail}</li>)}</ul> : null}
      <p className="mb-4 text-sm text-muted">{STEP_WORDS[type].title}: {STEP_WORDS[type].words}.</p>
      <SchemaFields {...engine} fields={form.fields} />
      {armsOf(step).map((arm) => (
        <div key={arm.at} className="mt-5 flex flex-wrap items-end gap-3 border-t pt-3">
          {step['type'] === 'parallel' ? <Field label="Title of the branch" value={arm.title} onChange={(event) => onEdit(setAt(document, `${pointer}/${arm.at.replace(/\/steps$/, '')}/title`, event.target.value || undefined), `${pointer}/${arm.at}`)} /> : <p className="font-medium">{arm.title}</p>}
          <span className="text-sm text-muted">{arm.steps.map(titleOf).join(' → ') || 'no steps yet'}</span>
          <AddStep label={`Add a step: ${arm.title}`} onAdd={(chosen) => onAdd(chosen, `${pointer}/${arm.at}`, arm.steps.length)} />
        </div>
      ))}
      {step['type'] === 'parallel' ? <Button size="sm" className="mt-4" onClick={() => onEdit(setAt(document, `${pointer}/branches`, [...(Array.isArray(step['branches']) ? step['branches'] as unknown[] : []), { title: `Branch ${armsOf(step).length + 1}`, steps: [] }]))}>Add a branch</Button> : null}
      <div className="mt-5"><Fold title="More settings" aside={saidIn(step, form.more, form.schema) || 'as usual'} forced={form.more.some((field) => errors[field] !== undefined)}><SchemaFields {...engine} fields={form.more} /></Fold></div>
    </AroundProvider>
  );
}
