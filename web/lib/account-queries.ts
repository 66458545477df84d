'use client';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { AccountWire, InvitationWire, LinkPreviewWire, MadeLinkWire, SessionRowWire, SignInAnswerWire, SignInMethodsWire, TwoFactorSetupWire, UserWire } from '#contracts/api/accounts.schema';
import type { DeviceRequestWire } from '#contracts/api/device.schema';
import type { z } from 'zod';
import type { TokenSchema } from '#contracts/api/session.schema';
import { api, apiAll } from './api-client';
import { sessionQuery } from './queries';

type TokenWire = z.infer<typeof TokenSchema>;

/** Reads and writes of accounts: key, address, type. */
export const signInMethodsQuery = queryOptions({ queryKey: ['sign-in-methods'], queryFn: ({ signal }) => api<SignInMethodsWire>('/api/v1/session/methods', { signal }), staleTime: 300_000, retry: 1 });
export const accountQuery = queryOptions({ queryKey: ['account'], queryFn: ({ signal }) => api<AccountWire>('/api/v1/account', { signal }) });
export const sessionsQuery = queryOptions({ queryKey: ['account', 'sessions'], queryFn: ({ signal }) => apiAll<SessionRowWire>('/api/v1/sessions', signal) });
export const usersQuery = queryOptions({ queryKey: ['users'], queryFn: ({ signal }) => apiAll<UserWire>('/api/v1/users', signal) });
export const tokensQuery = queryOptions({ queryKey: ['account', 'tokens'], queryFn: ({ signal }) => apiAll<TokenWire>('/api/v1/tokens', signal) });
export const invitationsQuery = queryOptions({ queryKey: ['users', 'invitations'], queryFn: ({ signal }) => apiAll<InvitationWire>('/api/v1/invitations', signal) });
export const linkPreviewQuery = (token: string) => queryOptions({ queryKey: ['account-link', token], queryFn: ({ signal }) => api<LinkPreviewWire>('/api/v1/session/link', { method: 'POST', body: { token }, signal }), retry: false, staleTime: Infinity });

/** A write of accounts; afterwards everything about people is read anew. */
function useWrite<Body, Answer>(write: (body: Body) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: write, onSuccess: () => Promise.all(['account', 'users'].map((key) => client.invalidateQueries({ queryKey: [key] }))) });
}

export const useSignIn = () => useWrite((body: { email: string; password: string }) => api<SignInAnswerWire>('/api/v1/session/sign-in', { method: 'POST', body }));
export const useSecondFactor = () => useWrite((body: { code?: string; backup_code?: string }) => api<SignInAnswerWire>('/api/v1/session/second-factor', { method: 'POST', body }));
export const useOidcStart = () => useWrite((provider: string) => api<{ url: string }>(`/api/v1/session/oidc/${provider}`, { method: 'POST' }));
export const useDevicePreview = () => useMutation({ mutationFn: (user_code: string) => api<DeviceRequestWire>('/api/v1/account/device', { method: 'POST', body: { user_code } }) });
export const useDeviceDecision = () => useWrite((body: { user_code: string; decision: 'approve' | 'deny' }) => api<void>('/api/v1/account/device/decision', { method: 'POST', body }));
export const useForgotPassword = () => useWrite((email: string) => api<{ message: string }>('/api/v1/session/forgot-password', { method: 'POST', body: { email } }));
export const useAcceptInvitation = () => useWrite((body: { token: string; name: string; password: string }) => api<unknown>('/api/v1/session/invitation', { method: 'POST', body }));
export const useResetPassword = () => useWrite((body: { token: string; password: string }) => api<void>('/api/v1/session/reset-password', { method: 'POST', body }));

export function useSetCredentials() {
  const client = useQueryClient();
  const write = useWrite((body: { name: string; email: string; password: string }) => api<AccountWire>('/api/v1/account/credentials', { method: 'POST', body }));
  return { ...write, done: () => client.invalidateQueries({ queryKey: sessionQuery.queryKey }) };
}
export const useChangePassword = () => useWrite((body: { current_password: string; new_password: string }) => api<void>('/api/v1/account/password', { method: 'POST', body }));
export const useStartTwoFactor = () => useWrite((password: string) => api<TwoFactorSetupWire>('/api/v1/account/two-factor', { method: 'POST', body: { password } }));
export const useConfirmTwoFactor = () => useWrite((code: string) => api<void>('/api/v1/account/two-factor/confirm', { method: 'POST', body: { code } }));
export const useDisableTwoFactor = () => useWrite((password: string) => api<void>('/api/v1/account/two-factor/disable', { method: 'POST', body: { password } }));
export const useEndSession = () => useWrite((id: string) => api<unknown>(id === 'others' ? '/api/v1/sessions' : `/api/v1/sessions/${id}`, { method: 'DELETE' }));

export const useMakeToken = () => useWrite((body: { name: string; expires_in_days: number; scopes?: string[] }) => api<TokenWire & { token: string }>('/api/v1/tokens', { method: 'POST', body }));
export const useRevokeToken = () => useWrite((id: string) => api<void>(`/api/v1/tokens/${id}`, { method: 'DELETE' }));

export const useChangeUser = () => useWrite(({ id, ...body }: { id: string; role?: string; is_active?: boolean }) => api<UserWire>(`/api/v1/users/${id}`, { method: 'PUT', body }));
export const useSignOutUser = () => useWrite((id: string) => api<void>(`/api/v1/users/${id}/sign-out`, { method: 'POST' }));
export const useRemoveSecondFactor = () => useWrite((id: string) => api<void>(`/api/v1/users/${id}/two-factor`, { method: 'DELETE' }));
export const useErasePerson = () => useWrite((id: string) => api<void>(`/api/v1/users/${id}`, { method: 'DELETE' }));
export const useMakeResetLink = () => useWrite((id: string) => api<MadeLinkWire>(`/api/v1/users/${id}/password-reset`, { method: 'POST' }));
export const useInvite = () => useWrite((body: { email: string; role: string }) => api<MadeLinkWire>('/api/v1/invitations', { method: 'POST', body }));
export const useWithdraw = () => useWrite((id: string) => api<void>(`/api/v1/invitations/${id}`, { method: 'DELETE' }));
