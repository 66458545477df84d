import ipaddr from 'ipaddr.js';
import { PROVIDER_DATA } from '#contracts/provider-data';
import type { ProviderId } from '#contracts/providers';
import { ProviderError } from './provider.ts';

/** What of the configuration decides where a provider's requests go. `platform/config.ts` has this shape. */
export interface EndpointConfig {
  AWP_ENV: 'local' | 'production';
  AWP_ALLOWED_PRIVATE_HOSTS: readonly string[];
  providers: Partial<Record<ProviderId, { baseUrl?: string }>>;
}

/** The base URL of the admin's environment, checked; undefined = the vendor's own.
 * @throws ProviderError ProviderRejected: not http(s), with user name or password, query or fragment, or (production) an
 * address that is not public and not listed, or plain http to a public one */
export function resolveBaseUrl(id: ProviderId, config: EndpointConfig): string | undefined {
  const given = config.providers[id]?.baseUrl?.trim();
  if (!given) return undefined;
  const name = `${id.toUpperCase()}_BASE_URL`;
  const refuse = (why: string) => new ProviderError('ProviderRejected', `${PROVIDER_DATA[id].displayName} cannot be called: ${name} ${why}`);
  const url = URL.canParse(given) ? new URL(given) : null;
  if (!url || !/^https?:$/.test(url.protocol)) throw refuse('must be an http or https address');
  if (url.username || url.password || url.search || url.hash) throw refuse('must not carry a user name, password, query or fragment');
  if (config.AWP_ENV === 'production' && !isListed(url.hostname, config)) {
    if (isPrivateHost(url.hostname)) throw refuse('points to a private address that AWP_ALLOWED_PRIVATE_HOSTS does not list');
    if (url.protocol === 'http:') throw refuse('must be https in production, or its host be listed in AWP_ALLOWED_PRIVATE_HOSTS');
  }
  return given.replace(/\/+$/, '');
}

export function isListed(hostname: string, { AWP_ALLOWED_PRIVATE_HOSTS }: Pick<EndpointConfig, 'AWP_ALLOWED_PRIVATE_HOSTS'>): boolean {
  const bare = bareHost(hostname);
  return AWP_ALLOWED_PRIVATE_HOSTS.some((host) => bareHost(host) === bare);
}

/** True for names that never leave the machine or the local network, and for every address that is not public. */
export function isPrivateHost(hostname: string): boolean {
  const host = bareHost(hostname);
  if (ipaddr.isValid(host)) return !isPublicAddress(host);
  return !host.includes('.') || /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|private)$/.test(host);
}

/** Public = `unicast` after unwrapping an IPv4 address inside an IPv6 one, and not a cloud's metadata service. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.range() === 'unicast' && parsed.toString() !== '168.63.129.16';
  return parsed.range() === 'unicast';
}

function bareHost(hostname: string): string {
  return hostname.toLowerCase().replace(/^\[|\]$/g, '').replace(/\.$/, '');
}
