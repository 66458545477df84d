import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** What is the public internet, by address and by name. Where requests of people's making may go: checked by the API when an address
 * is saved, and by the worker at each request (activities/tools/net). */
export interface PrivateHosts {
  /** `host` (ports 80 and 443) or `host:port` that may be private: AWP_ALLOWED_PRIVATE_HOSTS */
  allowedPrivateHosts: readonly string[];
}

/** Reserved by role though "unicast" by number: Azure's metadata and DNS service. */
const EXTRA_BLOCKED = new Set(['168.63.129.16']);
const GLOBAL_UNICAST_V6 = ipaddr.parseCIDR('2000::/3');
const LOCAL_NAME = /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home|corp|private|home\.arpa|onion|test|invalid)$/;
/** At least two labels, the last one alphabetic or internationalised, as public top-level domains are. */
const PUBLIC_NAME = /^[^.].*\.(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/** @returns true only for an address of the public internet, after an IPv4 address inside an IPv6 one is unwrapped */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || isIP(address) === 0) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast' || EXTRA_BLOCKED.has(parsed.toString())) return false;
  return parsed.kind() === 'ipv4' || (parsed as ipaddr.IPv6).match(GLOBAL_UNICAST_V6);
}

/** A name or literal that may be public; what a name resolves to is seen only at the connection. */
export const mayBePublic = (host: string): boolean => (isIP(host) === 0 ? PUBLIC_NAME.test(host) && !LOCAL_NAME.test(host) : isPublicAddress(host));

/** Whether the admin listed this host and port as a private one that may be reached. */
export function isAllowedPrivate(url: URL, policy: PrivateHosts): boolean {
  const host = hostOf(url);
  const literal = host.includes(':') ? `[${host}]` : host;
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return policy.allowedPrivateHosts.some((entry) => {
    const listed = entry.toLowerCase();
    return listed === `${literal}:${port}` || (url.port === '' && (listed === literal || listed === host));
  });
}

/** Lower-case host without brackets or the trailing dot. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '').toLowerCase();
