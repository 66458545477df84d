import type { ProviderKeyWire, ProviderWire, SettingWire } from '#contracts/api/providers.schema';
import { PROVIDER_IDS, type ProviderId } from '#contracts/providers';
import { notFound } from '#platform/coded-error';
import type { KeyRecord } from '#platform/repositories/provider-keys';
import type { SettingRecord } from '#platform/repositories/settings';
import { baseUrlHash, isSupported, needsNoKey, type SecretSource } from '#platform/secrets/secret-store';
import type { Deps } from '../../deps.ts';

type TestStatus = SettingWire['test_status'];
const iso = (date: Date | null | undefined): string | null => date?.toISOString() ?? null;

/** A time that has passed is nothing to tell. */
const future = (date: Date | null): string | null => (date !== null && date.getTime() > Date.now() ? date.toISOString() : null);

export const keyToWire = (row: KeyRecord): ProviderKeyWire => ({
  id: row.id, setting_id: row.settingId, provider: row.provider as ProviderId, last4: row.last4, kind: row.validUntil ? 'replaced' : 'further', weight: row.weight, is_active: row.isActive,
  resting_until: future(row.restedUntil), valid_until: iso(row.validUntil), created_at: row.createdAt.toISOString(),
});
export const mainKeyToWire = (row: SettingRecord): ProviderKeyWire => ({
  id: row.id, setting_id: row.id, provider: row.provider as ProviderId, last4: row.last4, kind: 'main', weight: row.weight, is_active: row.isActive, resting_until: future(row.restedUntil), valid_until: null, created_at: row.createdAt.toISOString(),
});

export const settingToWire = (row: SettingRecord): SettingWire => ({
  id: row.id, provider: row.provider as ProviderId, is_active: row.isActive, is_default: row.isDefault, last4: row.last4, key_version: row.keyVersion, weight: row.weight, resting_until: future(row.restedUntil), last_tested_at: iso(row.lastTestedAt),
  test_status: row.testStatus as TestStatus, test_message: row.testMessage, created_at: row.createdAt.toISOString(), updated_at: row.updatedAt.toISOString(),
});

/** A key whose provider was pointed to another address since is kept but not used. */
const VOID_MESSAGE = 'The administrator changed this provider\'s address. Save the key again to use it there.';

export function secretStatusToWire(deps: Pick<Deps, 'config'>, provider: ProviderId, row: SettingRecord | undefined, source: SecretSource | undefined) {
  const isVoid = row !== undefined && row.baseUrlHash !== baseUrlHash(deps.config, provider);
  return {
    provider, connected: source !== undefined, key_source: source ?? null, last4: row?.last4 ?? null, updated_at: iso(row?.updatedAt),
    last_tested_at: iso(row?.lastTestedAt), test_status: isVoid ? null : ((row?.testStatus ?? null) as TestStatus), test_message: isVoid ? VOID_MESSAGE : (row?.testMessage ?? null),
  };
}

export function providerToWire(deps: Pick<Deps, 'config' | 'providerData' | 'providerDataDate'>, provider: ProviderId, row: SettingRecord | undefined, source: SecretSource | undefined, keys: readonly KeyRecord[], listed: readonly string[]): ProviderWire {
  const data = deps.providerData[provider];
  const { connected, key_source, last4, last_tested_at, test_status, test_message } = secretStatusToWire(deps, provider, row, source);
  return {
    provider, name: provider, display_name: data.displayName, description: data.description, supported: isSupported(deps.config, provider), connected, key_source, needs_key: !needsNoKey(deps.config, provider),
    key_url: data.keyUrl, key_hint: data.keyHint, default_model: data.defaultModel,
    models: data.models.map((model) => ({ id: model.id, context_tokens: model.contextTokens, max_output_tokens: model.maxOutputTokens, input_price: model.inputPrice, output_price: model.outputPrice })),
    listed_models: listed.map((id) => ({ id, known: data.models.some((model) => model.id === id) })),
    capabilities: { streaming: data.capabilities.streaming, structured_output: data.capabilities.structuredOutput, tools: data.capabilities.tools, vision: data.capabilities.vision },
    simulated: provider === 'demo', is_default: row?.isDefault ?? false, is_active: row?.isActive ?? null, setting_id: row?.id ?? null, last4, last_tested_at, test_status, test_message,
    keys: row ? [mainKeyToWire(row), ...keys.map(keyToWire)] : [], price_date: deps.providerDataDate,
  };
}

/** @throws CodedError NotFound for a name that is no provider */
export function requireProvider(name: string): ProviderId {
  const provider = PROVIDER_IDS.find((id) => id === name);
  if (!provider) throw notFound(`The provider "${name}"`);
  return provider;
}
