import { z } from 'zod';
import { notFound } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { deleteSetting } from '#platform/repositories/settings';
import { defineEndpoint } from '../../../endpoint.ts';
import { requireProvider } from '../setting-to-wire.ts';

export const deleteSecret = defineEndpoint({
  method: 'delete', path: '/api/v1/settings/secrets/{provider}', operationId: 'deleteSecret', tag: 'Providers and secrets', summary: 'Delete my key of a provider', permission: 'secret:write', audit: 'secret.deleted',
  params: z.strictObject({ provider: z.string().max(50) }), answers: { 204: { description: 'Deleted' } }, errors: ['NotFound', 'PermissionDenied'],
  handler: (deps) => async ({ principal, params, audit }) => {
    const provider = requireProvider(params.provider);
    const stored = await deps.db.$transaction(async (tx) => {
      const row = await deleteSetting(tx, principal.userId, { provider });
      if (!row) throw notFound(`A key of yours for ${provider}`);
      await appendAuditEvent(tx, audit({ type: 'secret.deleted', resource: `setting/${row.id}`, data: { provider } }));
      return row.stored;
    });
    for (const one of stored) await deps.secrets.keeper.drop(one);
    return { status: 204 };
  },
});
