import { SecretBody, SecretStatusSchema } from '#contracts/api/providers.schema';
import { CodedError, invalidField } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { createSetting, findSetting, updateSetting } from '#platform/repositories/settings';
import { baseUrlHash, isSupported } from '#platform/secrets/secret-store';
import { defineEndpoint } from '../../../endpoint.ts';
import { testStoredKey } from '../../../key-test.ts';
import { secretStatusToWire } from '../setting-to-wire.ts';

export const postSecret = defineEndpoint({
  method: 'post', path: '/api/v1/settings/secrets', operationId: 'saveSecret', tag: 'Providers and secrets', summary: 'Save a provider key', description: 'Stores it encrypted (replacing the one before), then tests it. With `overlap_minutes` runs that began before go on with the old key for so long. `test_status: pending` means that the test did not end in time; the status tells later.',
  permission: 'secret:write', audit: ['secret.created', 'secret.rotated', 'secret.tested'], body: SecretBody,
  answers: { 200: { description: 'Saved; the result of the test is in it', schema: SecretStatusSchema }, 202: { description: 'Saved; the test goes on', schema: SecretStatusSchema } }, errors: ['InvalidInput', 'PermissionDenied', 'RateLimited'],
  handler: (deps) => async ({ principal, body, res, audit }) => {
    if (body.provider === 'demo') throw invalidField('#/provider', 'the demo provider needs no key');
    if (!isSupported(deps.config, body.provider)) throw invalidField('#/provider', 'this provider has no address yet', 'The administrator sets COMPATIBLE_BASE_URL first.');
    await deps.limits.secretWrite(res, principal.userId, body.provider);
    const secret = { apiKey: body.api_key, baseUrlHash: baseUrlHash(deps.config, body.provider) };
    const saved = await deps.db.$transaction(async (tx) => {
      const created = await createSetting(tx, deps.secrets.keeper, principal.userId, body.provider, secret, { isActive: true, isDefault: false });
      const before = created ? null : await findSetting(tx, principal.userId, { provider: body.provider });
      const row = created ?? (before ? await updateSetting(tx, deps.secrets.keeper, principal.userId, before.id, { secret, overlapMinutes: body.overlap_minutes, isActive: true }) : null);
      if (!row) throw new CodedError('Conflict', 'This key was deleted at the same moment.');
      await appendAuditEvent(tx, audit({ type: created ? 'secret.created' : 'secret.rotated', resource: `setting/${row.id}`, data: { provider: body.provider } }));
      return row;
    });
    const outcome = body.test ? await testStoredKey(deps, principal.userId, saved) : null;
    if (outcome?.kind === 'tested') await deps.db.$transaction((tx) => appendAuditEvent(tx, audit({ type: 'secret.tested', resource: `setting/${saved.id}`, outcome: outcome.result.success ? 'success' : 'failed', data: { provider: body.provider } })));
    const [row, sources] = await Promise.all([findSetting(deps.db, principal.userId, { id: saved.id }), deps.secrets.sources(principal.userId)]);
    const status = secretStatusToWire(deps, body.provider, row ?? saved, sources.get(body.provider));
    if (outcome?.kind === 'engine_away') return { status: 200, body: { ...status, test_message: 'The key is saved. It could not be tested, because the engine does not answer; test it again in a moment.' } };
    return { status: outcome?.kind === 'pending' ? 202 : 200, body: status };
  },
});
