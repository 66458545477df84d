import type { ProviderWire } from './queries';

export interface ProviderState { dot: 'good' | 'bad' | 'unknown' | 'none'; words: string }

/** Dot and words of a provider's card. */
export function providerState(provider: ProviderWire): ProviderState {
  if (!provider.supported) return { dot: 'none', words: 'Needs an address from the administrator' };
  if (provider.simulated) return { dot: 'good', words: 'Ready, no key needed' };
  if (!provider.connected) return { dot: 'none', words: 'No key' };
  if (provider.is_active === false) return { dot: 'none', words: 'Switched off' };
  // Of what the installation itself has no result is kept, but the models it listed are.
  if (provider.key_source === 'not_needed' && provider.test_status === null) return provider.listed_models.length > 0 ? { dot: 'good', words: 'Answers, no key needed' } : { dot: 'unknown', words: 'No key needed, not tested yet' };
  if (provider.key_source === 'workspace' && provider.test_status === null && provider.listed_models.length > 0) return { dot: 'good', words: 'Key of the workspace works' };
  const whose = provider.key_source === 'workspace' ? 'Key of the workspace' : 'Key saved';
  switch (provider.test_status) {
    case 'success': return { dot: 'good', words: 'Key works' };
    case 'failed': return { dot: 'bad', words: 'The last test failed' };
    case 'pending': return { dot: 'unknown', words: `${whose}, test not finished` };
    default: return { dot: 'unknown', words: `${whose}, not tested yet` };
  }
}
