'use client';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import type { RunComparisonWire, StageDiffWire } from '#contracts/api/compare.schema';
import type { EstimateBodyWire, WorkflowEstimateWire } from '#contracts/api/estimates.schema';
import type { EvidenceVerdictWire, RunEvidenceWire, SignedEvidenceWire } from '#contracts/api/evidence.schema';
import type { DrillKillWire, DrillReportWire } from '#contracts/api/drill.schema';
import type { RerunBodyWire, RerunPreviewWire, RunCallWire } from '#contracts/api/reruns.schema';
import type { ArtifactWire, ArtifactContentSchema } from '#contracts/api/artifacts.schema';
import type { KnowledgeHitWire, KnowledgeWire, SkillWire } from '#contracts/api/knowledge.schema';
import type { ApprovalWire, DecisionAnswerWire, ReminderAnswerWire, WorkspaceFallbackWire } from '#contracts/api/governance.schema';
import type { RunLimits } from '#contracts/run-events';
import type { KeyAccessWire, KeyTestSchema, ProviderKeyWire, ProviderWire, SecretStatusSchema } from '#contracts/api/providers.schema';
import type { CancelAnswer, RunBodyWire, RunDetailWire, RunWire, StartedRunSchema } from '#contracts/api/runs.schema';
import type { StandingWire } from '#contracts/api/standing.schema';
import type { SessionWire } from '#contracts/api/session.schema';
import type { PauseWire } from '#contracts/api/pause.schema';
import type { HealthSchema, OperationsWire } from '#contracts/api/system.schema';
import type { UploadWire } from '#contracts/api/uploads.schema';
import type { WorkflowDetailWire, WorkflowSchemaWire, WorkflowSummaryWire } from '#contracts/api/workflows.schema';
import { isTerminal, type RunRating } from '#contracts/runs';
import { api, apiResponse, queryString } from './api-client';

export type KeyTest = z.infer<typeof KeyTestSchema>;
export type SecretStatus = z.infer<typeof SecretStatusSchema>;
export type StartedRun = z.infer<typeof StartedRunSchema>;
export type ArtifactContent = z.infer<typeof ArtifactContentSchema>;
export type Health = z.infer<typeof HealthSchema>;

