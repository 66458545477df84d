'use client';
import { useQuery } from '@tanstack/react-query';
import type { RJSFSchema } from '@rjsf/utils';
import { useMemo } from 'react';
import type { RerunPreviewWire } from '#contracts/api/reruns.schema';
import { firstModel } from '../../lib/model-choices';
import { providersQuery, workflowSchemaQuery, type RunDetailWire, type WorkflowDetailWire } from '../../lib/queries';
import { limitsOf, type RerunChanges, type RerunErrors } from '../../lib/rerun-body';
import { inputsToSend, uiSchemaOf, withDefaults, type FieldErrors, type Inputs } from '../../lib/schema-form';
import { LimitFields } from '../form/limit-fields';
import { ProviderFields } from '../form/provider-fields';
import { SchemaFields } from '../form/schema-form';
import { Button } from '../ui/button';
import { Fold } from '../ui/fold';

export interface RerunChangeFieldsProps { run: RunDetailWire; changes: RerunChanges; onChange: (part: Partial<RerunChanges>) => void; caps: WorkflowDetailWire['modes'][number]['caps']; preview: RerunPreviewWire | undefined; errors: RerunErrors }

/** Inputs, model and limits of a re-run; folded, and as they were until somebody opens them. */
export function RerunChangeFields({ run, changes, onChange, caps, preview, errors }: RerunChangeFieldsProps) {
  const { data: providers = [] } = useQuery(providersQuery);
  const provider = providers.find((candidate) => candidate.provider === (changes.provider ?? run.provider));
  const model = changes.model ?? (changes.provider ? firstModel(provider) : run.model);
  const limits = changes.limits ?? (preview ? limitsOf(preview, caps) : null);
  return (
    <div className="mt-4 grid gap-3">
      <Fold title="Inputs" aside={changes.inputs ? 'changed' : 'as they were'} forced={Object.keys(errors.inputs).length > 0}>
        <InputFields run={run} inputs={changes.inputs} errors={errors.inputs} onInputs={(inputs) => onChange({ inputs })} />
      </Fold>
      <Fold title="Provider and model" aside={<><span>{provider?.display_name ?? run.provider}</span> <span className="font-mono">{model}</span></>} forced={Boolean(errors.provider ?? errors.model)}>
        <ProviderFields
          providers={providers} provider={provider} model={model} errors={{ provider: errors.provider, model: errors.model }}
          onProvider={(id) => onChange({ provider: id === run.provider ? null : id, model: id === run.provider ? null : firstModel(providers.find((other) => other.provider === id)), limits: changes.limits && { ...changes.limits, fallback: changes.limits.fallback.filter((link) => link.provider !== id) } })}
          onModel={(id) => onChange({ model: id === run.model && changes.provider === null ? null : id })}
        />
      </Fold>
      {caps && limits ? <LimitFields caps={caps} full={run.run_mode === 'full_run'} limits={limits} providers={providers} provider={provider} errors={errors.limits} onChange={(next) => onChange({ limits: next })} /> : null}
    </div>
  );
}

function InputFields({ run, inputs, errors, onInputs }: { run: RunDetailWire; inputs: Inputs | null; errors: FieldErrors; onInputs: (inputs: Inputs | null) => void }) {
  const { data } = useQuery(workflowSchemaQuery(run.workflow_id));
  const schema = useMemo(() => (data?.json_schema ?? {}) as RJSFSchema, [data]);
  const uiSchema = useMemo(() => uiSchemaOf(schema), [schema]);
  const before = useMemo(() => (data ? withDefaults(schema, run.inputs) : {}), [data, schema, run.inputs]);
  if (!data) return <p className="text-muted">Loading the form…</p>;
  const take = (next: Inputs): void => {
    const sent = inputsToSend(schema, next);
    onInputs(JSON.stringify(sent) === JSON.stringify(inputsToSend(schema, before)) ? null : sent);
  };
  return (
    <div className="border-l border-rule pl-4">
      {data.version === run.workflow_version ? null : <p className="mb-3 text-sm text-muted">That run used version {run.workflow_version}; this form is version {data.version}.</p>}
      <SchemaFields schema={schema} uiSchema={uiSchema} fields={data.tabs.flatMap((tab) => tab.fields)} inputs={inputs ?? before} errors={errors} onChange={take} />
      {inputs ? <Button size="sm" className="mt-4" onClick={() => onInputs(null)}>Back to the inputs as they were</Button> : null}
    </div>
  );
}
