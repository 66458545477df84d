import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { hostOf, isAllowedPrivate, isPublicAddress, mayBePublic, type PrivateHosts } from '#platform/public-address';
import { ToolProblem } from '../tool.ts';

/** Keeps fetches on the public internet (reliability-security.md §0, C16): the address as written is checked, every name is
 * resolved by us at connect time and each resolved address checked, and callers re-check every redirect. A check before
 * the connection alone would lose against a name that changes its answer; a check at the connection alone never sees
 * addresses written as numbers. */
export interface HostPolicy extends PrivateHosts {
  /** host names this run may reach; null = any public one */
  grantedHosts: readonly string[] | null;
}

export type Resolve = (hostname: string, done: (error: NodeJS.ErrnoException | null, addresses: { address: string; family: number }[]) => void) => void;

const MAX_URL_LENGTH = 2_048;

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
  if (!mayBePublic(host)) throw refused('This address is not on the public internet.');
  return url;
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

const refused = (sentence: string): ToolProblem => new ToolProblem('failed', sentence);
