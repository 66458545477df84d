'use client';
import { useQuery } from '@tanstack/react-query';
import { workflowSchemaQuery, type RunDetailWire } from '../../lib/queries';
import { inputRows } from '../../lib/schema-form';
import { UploadName } from '../run/upload-name';
import { Rows } from './peek-rows';

/** The inputs under the names and in the order of their form; the first ones. */
export function PeekInputs({ run, most }: { run: RunDetailWire; most: number }) {
  const { data } = useQuery(workflowSchemaQuery(run.workflow_id));
  const inputs = inputRows(data?.json_schema ?? {}, run.inputs);
  return (
    <>
      <Rows rows={inputs.slice(0, most).map(({ title, text, uploads }) => [title, uploads.length > 0 ? uploads.map((id) => <UploadName key={id} id={id} />) : text])} />
      {inputs.length > most ? <p className="mt-1 text-sm text-muted">and {inputs.length - most} more</p> : null}
    </>
  );
}