/** Every read of the API in one place: key, address, type. */
export const sessionQuery = queryOptions({ queryKey: ['session'], queryFn: ({ signal }) => api<SessionWire>('/api/v1/session', { signal }), staleTime: 60_000, retry: false });
export const healthQuery = queryOptions({ queryKey: ['health'], queryFn: ({ signal }) => api<Health>('/health', { signal }), staleTime: 300_000, refetchInterval: 300_000, retry: false });
export const providersQuery = queryOptions({ queryKey: ['providers'], queryFn: ({ signal }) => api<ProviderWire[]>('/api/v1/settings/providers', { signal }) });
/** In the order of the catalog, those that are switched off as well: its entries are written to the database one after the other, the API lists the newest first. */
export const workflowsQuery = queryOptions({
  queryKey: ['workflows'], staleTime: 60_000,
  queryFn: async ({ signal }) => (await api<WorkflowSummaryWire[]>('/api/v1/workflows?limit=200&active_only=false', { signal })).toSorted((a, b) => a.created_at.localeCompare(b.created_at) || a.id.localeCompare(b.id)),
});
/** Of a written workflow: which version; null = live, else the youngest of one's own. */
export type Channel = 'draft' | 'test' | 'live';
export const workflowQuery = (slug: string, channel: Channel | null = null) => queryOptions({ queryKey: channel ? ['workflows', slug, 'on', channel] : ['workflows', slug], queryFn: ({ signal }) => api<WorkflowDetailWire>(`/api/v1/workflows/${encodeURIComponent(slug)}${queryString({ channel })}`, { signal }), staleTime: 60_000 });
export const workflowSchemaQuery = (slug: string, channel: Channel | null = null) => queryOptions({ queryKey: ['workflows', slug, 'schema', ...(channel ? [channel] : [])], queryFn: ({ signal }) => api<WorkflowSchemaWire>(`/api/v1/workflows/${encodeURIComponent(slug)}/schema${queryString({ channel })}`, { signal }), staleTime: 60_000 });
export const runQuery = (id: string) => queryOptions({ queryKey: ['runs', 'one', id], queryFn: ({ signal }) => api<RunDetailWire>(`/api/v1/runs/${encodeURIComponent(id)}`, { signal }) });
export const compareQuery = (ids: string) => queryOptions({ queryKey: ['runs', 'compare', ids], queryFn: ({ signal }) => api<RunComparisonWire>(`/api/v1/runs/compare${queryString({ ids })}`, { signal }) });
export const stageDiffQuery = (id: string) => queryOptions({ queryKey: ['runs', 'stage-diff', id], queryFn: ({ signal }) => api<StageDiffWire>(`/api/v1/runs/${encodeURIComponent(id)}/stage-diff`, { signal }), staleTime: Infinity, retry: false });
/** Prompt and answer of one call, whole. The ledger of an ended run does not change. */
export const runCallQuery = (id: string, callId: string) => queryOptions({ queryKey: ['runs', 'call', id, callId], queryFn: ({ signal }) => api<RunCallWire>(`/api/v1/runs/${encodeURIComponent(id)}/calls${queryString({ call_id: callId })}`, { signal }), staleTime: Infinity });
/** Asked while a run is quiet, and again every ten seconds. */
export const runStandingQuery = (id: string) => queryOptions({ queryKey: ['runs', 'standing', id], queryFn: ({ signal }) => api<StandingWire>(`/api/v1/runs/${encodeURIComponent(id)}/standing`, { signal }), refetchInterval: 10_000, retry: false });
export const drillReportQuery = (id: string) => queryOptions({ queryKey: ['runs', 'drill', id], queryFn: ({ signal }) => api<DrillReportWire>(`/api/v1/runs/${encodeURIComponent(id)}/drill`, { signal }), staleTime: Infinity, retry: 3 });
/** Asked anew whenever the run has changed. */
export const evidenceQuery = (id: string, updatedAt: string) => queryOptions({ queryKey: ['runs', 'evidence', id, updatedAt], queryFn: ({ signal }) => api<RunEvidenceWire>(`/api/v1/runs/${encodeURIComponent(id)}/evidence`, { signal }), placeholderData: (previous) => previous });
export const rerunPreviewQuery = (id: string, body: RerunBodyWire) => queryOptions({ queryKey: ['runs', 'rerun', id, body], queryFn: ({ signal }) => api<RerunPreviewWire>(`/api/v1/runs/${encodeURIComponent(id)}/rerun/preview`, { method: 'POST', body, signal }), retry: false });
export const estimateQuery = (slug: string, body: EstimateBodyWire) => queryOptions({
  queryKey: ['workflows', slug, 'estimate', body], queryFn: ({ signal }) => api<WorkflowEstimateWire>(`/api/v1/workflows/${encodeURIComponent(slug)}/estimate`, { method: 'POST', body, signal }), retry: false, staleTime: 30_000, placeholderData: (previous) => previous,
});
export const artifactContentQuery = (id: string) => queryOptions({ queryKey: ['artifacts', id, 'content'], queryFn: ({ signal }) => api<ArtifactContent>(`/api/v1/artifacts/${id}/content`, { signal }), staleTime: Infinity });

/** Name and size of a file that inputs name by its id. */
export const uploadQuery = (id: string) => queryOptions({ queryKey: ['uploads', 'one', id], queryFn: ({ signal }) => api<UploadWire>(`/api/v1/uploads/${encodeURIComponent(id)}`, { signal }), staleTime: 300_000, retry: false });
export const uploadsQuery = queryOptions({ queryKey: ['uploads', 'list'], queryFn: ({ signal }) => api<UploadWire[]>('/api/v1/uploads?limit=100', { signal }), staleTime: 30_000 });

/** The newest files of all runs. */
export const artifactsQuery = (limit: number) => queryOptions({ queryKey: ['artifacts', 'list', limit], queryFn: ({ signal }) => api<ArtifactWire[]>(`/api/v1/artifacts${queryString({ limit })}`, { signal }) });

export const knowledgeQuery = queryOptions({ queryKey: ['knowledge'], queryFn: ({ signal }) => api<KnowledgeWire>('/api/v1/knowledge', { signal }), staleTime: 10_000 });
export const knowledgeSearchQuery = (q: string) => queryOptions({ queryKey: ['knowledge', 'search', q], queryFn: ({ signal }) => api<KnowledgeHitWire[]>(`/api/v1/knowledge/search${queryString({ q, limit: 12 })}`, { signal }), staleTime: 30_000 });
export const skillQuery = (id: string) => queryOptions({ queryKey: ['knowledge', 'one', id], queryFn: ({ signal }) => api<SkillWire>(`/api/v1/knowledge/${encodeURIComponent(id)}`, { signal }), staleTime: 30_000 });

