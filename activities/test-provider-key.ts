import { Context } from '@temporalio/activity';
import { ERRORS } from '#contracts/errors';
import { keptModels } from '#contracts/model-ids';
import type { KeyTestRequest, KeyTestResult } from '#contracts/workflow';
import { keepListedModels } from '#platform/repositories/listed-models';
import { baseUrlHash, type StoredSecret } from '#platform/secrets/secret-store';
import type { ActivityDeps } from './deps.ts';
import { openSecret } from '#platform/secrets/envelope';
import { classify } from './failures.ts';
import { ProviderError } from './providers/provider.ts';

/** Tests a key by the cheapest call the vendor has. Of a stored one it writes the result, and the models that were listed, beside the
 * setting, unless the key was replaced meanwhile; of the workspace's the models. Never a model call. */
export async function testProviderKey(deps: ActivityDeps, request: KeyTestRequest): Promise<KeyTestResult> {
  if (request.settingId === null) {
    const result = await test(deps, request);
    if (!request.sealed && result.success) await keepListedModels(deps.db, deps.config, { ...request, settingId: null }, result.models);
    return result;
  }
  const setting = await deps.db.providerSetting.findFirst({ where: { id: request.settingId, userId: request.userId }, select: { keyVersion: true, isActive: true } });
  // Without this an inactive key would be skipped by the look-up and the installation's key tested in its name.
  const result = setting && !setting.isActive ? INACTIVE : await test(deps, request);
  if (setting) {
    await deps.db.providerSetting.updateMany({ where: { id: request.settingId, userId: request.userId, keyVersion: setting.keyVersion }, data: { lastTestedAt: new Date(), testStatus: result.success ? 'success' : 'failed', testMessage: result.message, ...(result.success ? { listedModels: result.models } : {}) } });
  }
  return result;
}

const INACTIVE: KeyTestResult = { success: false, message: 'This key is switched off; switch it on to test it.', code: 'Conflict', latencyMs: null, models: [] };

/** The stored key itself, whatever other keys stand beside it, the one that came sealed, or with neither the workspace's. */
async function keyOf(deps: ActivityDeps, { sealed, settingId, userId, provider }: KeyTestRequest): Promise<{ apiKey: string } | null> {
  if (sealed) return { apiKey: openSecret(deps.keyRing, sealed.envelope, { ownerId: userId, provider, rowId: sealed.id }) };
  if (settingId === null) return deps.secrets.open(userId, provider, null);
  const row = await deps.db.providerSetting.findFirst({ where: { id: settingId, userId, provider, isActive: true, baseUrlHash: baseUrlHash(deps.config, provider) }, select: { id: true, secretEnvelope: true, keyVersion: true } });
  return row ? deps.secrets.open(userId, provider, { ...row, settingId: row.id } as unknown as StoredSecret) : null;
}

async function test(deps: ActivityDeps, request: KeyTestRequest): Promise<KeyTestResult> {
  const signal = AbortSignal.any([Context.current().cancellationSignal, AbortSignal.timeout(request.timeoutMs)]);
  try {
    const secret = await keyOf(deps, request);
    if (!secret) return { success: false, message: 'There is no active key to test.', code: 'ProviderAuthentication', latencyMs: null, models: [] };
    const health = await deps.provider(request.provider, secret.apiKey).checkHealth(signal);
    return { success: true, message: `Answered in ${health.latencyMs} ms${health.models.length > 0 ? `, ${health.models.length} models` : ''}.`, code: null, latencyMs: health.latencyMs, models: keptModels(health.models) };
  } catch (error) {
    const timedOut = signal.aborted && !Context.current().cancellationSignal.aborted;
    const { code, detail } = timedOut ? { code: 'ProviderTimeout' as const, detail: `No answer within ${request.timeoutMs / 1000} s` } : classify(error, () => 99, 1);
    if (!(error instanceof ProviderError) && !timedOut) throw error;
    return { success: false, message: `${ERRORS[code].title}: ${detail}.`, code, latencyMs: null, models: [] };
  }
}
