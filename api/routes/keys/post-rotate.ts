import { RotatedKeysSchema } from '#contracts/api/audit.schema';
import { appendAuditEvent } from '#platform/repositories/audit';
import { masterKeys } from '#platform/config';
import { retirePayloadKeys } from '#platform/repositories/payload-keys';
import { rotateSecrets } from '#platform/repositories/rotate-secrets';
import { defineEndpoint } from '../../endpoint.ts';

export const postRotateKeys = defineEndpoint({
  method: 'post', path: '/api/v1/keys/rotate', operationId: 'rotateKeys', tag: 'Providers and secrets', summary: 'Wrap all stored secrets by the present master key', description: 'After a start with a new AWP_MASTER_KEY and the old one in AWP_PREVIOUS_MASTER_KEYS. Runs go on meanwhile. When nothing is `unreadable`, the old key may go from the environment.', permission: 'settings:manage', audit: 'keys.rotated',
  answers: { 200: { description: 'What was done', schema: RotatedKeysSchema } }, errors: [],
  handler: (deps) => async ({ audit }) => {
    const secrets = await rotateSecrets(deps.db, deps.keyRing);
    const payloadKeys = await retirePayloadKeys(deps.db, deps.keyRing, masterKeys(deps.config).slice(1));
    const done = { ...secrets, unreadable: secrets.unreadable + payloadKeys.unreadable, second_factors: await deps.accounts.rewrapSecondFactors(), payload_keys: payloadKeys.kept };
    await deps.db.$transaction((tx) => appendAuditEvent(tx, audit({ type: 'keys.rotated', resource: `master_key/${done.kid}`, outcome: done.unreadable > 0 ? 'failed' : 'success', data: { ...done } })));
    return { status: 200, body: done };
  },
});
