import { z } from 'zod';
import { KeyProbeBody, KeyTestSchema } from '#contracts/api/providers.schema';
import { CodedError, invalidField } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { isSupported } from '#platform/secrets/secret-store';
import { defineEndpoint } from '../../endpoint.ts';
import { testUnsavedKey, testWorkspaceKey } from '../../key-test.ts';
import { requireProvider } from './setting-to-wire.ts';
import { testAnswer } from './test-answer.ts';

export const postKeyTest = defineEndpoint({
  method: 'post', path: '/api/v1/settings/providers/{provider}/test', operationId: 'testKey', tag: 'Providers and secrets', summary: 'Test a key without storing it', description: 'Nothing is kept but the audit event; of the key or the address that this installation has also the models it lists. Counts as a change of the key for the limit of changes.',
  permission: 'secret:write', audit: 'secret.tested', params: z.strictObject({ provider: z.string().max(50) }), body: KeyProbeBody,
  answers: { 200: { description: 'The result: `success` tells which', schema: KeyTestSchema } }, errors: ['InvalidInput', 'NotFound', 'PermissionDenied', 'RateLimited', 'ServiceUnavailable'],
  handler: (deps) => async ({ principal, params, body, res, audit }) => {
    const provider = requireProvider(params.provider);
    if (provider === 'demo') throw invalidField('#/path/provider', 'the demo provider needs no key');
    if (!isSupported(deps.config, provider)) throw invalidField('#/path/provider', 'this provider has no address yet', 'The administrator sets COMPATIBLE_BASE_URL first.');
    await deps.limits.secretWrite(res, principal.userId, provider);
    const outcome = body.api_key === undefined ? await testWorkspaceKey(deps, principal.userId, provider) : await testUnsavedKey(deps, principal.userId, provider, body.api_key);
    // Nobody could read the result later.
    if (outcome.kind === 'pending') throw new CodedError('ServiceUnavailable', 'The test did not end in time; nothing was stored.', { retryAfterSeconds: 5 });
    if (outcome.kind === 'tested') await deps.db.$transaction((tx) => appendAuditEvent(tx, audit({ type: 'secret.tested', resource: `provider/${provider}`, outcome: outcome.result.success ? 'success' : 'failed', data: { provider, stored: false } })));
    return testAnswer(provider, outcome);
  },
});