export interface RunFilters { status?: string | null; workflow_id?: string | null; run_mode?: string | null; provider?: string | null; search?: string | null; model?: string | null; rating?: string | null; live?: 'true' | 'false' | null; simulated?: 'true' | 'false' | null; from?: string | null; to?: string | null; skip?: number; limit?: number }
export interface RunPage { runs: RunWire[]; total: number }

/** A page of runs, newest first. While one of them is alive it refreshes every 5 seconds. */
export const runsQuery = (filters: RunFilters) => queryOptions({
  queryKey: ['runs', 'list', filters],
  queryFn: async ({ signal }): Promise<RunPage> => {
    const response = await apiResponse(`/api/v1/runs${queryString({ ...filters })}`, { signal });
    const runs = (await response.json()) as RunWire[];
    return { runs, total: Number(response.headers.get('x-total-count') ?? runs.length) };
  },
  placeholderData: (previous) => previous,
  refetchInterval: (query) => (query.state.data?.runs.some((run) => !isTerminal(run.status)) ? 5000 : 30_000),
});

export const useSession = () => useQuery(sessionQuery);
export const useProviders = () => useQuery(providersQuery);
export const useWorkflows = () => useQuery(workflowsQuery);

/** Starts a run. The key makes a double click, or a retry after a lost answer, the same run. */
export function useStartRun() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ body, idempotencyKey }: { body: RunBodyWire; idempotencyKey: string }) =>
      api<StartedRun>('/api/v1/runs', { method: 'POST', body, headers: { 'idempotency-key': idempotencyKey } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['runs', 'list'] }),
  });
}

/** Runs it again; the key makes a double click the same run. */
export function useRerun(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ body, idempotencyKey }: { body: RerunBodyWire; idempotencyKey: string }) => api<StartedRun>(`/api/v1/runs/${id}/rerun`, { method: 'POST', body, headers: { 'idempotency-key': idempotencyKey } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['runs'] }),
  });
}

/** Keeps what the person thinks of a result. */
export function useRateRun(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { rating: RunRating | null; note?: string }) => api<RunWire>(`/api/v1/runs/${id}/rating`, { method: 'PUT', body }),
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: ['runs'] }), client.invalidateQueries({ queryKey: ['workflows'] })]),
  });
}

/** Kills the worker under this run: local mode, administrators, demo runs. */
export function useKillWorker() {
  return useMutation({ mutationFn: (id: string) => api<DrillKillWire>(`/api/v1/runs/${id}/drill`, { method: 'POST' }) });
}

/** Has the server check signature and content of what this page shows, as anybody could. */
export function useVerifyEvidence() {
  return useMutation({ mutationFn: (evidence: SignedEvidenceWire) => api<EvidenceVerdictWire>('/api/v1/evidence/verify', { method: 'POST', body: evidence }) });
}

export function useCancelRun(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api<z.infer<typeof CancelAnswer>>(`/api/v1/runs/${id}/cancel`, { method: 'POST' }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['runs'] }),
  });
}

/** Asks for each, a few at a time. @returns the ids of those that were done; one that is refused stops no other */
async function eachRun(ids: readonly string[], ask: (id: string) => Promise<unknown>): Promise<string[]> {
  const left = [...ids];
  const done: string[] = [];
  const lane = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      const current = id;
      await ask(current).then(() => done.push(current), () => undefined);
    }
  };
  await Promise.all(Array.from({ length: 4 }, lane));
  return done;
}

function useRuns(ask: (id: string) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: (ids: readonly string[]) => eachRun(ids, ask), onSettled: () => client.invalidateQueries({ queryKey: ['runs', 'list'] }) });
}
export const useCancelRuns = () => useRuns((id) => api(`/api/v1/runs/${id}/cancel`, { method: 'POST' }));
export const useDeleteRuns = () => useRuns((id) => api(`/api/v1/runs/${id}`, { method: 'DELETE' }));

/** The kill switch. */
export const pauseQuery = queryOptions({ queryKey: ['pause'], queryFn: ({ signal }) => api<PauseWire>('/api/v1/pause', { signal }), refetchInterval: 10_000 });
export function useChangePause() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { paused: boolean; reason?: string }) => api<PauseWire>('/api/v1/pause', { method: 'PUT', body }),
    onSuccess: (pause) => { queries.setQueryData(pauseQuery.queryKey, pause); },
  });
}
export const operationsQuery = queryOptions({ queryKey: ['operations'], queryFn: ({ signal }) => api<OperationsWire>('/api/v1/operations', { signal }), refetchInterval: 10_000 });

