'use client';
import { useQuery } from '@tanstack/react-query';
import type { RJSFSchema } from '@rjsf/utils';
import type { RunView } from '#contracts/run-reducer';
import { workflowSchemaQuery, type RunDetailWire } from '../../lib/queries';
import { inputRows } from '../../lib/schema-form';
import { Panel } from '../ui/panel';
import { UploadName } from './upload-name';
import { EvidencePanel } from './evidence-panel';
import { GrantsPanel } from './grants-panel';
import { LineagePanel } from './lineage-panel';
import { Reproduce } from './reproduce';

/** What went into the run: inputs, tools, evidence, where it comes from, and how to make it again. */
export function InputsTab({ run, view }: { run: RunDetailWire; view: RunView }) {
  const { data } = useQuery(workflowSchemaQuery(run.workflow_id));
  const schema = (data?.json_schema ?? {}) as RJSFSchema;
  return (
    <div className="grid gap-6">
      <Panel title="Inputs" aside={<span>version {run.workflow_version} of the form</span>} bodyClassName="p-0">
        <dl className="divide-y divide-rule">
          {inputRows(schema, run.inputs).map(({ field, title, text, uploads }) => <div key={field} className="grid gap-x-6 gap-y-0.5 px-4 py-2.5 sm:grid-cols-[14rem_1fr]"><dt className="text-muted">{title}</dt><dd className="break-words">{uploads.length > 0 ? uploads.map((id) => <UploadName key={id} id={id} />) : text}</dd></div>)}
        </dl>
      </Panel>
      <GrantsPanel view={view} />
      <EvidencePanel run={run} />
      <LineagePanel run={run} />
      <Reproduce run={run} />
    </div>
  );
}
