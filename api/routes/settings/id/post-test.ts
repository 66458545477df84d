import { z } from 'zod';
import { Uuid } from '#contracts/api/common.schema';
import { KeyTestSchema } from '#contracts/api/providers.schema';
import { CodedError, notFound } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { findSetting } from '#platform/repositories/settings';
import { defineEndpoint } from '../../../endpoint.ts';
import { testStoredKey } from '../../../key-test.ts';

export const postTestSetting = defineEndpoint({
  method: 'post', path: '/api/v1/settings/{id}/test', operationId: 'testSetting', tag: 'Providers and secrets', summary: 'Test a stored key', description: 'Asks the provider by a short workflow. Always 200 when there is a result: `success` tells which.', permission: 'secret:write', audit: 'secret.tested',
  params: z.strictObject({ id: Uuid }), answers: { 200: { description: 'The result', schema: KeyTestSchema }, 202: { description: 'Still going on', schema: KeyTestSchema } }, errors: ['InvalidInput', 'NotFound', 'PermissionDenied', 'ServiceUnavailable'],
  handler: (deps) => async ({ principal, params, audit }) => {
    const setting = await findSetting(deps.db, principal.userId, { id: params.id });
    if (!setting) throw notFound('This setting');
    const outcome = await testStoredKey(deps, principal.userId, setting);
    if (outcome.kind === 'engine_away') throw new CodedError('ServiceUnavailable', 'The engine that tests keys does not answer.', { retryAfterSeconds: 5 });
    const { provider } = setting;
    if (outcome.kind === 'pending') return { status: 202, body: { success: false, valid: false, message: 'The test is still going on; look again in a moment.', provider, test_status: 'pending', tested_at: null, latency_ms: null } };
    const { result } = outcome;
    await deps.db.$transaction((tx) => appendAuditEvent(tx, audit({ type: 'secret.tested', resource: `setting/${setting.id}`, outcome: result.success ? 'success' : 'failed', data: { provider } })));
    return {
      status: 200,
      body: { success: result.success, valid: result.success, message: result.message, provider, test_status: result.success ? 'success' : 'failed', tested_at: new Date().toISOString(), latency_ms: result.latencyMs === null ? null : Math.round(result.latencyMs) },
    };
  },
});
