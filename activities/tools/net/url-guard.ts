import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { ToolProblem } from '../tool.ts';

/** Keeps fetches on the public internet (reliability-security.md §0, C16): the address as written is checked, every name is
 * resolved by us at connect time and each resolved address checked, and callers re-check every redirect. A check before
 * the connection alone would lose against a name that changes its answer; a check at the connection alone never sees
 * addresses written as numbers. */
export interface HostPolicy {
  /** `host` (ports 80 and 443) or `host:port` that may be private: AWP_ALLOWED_PRIVATE_HOSTS */
  allowedPrivateHosts: readonly string[];
  /** host names this run may reach; null = any public one */
  grantedHosts: readonly string[] | null;
}

export type Resolve = (hostname: string, done: (error: NodeJS.ErrnoException | null, addresses: { address: string; family: number }[]) => void) => void;

/** Reserved by role though "unicast" by number: Azure's metadata and DNS service. */
const EXTRA_BLOCKED = new Set(['168.63.129.16']);
const GLOBAL_UNICAST_V6 = ipaddr.parseCIDR('2000::/3');
const LOCAL_NAME = /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home|corp|private|home\.arpa|onion|test|invalid)$/;
/** At least two labels, the last one alphabetic or internationalised, as public top-level domains are. */
const PUBLIC_NAME = /^[^.].*\.(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;
const MAX_URL_LENGTH = 2_048;

/** @returns true only for an address of the public internet, after an IPv4 address inside an IPv6 one is unwrapped */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || isIP(address) === 0) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast' || EXTRA_BLOCKED.has(parsed.toString())) return false;
  return parsed.kind() === 'ipv4' || (parsed as ipaddr.IPv6).match(GLOBAL_UNICAST_V6);
}

/** Reads an address as written. @throws ToolProblem that says what is wrong with it, never what stands behind it */
export function checkUrl(text: string, policy: HostPolicy): URL {
  // The URL parser silently drops tabs and line ends and turns "\" into "/": what it reads then differs from what was shown.
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (text.length > MAX_URL_LENGTH || /[\s\\\u0000-\u001F\u007F]/.test(text) || !URL.canParse(text)) throw refused('This is not a web address that can be read.');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refused('Only http and https addresses can be read.');
  if (url.username !== '' || url.password !== '' || /^[a-z]+:\/*[^/?#]*@/i.test(text)) throw refused('An address with a user name or password in it is not read.');
  const host = hostOf(url);
  if (policy.grantedHosts !== null && !policy.grantedHosts.some((granted) => granted.toLowerCase() === host)) throw refused(`This run was not granted the host ${host}.`);
  if (isAllowedPrivate(url, policy)) return url;
  if (url.port !== '') throw refused('Only the ports 80 and 443 can be read.');
  if (isIP(host) === 0 ? !PUBLIC_NAME.test(host) || LOCAL_NAME.test(host) : !isPublicAddress(host)) throw refused('This address is not on the public internet.');
  return url;
}

/** Whether the admin listed this host and port as a private one that may be reached. */
export function isAllowedPrivate(url: URL, policy: Pick<HostPolicy, 'allowedPrivateHosts'>): boolean {
  const host = hostOf(url);
  const literal = host.includes(':') ? `[${host}]` : host;
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return policy.allowedPrivateHosts.some((entry) => {
    const listed = entry.toLowerCase();
    return listed === `${literal}:${port}` || (url.port === '' && (listed === literal || listed === host));
  });
}

/** The lookup a connection uses: the addresses checked are the addresses connected to. One private address among
 * several refuses them all. */
export function guardedLookup(resolve: Resolve, allowPrivate: boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, (error, addresses) => {
      const [first] = addresses;
      if (error) callback(error, '', 0);
      else if (first === undefined) callback(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '', 0);
      else if (!allowPrivate && !addresses.every(({ address }) => isPublicAddress(address))) callback(refused('This address is not on the public internet.'), '', 0);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

export const resolveWithSystem: Resolve = (hostname, done) => {
  systemLookup(hostname, { all: true, verbatim: true }, (error, addresses) => { done(error, addresses ?? []); });
};

/** Lower-case host without brackets or the trailing dot. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '').toLowerCase();

const refused = (sentence: string): ToolProblem => new ToolProblem('failed', sentence);
