'use client';
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { CreatedWebhookWire, DeliveryDetailWire, DeliveryWire, SomebodysWebhookWire, WebhookWire } from '#contracts/api/webhooks.schema';
import type { WebhookEvent } from '#contracts/webhooks';
import { api, apiResponse, queryString } from './api-client';

/** Reads and writes of webhooks: key, address, type. */
const PAGE = 20;
const nextOf = (response: Response): string | null => /[?&]cursor=([^&>]+)[^>]*>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1] ?? null;

export const webhooksQuery = queryOptions({ queryKey: ['webhooks', 'mine'], queryFn: ({ signal }) => api<WebhookWire[]>('/api/v1/webhooks', { signal }), refetchInterval: 30_000 });

export interface DeliveryPage { rows: DeliveryWire[]; next: string | null }
/** Newest first. While one is to be sent within the minute it looks again every two seconds. */
export const deliveriesQuery = (id: string) => infiniteQueryOptions({
  queryKey: ['webhooks', 'deliveries', id], initialPageParam: null as string | null,
  queryFn: async ({ pageParam, signal }): Promise<DeliveryPage> => {
    const response = await apiResponse(`/api/v1/webhooks/${id}/deliveries${queryString({ limit: PAGE, cursor: pageParam })}`, { signal });
    return { rows: (await response.json()) as DeliveryWire[], next: nextOf(response) };
  },
  getNextPageParam: (page) => page.next,
  refetchInterval: (query) => (query.state.data?.pages.some((page) => page.rows.some(isSoon)) ? 2_000 : 30_000),
});
const isSoon = ({ next_try_at }: DeliveryWire): boolean => next_try_at !== null && Date.parse(next_try_at) < Date.now() + 60_000;

export const deliveryQuery = (id: string, deliveryId: string) => queryOptions({ queryKey: ['webhooks', 'delivery', id, deliveryId], queryFn: ({ signal }) => api<DeliveryDetailWire>(`/api/v1/webhooks/${id}/deliveries/${deliveryId}`, { signal }) });

export const everybodysQuery = infiniteQueryOptions({
  queryKey: ['webhooks', 'everybody'], initialPageParam: null as string | null,
  queryFn: async ({ pageParam, signal }): Promise<{ rows: SomebodysWebhookWire[]; next: string | null }> => {
    const response = await apiResponse(`/api/v1/webhooks/everybody${queryString({ limit: 50, cursor: pageParam })}`, { signal });
    return { rows: (await response.json()) as SomebodysWebhookWire[], next: nextOf(response) };
  },
  getNextPageParam: (page) => page.next,
});

/** A write of webhooks; afterwards everything about them is read anew. */
function useWrite<Body, Answer>(write: (body: Body) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: write, onSuccess: () => client.invalidateQueries({ queryKey: ['webhooks'] }) });
}

export interface WebhookFields { url: string; description: string; events: WebhookEvent[] }
export const useAddWebhook = () => useWrite((body: WebhookFields) => api<CreatedWebhookWire>('/api/v1/webhooks', { method: 'POST', body }));
export const useChangeWebhook = () => useWrite(({ id, ...body }: WebhookFields & { id: string; is_active: boolean }) => api<WebhookWire>(`/api/v1/webhooks/${id}`, { method: 'PUT', body }));
export const useDeleteWebhook = () => useWrite((id: string) => api<void>(`/api/v1/webhooks/${id}`, { method: 'DELETE' }));
export const useNewSecret = () => useWrite((id: string) => api<{ secret: string; overlap_until: string }>(`/api/v1/webhooks/${id}/secret`, { method: 'POST' }));
export const useTestWebhook = () => useWrite((id: string) => api<DeliveryWire>(`/api/v1/webhooks/${id}/test`, { method: 'POST' }));
export const useSendAgain = (id: string) => useWrite((deliveryId: string) => api<DeliveryWire>(`/api/v1/webhooks/${id}/deliveries/${deliveryId}/send`, { method: 'POST' }));
export const useSwitchWebhook = () => useWrite(({ id, is_active }: { id: string; is_active: boolean }) => api<SomebodysWebhookWire>(`/api/v1/webhooks/${id}/switch`, { method: 'PUT', body: { is_active } }));
