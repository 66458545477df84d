import type { ProviderId } from '#contracts/providers';
import { resolveBaseUrl, type EndpointConfig } from './base-url.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { createOpenAiProvider } from './openai/provider.ts';
import { createAnthropicProvider } from './anthropic/provider.ts';
import { createGeminiProvider } from './gemini/provider.ts';
import type { Provider, ProviderOptions } from './provider.ts';

/** The one place that knows which adapter speaks for which provider id.
 * @throws ProviderError ProviderRejected when the id needs a base URL and has none */
export function createProvider(id: ProviderId, options: ProviderOptions): Provider {
  if (id === 'anthropic') return createAnthropicProvider(options);
  if (id === 'gemini') return createGeminiProvider(options);
  return createOpenAiProvider(id, options);
}

/** The same from the admin's configuration: base URL checked, and in production a fetch that connects to public
 * addresses only, unless the host is in AWP_ALLOWED_PRIVATE_HOSTS.
 * @throws ProviderError ProviderRejected for a base URL that is not allowed */
export function createConfiguredProvider(id: ProviderId, apiKey: string, config: EndpointConfig): Provider {
  return createProvider(id, { apiKey, baseUrl: resolveBaseUrl(id, config), fetch: guardedFetch(config) });
}
