import { z } from 'zod';
import { Uuid } from '#contracts/api/common.schema';
import { KeyTestSchema } from '#contracts/api/providers.schema';
import type { ProviderId } from '#contracts/providers';
import { notFound } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { findSetting } from '#platform/repositories/settings';
import { defineEndpoint } from '../../../endpoint.ts';
import { testStoredKey } from '../../../key-test.ts';
import { testAnswer } from '../test-answer.ts';

export const postTestSetting = defineEndpoint({
  method: 'post', path: '/api/v1/settings/{id}/test', operationId: 'testSetting', tag: 'Providers and secrets', summary: 'Test a stored key', description: 'Asks the provider by a short workflow. Always 200 when there is a result: `success` tells which.', permission: 'secret:write', audit: 'secret.tested',
  params: z.strictObject({ id: Uuid }), answers: { 200: { description: 'The result', schema: KeyTestSchema }, 202: { description: 'Still going on', schema: KeyTestSchema } }, errors: ['InvalidInput', 'NotFound', 'PermissionDenied', 'ServiceUnavailable'],
  handler: (deps) => async ({ principal, params, audit }) => {
    const setting = await findSetting(deps.db, principal.userId, { id: params.id });
    if (!setting) throw notFound('This setting');
    const outcome = await testStoredKey(deps, principal.userId, setting);
    const provider = setting.provider as ProviderId;
    if (outcome.kind === 'tested') await deps.db.$transaction((tx) => appendAuditEvent(tx, audit({ type: 'secret.tested', resource: `setting/${setting.id}`, outcome: outcome.result.success ? 'success' : 'failed', data: { provider } })));
    return testAnswer(provider, outcome);
  },
});
