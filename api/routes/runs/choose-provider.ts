import type { ProviderId } from '#contracts/providers';
import { invalidField } from '#platform/coded-error';
import { findSettings } from '#platform/repositories/settings';
import { isSupported } from '#platform/secrets/secret-store';
import type { Deps } from '../../deps.ts';

/** The provider of a run, and why, in words. The named one or the person's default; never a silent other vendor.
 * @throws CodedError InvalidInput on #/provider when there is no key for it, before anything is spent */
export async function chooseProvider(deps: Pick<Deps, 'db' | 'secrets' | 'config' | 'providerData'>, userId: string, named: ProviderId | undefined): Promise<{ provider: ProviderId; reason: string }> {
  const sources = await deps.secrets.sources(userId);
  const nameOf = (id: ProviderId) => deps.providerData[id].displayName;
  if (named) {
    if (sources.has(named)) return { provider: named, reason: `You chose ${nameOf(named)}.` };
    if (!isSupported(deps.config, named)) throw invalidField('#/provider', `${nameOf(named)} has no address yet.`, 'The administrator sets COMPATIBLE_BASE_URL first, or choose another provider.');
    throw invalidField('#/provider', `There is no usable key for ${nameOf(named)}.`, 'Add and activate a key on the Providers page, or choose another provider.');
  }
  const settings = await findSettings(deps.db, userId);
  const chosen = settings.find((row) => row.isDefault)?.provider as ProviderId | undefined;
  if (chosen) {
    if (sources.has(chosen)) return { provider: chosen, reason: `${nameOf(chosen)} is your default provider.` };
    throw invalidField('#/provider', `Your default provider ${nameOf(chosen)} has no usable key.`, 'Activate or replace its key on the Providers page, or name another provider.');
  }
  const configured = [...sources.keys()].filter((id) => id !== 'demo');
  const [only] = configured;
  if (only && configured.length === 1) return { provider: only, reason: `${nameOf(only)} is the only provider you have configured.` };
  if (only) return { provider: 'demo', reason: 'Several providers are configured and none is your default, so the demo provider is used. Choose a default on the Providers page.' };
  return { provider: 'demo', reason: 'No provider is configured, so the demo provider is used: no key needed, and its results are marked as simulated.' };
}
