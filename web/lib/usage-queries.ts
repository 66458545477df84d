'use client';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { BudgetStateWire, MyBudgetsWire, RunPolicyWire, UsageGroup, UsageWire } from '#contracts/api/usage.schema';
import { api, apiAll, queryString } from './api-client';

/** Reads and writes of usage, budgets and the run policy. */
export interface Span { /** days, UTC; null = 30 days to today */ from: string | null; to: string | null }
/** @param simulated  of the demo provider, or not; null = both */
export const usageQuery = (groupBy: UsageGroup, everybody: boolean, span: Span = { from: null, to: null }, simulated: boolean | null = null) => queryOptions({ queryKey: ['usage', groupBy, everybody, span, simulated], queryFn: ({ signal }) => api<UsageWire>(`/api/v1/usage${queryString({ group_by: groupBy, everybody: everybody ? 'true' : null, ...span, simulated: simulated === null ? null : String(simulated) })}`, { signal }), placeholderData: (previous) => previous });
export const myBudgetsQuery = queryOptions({ queryKey: ['usage', 'budgets'], queryFn: ({ signal }) => api<MyBudgetsWire>('/api/v1/usage/budgets', { signal }), refetchInterval: 30_000 });
export const budgetsQuery = queryOptions({ queryKey: ['budgets'], queryFn: ({ signal }) => apiAll<BudgetStateWire>('/api/v1/budgets', signal) });
export const runPolicyQuery = queryOptions({ queryKey: ['run-policy'], queryFn: ({ signal }) => api<RunPolicyWire>('/api/v1/run-policy', { signal }) });

export interface BudgetBody { scope: string; role?: string; user_id?: string; period: string; metric: string; limit: number }
function useBudgetWrite<Body>(write: (body: Body) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: write, onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: ['budgets'] }), client.invalidateQueries({ queryKey: ['usage'] })]) });
}
export const useSetBudget = () => useBudgetWrite((body: BudgetBody) => api<BudgetStateWire>('/api/v1/budgets', { method: 'PUT', body }));
export const useRemoveBudget = () => useBudgetWrite((id: string) => api<void>(`/api/v1/budgets/${id}`, { method: 'DELETE' }));

export function useWriteRunPolicy() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (body: Pick<RunPolicyWire, 'version' | 'rules'>) => api<RunPolicyWire>('/api/v1/run-policy', { method: 'PUT', body }), onSettled: () => client.invalidateQueries({ queryKey: ['run-policy'] }) });
}
