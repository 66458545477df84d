import { Context } from '@temporalio/activity';
import { ERRORS } from '#contracts/errors';
import type { KeyTestRequest, KeyTestResult } from '#contracts/workflow';
import type { ActivityDeps } from './deps.ts';
import { classify } from './failures.ts';
import { ProviderError } from './providers/provider.ts';

/** Tests the stored key by the cheapest call the vendor has and writes the result beside the setting, unless the key was
 * replaced meanwhile. Never a model call. */
export async function testProviderKey(deps: ActivityDeps, request: KeyTestRequest): Promise<KeyTestResult> {
  const setting = await deps.db.providerSetting.findFirst({ where: { id: request.settingId, userId: request.userId }, select: { keyVersion: true, isActive: true } });
  // Without this an inactive key would be skipped by the look-up and the installation's key tested in its name.
  const result = setting && !setting.isActive ? INACTIVE : await test(deps, request);
  if (setting) {
    await deps.db.providerSetting.updateMany({ where: { id: request.settingId, userId: request.userId, keyVersion: setting.keyVersion }, data: { lastTestedAt: new Date(), testStatus: result.success ? 'success' : 'failed', testMessage: result.message } });
  }
  return result;
}

const INACTIVE: KeyTestResult = { success: false, message: 'This key is switched off; switch it on to test it.', code: 'Conflict', latencyMs: null, models: [] };

async function test(deps: ActivityDeps, request: KeyTestRequest): Promise<KeyTestResult> {
  const signal = AbortSignal.any([Context.current().cancellationSignal, AbortSignal.timeout(request.timeoutMs)]);
  try {
    const secret = await deps.secrets.resolve(request.userId, request.provider);
    if (!secret) return { success: false, message: 'There is no active key to test.', code: 'ProviderAuthentication', latencyMs: null, models: [] };
    const health = await deps.provider(request.provider, secret.apiKey).checkHealth(signal);
    return { success: true, message: `Answered in ${health.latencyMs} ms${health.models.length > 0 ? `, ${health.models.length} models` : ''}.`, code: null, latencyMs: health.latencyMs, models: health.models.slice(0, 100) };
  } catch (error) {
    const timedOut = signal.aborted && !Context.current().cancellationSignal.aborted;
    const { code, detail } = timedOut ? { code: 'ProviderTimeout' as const, detail: `No answer within ${request.timeoutMs / 1000} s` } : classify(error, () => 99, 1);
    if (!(error instanceof ProviderError) && !timedOut) throw error;
    return { success: false, message: `${ERRORS[code].title}: ${detail}.`, code, latencyMs: null, models: [] };
  }
}
