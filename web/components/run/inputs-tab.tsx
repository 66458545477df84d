'use client';
import { useQuery } from '@tanstack/react-query';
import type { RJSFSchema } from '@rjsf/utils';
import type { RunView } from '#contracts/run-reducer';
import { workflowSchemaQuery, type RunDetailWire } from '../../lib/queries';
import { inputRows } from '../../lib/schema-form';
import { ButtonLink } from '../ui/button';
import { CopyButton } from '../ui/copy-button';
import { Panel } from '../ui/panel';
import { UploadName } from './upload-name';
import { EvidencePanel } from './evidence-panel';
import { GrantsPanel } from './grants-panel';
import { LineagePanel } from './lineage-panel';

/** The call that makes this run again; the token stays in the reader's environment. */
function curlOf(run: RunDetailWire): string {
  const body = JSON.stringify({ workflow_id: run.workflow_id, run_mode: run.run_mode, provider: run.provider, model: run.model, inputs: run.inputs }, null, 2).replaceAll("'", String.raw`'\''`);
  return `curl -sS ${window.location.origin}/api/v1/runs \\\n  -H "Authorization: Bearer $AWP_TOKEN" \\\n  -H "Content-Type: application/json" \\\n  -d '${body}'`;
}

export function InputsTab({ run, view }: { run: RunDetailWire; view: RunView }) {
  const { data } = useQuery(workflowSchemaQuery(run.workflow_id));
  const schema = (data?.json_schema ?? {}) as RJSFSchema;
  const curl = curlOf(run);
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
      <Panel title="Make it again" aside={<CopyButton text={curl} label="the command" />}>
        <p className="text-muted">From a terminal or from CI, with an API token in <code className="font-mono">AWP_TOKEN</code>:</p>
        <pre tabIndex={0} className="mt-3 overflow-x-auto border bg-sunken p-3 font-mono text-sm">{curl}</pre>
        <ButtonLink className="mt-4" href={`/workflows/${run.workflow_id}?from=${run.id}`}>Open the form with these inputs</ButtonLink>
      </Panel>
    </div>
  );
}