/** Who and what used a key. */
export const keyAccessQuery = (settingId: string) => queryOptions({ queryKey: ['providers', 'access', settingId], queryFn: ({ signal }) => api<KeyAccessWire[]>(`/api/v1/settings/${settingId}/access`, { signal }) });
export const workspaceFallbackQuery = queryOptions({ queryKey: ['workspace-fallback'], queryFn: ({ signal }) => api<WorkspaceFallbackWire>('/api/v1/settings/fallback', { signal }) });
export function useSetWorkspaceFallback() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (chain: { provider: string; model?: string }[]) => api<WorkspaceFallbackWire>('/api/v1/settings/fallback', { method: 'PUT', body: { chain } }), onSuccess: (saved) => { client.setQueryData(workspaceFallbackQuery.queryKey, saved); } });
}

export const approvalsQuery = queryOptions({ queryKey: ['approvals'], queryFn: ({ signal }) => api<ApprovalWire[]>('/api/v1/approvals?limit=200', { signal }), refetchInterval: 10_000 });

/** Raises the budget of a run that waits for it. */
export function useRaiseBudget(id: string) {
  return useMutation({ mutationFn: (body: { cost_usd_micros: number; wait_id: string }) => api<DecisionAnswerWire>(`/api/v1/runs/${id}/budget`, { method: 'POST', body }) });
}

/** Reminds whoever may approve; the run's own log tells it. */
export function useRemindGate(runId: string) {
  return useMutation({ mutationFn: (gateId: string) => api<ReminderAnswerWire>(`/api/v1/runs/${runId}/gates/${encodeURIComponent(gateId)}/remind`, { method: 'POST' }) });
}

/** Approves, rejects or answers what a run asks. */
export function useDecideGate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ runId, gateId, ...body }: { runId: string; gateId: string; decision: 'approve' | 'reject' | 'answer'; shown_hash: string; answer?: unknown; reason?: string; limits?: RunLimits }) =>
      api<DecisionAnswerWire>(`/api/v1/runs/${runId}/gates/${encodeURIComponent(gateId)}/decision`, { method: 'POST', body }),
    onSettled: () => client.invalidateQueries({ queryKey: ['approvals'] }),
  });
}

export function useSaveKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { provider: ProviderWire['provider']; api_key: string; overlap_minutes?: number }) => api<SecretStatus>('/api/v1/settings/secrets', { method: 'POST', body }),
    onSettled: () => client.invalidateQueries({ queryKey: ['providers'] }),
  });
}

export function useRemoveKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (provider: string) => api<void>(`/api/v1/settings/secrets/${provider}`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['providers'] }),
  });
}

/** Nothing is stored. */
export function useTryKey() {
  return useMutation({ mutationFn: ({ provider, api_key }: { provider: string; api_key: string }) => api<KeyTest>(`/api/v1/settings/providers/${provider}/test`, { method: 'POST', body: { api_key } }) });
}

/** Adds a further key, changes its weight, or deletes it. */
export function useFurtherKeys(settingId: string | null) {
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: ['providers'] });
  const address = `/api/v1/settings/${settingId ?? ''}`;
  return {
    add: useMutation({ mutationFn: (body: { api_key: string; weight: number }) => api<ProviderKeyWire>(`${address}/keys`, { method: 'POST', body }), onSettled }),
    weigh: useMutation({ mutationFn: ({ key, weight }: { key: ProviderKeyWire; weight: number }) => api<unknown>(key.kind === 'main' ? address : `${address}/keys/${key.id}`, { method: 'PUT', body: { weight } }), onSettled }),
    remove: useMutation({ mutationFn: (key: ProviderKeyWire) => api<void>(`${address}/keys/${key.id}`, { method: 'DELETE' }), onSettled }),
  };
}

/** Tests what this installation has for a provider: its own key, or an address that needs none. The models it lists are kept. */
export function useTestWorkspaceKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (provider: string) => api<KeyTest>(`/api/v1/settings/providers/${provider}/test`, { method: 'POST', body: {} }),
    onSettled: () => client.invalidateQueries({ queryKey: ['providers'] }),
  });
}

export function useTestKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (settingId: string) => api<KeyTest>(`/api/v1/settings/${settingId}/test`, { method: 'POST' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['providers'] }),
  });
}

export function useSetDefaultProvider() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (settingId: string) => api<unknown>(`/api/v1/settings/${settingId}`, { method: 'PUT', body: { is_default: true } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['providers'] }),
  });
}

export type { ProviderKeyWire, UploadWire, ApprovalWire, ArtifactWire, ProviderWire, RunDetailWire, RunWire, SessionWire, WorkflowDetailWire, WorkflowSchemaWire, WorkflowSummaryWire };
