'use client';
import { useMemo, useState } from 'react';
import { scopeAt, type Node } from '#contracts/own/outline';
import { AroundProvider } from '../../../lib/builder/context';
import { headErrors, headForm, headInputs, withHead } from '../../../lib/builder/head-fields';
import { samplesOf } from '../../../lib/builder/samples';
import type { Inputs } from '../../../lib/schema-form';
import type { Problem } from '../../../lib/builder/use-builder';
import { SchemaFields } from '../../form/schema-form';
import { builderWidgets } from './fields';

/** The form of the workflow itself: its fields, files, policy. */
export function HeadForm({ document, problems, typed, onEdit }: { document: Node; problems: readonly Problem[]; typed: Readonly<Record<string, unknown>>; onEdit: (document: Node, tag?: string) => void }) {
  const { schema, uiSchema, fields } = headForm();
  const text = JSON.stringify(document);
  // What is half typed (a comma, a point) is not in the definition yet: it stays as it was written while nothing else changes.
  const [written, setWritten] = useState<{ inputs: Inputs; of: string } | null>(null);
  const inputs = useMemo(() => (written?.of === text ? written.inputs : headInputs(document)), [written, text, document]);
  const put = (next: Inputs): void => {
    const { document: changed, changed: names } = withHead(document, inputs, next);
    if (names.length === 0) return;
    setWritten({ inputs: next, of: JSON.stringify(changed) });
    onEdit(changed, `head:${names.join()}`);
  };
  const scope = useMemo(() => scopeAt(document, '#'), [document]);
  const around = useMemo(() => ({ document, scope, samples: samplesOf(document, scope, typed), pointer: '#' }), [document, scope, typed]);
  const errors = headErrors(problems);
  return (
    <AroundProvider value={around}>
      {errors.whole.length > 0 ? <ul role="alert" className="mb-4 border-l-2 border-failed pl-3 text-failed">{errors.whole.map((detail) => <li key={detail}>{detail}</li>)}</ul> : null}
      <SchemaFields schema={schema} uiSchema={uiSchema} fields={fields} inputs={inputs} errors={errors.fields} widgets={builderWidgets} onChange={put} />
    </AroundProvider>
  );
}
