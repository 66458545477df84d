import { lookup as dnsLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, fetch as undiciFetch } from 'undici';
import { isListed, isPublicAddress, type EndpointConfig } from './base-url.ts';
import type { Fetch } from './exchange.ts';

/** fetch with our own clocks only, and in production with a look at each address a name resolves to, at the moment of the
 * connection (a name may change its address after any earlier check). Addresses written as numbers never reach the
 * look-up: base-url.ts has refused the private ones. */
const agents = new Map<string, Agent>();

export function guardedFetch(config: Pick<EndpointConfig, 'AWP_ENV' | 'AWP_ALLOWED_PRIVATE_HOSTS'>): Fetch {
  const key = `${config.AWP_ENV} ${config.AWP_ALLOWED_PRIVATE_HOSTS.join(',')}`;
  const agent = agents.get(key) ?? newAgent(config);
  agents.set(key, agent);
  return ((input: string | URL, init?: RequestInit) => undiciFetch(input, { ...(init as Parameters<typeof undiciFetch>[1]), dispatcher: agent })) as unknown as Fetch;
}

function newAgent(config: Pick<EndpointConfig, 'AWP_ENV' | 'AWP_ALLOWED_PRIVATE_HOSTS'>): Agent {
  const lookup = config.AWP_ENV === 'production' ? guardedLookup((host) => isListed(host, config)) : undefined;
  // Times are ours (exchange.ts): undici's would cut a slow first byte at 300 s, and a connect at 10 s under another name.
  return new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 30_000, ...(lookup && { lookup }) } });
}

/** A look-up that hands out public addresses only. @param isAllowed names that may be private */
export function guardedLookup(isAllowed: (hostname: string) => boolean, resolve: typeof dnsLookup = dnsLookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) { callback(error, []); return; }
      const usable = isAllowed(hostname) ? addresses : addresses.filter(({ address }) => isPublicAddress(address));
      const [first] = usable;
      if (!first) { callback(Object.assign(new Error('the name resolves to a private address'), { code: 'EPRIVATEADDRESS' }), []); return; }
      if (options.all) callback(null, usable);
      else callback(null, first.address, first.family);
    });
  };
}
