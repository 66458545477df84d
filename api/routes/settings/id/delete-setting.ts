import { z } from 'zod';
import { Uuid } from '#contracts/api/common.schema';
import { notFound } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { deleteSetting as removeSetting } from '#platform/repositories/settings';
import { defineEndpoint } from '../../../endpoint.ts';

export const deleteSetting = defineEndpoint({
  method: 'delete', path: '/api/v1/settings/{id}', operationId: 'deleteSetting', tag: 'Providers and secrets', summary: 'Delete a provider setting and its key', permission: 'secret:write', audit: 'secret.deleted',
  params: z.strictObject({ id: Uuid }), answers: { 204: { description: 'Deleted' } }, errors: ['InvalidInput', 'NotFound', 'PermissionDenied'],
  handler: (deps) => async ({ principal, params, audit }) => {
    const stored = await deps.db.$transaction(async (tx) => {
      const row = await removeSetting(tx, principal.userId, { id: params.id });
      if (!row) throw notFound('This setting');
      await appendAuditEvent(tx, audit({ type: 'secret.deleted', resource: `setting/${row.id}`, data: { provider: row.provider } }));
      return row.stored;
    });
    for (const one of stored) await deps.secrets.keeper.drop(one);
    return { status: 204 };
  },
});
