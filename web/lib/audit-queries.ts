'use client';
import { infiniteQueryOptions, useMutation } from '@tanstack/react-query';
import type { AuditEventWire, AuditVerdictWire } from '#contracts/api/audit.schema';
import { api, apiResponse, queryString } from './api-client';

export interface AuditFilters { type: string; outcome: string; resource: string }
const PAGE = 50;

/** Pages of the audit log, newest first, each from where the one before ended. */
export const auditQuery = (filters: AuditFilters) => infiniteQueryOptions({
  queryKey: ['audit', filters], initialPageParam: null as string | null,
  queryFn: async ({ pageParam, signal }): Promise<{ events: AuditEventWire[]; next: string | null }> => {
    const response = await apiResponse(`/api/v1/audit${queryString({ ...filters, limit: PAGE, cursor: pageParam })}`, { signal });
    return { events: (await response.json()) as AuditEventWire[], next: /[?&]cursor=(\d+)[^>]*>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1] ?? null };
  },
  getNextPageParam: (page) => page.next,
});

export const auditExport = (filters: AuditFilters, format: 'csv' | 'json'): string => `/api/v1/audit/export${queryString({ ...filters, format })}`;
export const useVerifyAudit = () => useMutation({ mutationFn: () => api<AuditVerdictWire>('/api/v1/audit/verify', { method: 'POST', body: {} }) });
