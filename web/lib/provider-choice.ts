import type { ProviderWire } from './queries';

/** Why a provider cannot be used now, in words; null when it can. */
export function whyNot(provider: ProviderWire): string | null {
  if (!provider.supported) return 'The administrator has to set its address first';
  if (provider.is_active === false) return 'Switched off on the Providers page';
  if (provider.needs_key && !provider.connected) return 'Add a key on the Providers page';
  if (!provider.connected) return 'Not configured here';
  return null;
}

/** A remark that does not stop anybody. */
export function remarkOn(provider: ProviderWire): string | null {
  if (provider.test_status === 'failed') return 'The last key test failed';
  if (provider.simulated) return 'Needs no key; not a language model';
  return null;
}

/** The provider a new form starts with: the wanted one, the person's default, any with a key, else the demo. */
export function preferredProvider(providers: readonly ProviderWire[], wanted: string | null | undefined): ProviderWire | undefined {
  const usable = providers.filter((provider) => whyNot(provider) === null);
  return usable.find((provider) => provider.provider === wanted)
    ?? usable.find((provider) => provider.is_default)
    ?? usable.find((provider) => !provider.simulated)
    ?? usable.find((provider) => provider.simulated);
}
