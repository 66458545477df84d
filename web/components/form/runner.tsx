'use client';
import { useQuery } from '@tanstack/react-query';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { RUN_MODES } from '#contracts/runs';
import { providersQuery, runQuery, sessionQuery, workflowQuery, workflowSchemaQuery } from '../../lib/queries';
import { SwitchWorkflow } from '../catalog/switch-workflow';
import { ProblemPanel } from '../feedback/problem-panel';
import { Loading, Skeleton } from '../ui/skeleton';
import { RunnerForm } from './runner-form';

/** Loads all that the form needs, then shows it; each part of the loading page has the size of what comes. */
export function Runner({ slug }: { slug: string }) {
  const [{ from, preset, mode, channel }] = useQueryStates({ channel: parseAsStringLiteral(['draft', 'test', 'live'] as const), from: parseAsString, preset: parseAsString, mode: parseAsStringLiteral(RUN_MODES) });
  const workflow = useQuery(workflowQuery(slug, channel));
  const schema = useQuery(workflowSchemaQuery(slug, channel));
  const providers = useQuery(providersQuery);
  const session = useQuery(sessionQuery);
  const source = useQuery({ ...runQuery(from ?? ''), enabled: from !== null });
  const failed = [workflow, schema, providers].find((query) => query.error && !query.data);
  if (failed) return <ProblemPanel error={failed.error} onRetry={() => void failed.refetch()} kept="A draft on this form is kept in your browser." />;
  if (!workflow.data || !schema.data || !providers.data || !session.data || (from !== null && source.isPending)) {
    return <Loading label="Loading the form" className="grid gap-4"><Skeleton className="h-8 w-80 max-w-full" /><Skeleton className="h-5 w-120 max-w-full" /><div className="mt-4 grid gap-6 lg:grid-cols-[1fr_22rem]"><Skeleton className="h-96" /><Skeleton className="h-96" /></div></Loading>;
  }
  return <><RunnerForm key={`${slug}/${channel}/${from}/${preset}`} channel={channel} source={source.data} sourceError={source.error} workflow={workflow.data} schema={schema.data} providers={providers.data} userId={session.data.user.id} permissions={session.data.permissions} preset={preset} wantedMode={mode} /><SwitchWorkflow workflow={workflow.data} className="mt-6" /></>;
}
