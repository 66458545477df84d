import { WorkspaceFallbackBody, WorkspaceFallbackSchema } from '#contracts/api/governance.schema';
import { invalidField } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { readFallback, writeFallback, type WorkspaceFallback } from '#platform/repositories/workspace-settings';
import { defineEndpoint } from '../../endpoint.ts';

const toWire = ({ chain, updatedAt }: WorkspaceFallback) => ({ chain, updated_at: updatedAt?.toISOString() ?? null });

export const getFallback = defineEndpoint({
  method: 'get', path: '/api/v1/settings/fallback', operationId: 'getFallback', tag: 'Providers and secrets', summary: 'The workspace\'s fallback chain', permission: 'secret:read', audit: 'none',
  description: 'Used by runs that name no chain of their own. Only links for which the person who runs has a key are taken.', answers: { 200: { description: 'As it is now', schema: WorkspaceFallbackSchema } }, errors: [],
  handler: (deps) => async () => ({ status: 200, body: toWire(await readFallback(deps.db)) }),
});

export const putFallback = defineEndpoint({
  method: 'put', path: '/api/v1/settings/fallback', operationId: 'changeFallback', tag: 'Providers and secrets', summary: 'Set the workspace\'s fallback chain', permission: 'settings:manage', audit: 'setting.fallback_changed',
  description: 'An empty chain switches it off. Runs that are live keep what they began with.', body: WorkspaceFallbackBody,
  answers: { 200: { description: 'As it is now', schema: WorkspaceFallbackSchema } }, errors: ['InvalidInput', 'PermissionDenied'],
  handler: (deps) => async ({ principal, body, audit }) => {
    const chain = body.chain.map(({ provider, model }, index) => {
      if (provider === 'demo') throw invalidField(`#/chain/${index}/provider`, 'The demo provider is no language model and never stands in for one.');
      if (body.chain.findIndex((link) => link.provider === provider) < index) throw invalidField(`#/chain/${index}/provider`, 'is in the chain already');
      return { provider, model: model ?? null };
    });
    const written = await deps.db.$transaction(async (tx) => {
      const after = await writeFallback(tx, chain, principal.userId);
      await appendAuditEvent(tx, audit({ type: 'setting.fallback_changed', resource: 'setting/fallback', data: { chain: chain.map(({ provider, model }) => (model ? `${provider} ${model}` : provider)).join(', ') } }));
      return after;
    });
    return { status: 200, body: toWire(written) };
  },
});
