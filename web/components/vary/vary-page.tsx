'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { parseAsString, useQueryState } from 'nuqs';
import { middleTruncate } from '../../lib/format';
import { runQuery, workflowQuery, workflowSchemaQuery } from '../../lib/queries';
import { EmptyState } from '../feedback/empty-state';
import { ProblemPanel } from '../feedback/problem-panel';
import { ButtonLink } from '../ui/button';
import { Loading, Skeleton } from '../ui/skeleton';
import { VaryForm } from './vary-form';

/** `/workflows/<slug>/vary?from=<run>`: the same run with other values of one input, priced before it is started. */
export function VaryPage({ slug }: { slug: string }) {
  const [from] = useQueryState('from', parseAsString);
  const workflow = useQuery(workflowQuery(slug));
  const schema = useQuery(workflowSchemaQuery(slug));
  const run = useQuery({ ...runQuery(from ?? ''), enabled: from !== null });
  const failed = [workflow, schema, run].find((query) => query.error && !query.data);
  if (!from) return <><h1 className="page-title mb-5">Vary a run</h1><EmptyState title="No run is chosen" action={<ButtonLink variant="primary" href={`/runs?workflow=${slug}`}>Runs of this workflow</ButtonLink>}>Open a run that has ended and press Vary.</EmptyState></>;
  if (failed) return <ProblemPanel error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!workflow.data || !schema.data || !run.data) return <Loading label="Loading the run" className="grid gap-4"><Skeleton className="h-8 w-80 max-w-full" /><Skeleton className="h-72" /></Loading>;
  return (
    <div>
      <p className="text-sm text-muted"><Link href={`/runs/${from}`} className="hover:text-ink">Run <span className="font-mono">{middleTruncate(from)}</span></Link> <span aria-hidden className="text-faint">/</span> vary</p>
      <h1 className="page-title mt-1">Vary {workflow.data.title}</h1>
      <p className="mt-1 max-w-prose text-md text-muted">Everything stays as in that run but one input. Each value makes a run of its own; afterwards they stand side by side.</p>
      <VaryForm run={run.data} workflow={workflow.data} schema={schema.data} />
    </div>
  );
}
