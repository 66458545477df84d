import { createHash } from 'node:crypto';

const TRACKING = /^(?:utm_\w+|gclid|fbclid|msclkid|mc_[ce]id|igshid|ref_src|spm)$/i;

/** One address for one page: no fragment, tracking parameters, default port, `www.` or trailing slash; sorted query;
 * https and http count as the same. For ids only: what it leaves out can carry a secret (`exactAddress`). @returns the text itself when it is not an address */
export function canonicalAddress(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  url.hash = '';
  const names = Array.from(url.searchParams.keys());
  for (const name of names) if (TRACKING.test(name)) url.searchParams.delete(name);
  url.searchParams.sort();
  const query = url.searchParams.toString();
  return `${url.host.replace(/^www\./, '').replace(/\.$/, '')}${url.pathname.replace(/\/+$/, '')}${query ? `?${query}` : ''}`;
}

/** The address as it will be asked for, all but the fragment, which is not sent. @returns the text itself when it is not an address */
export function exactAddress(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  url.hash = '';
  return url.href;
}

/** The item id of a page, the same whether a search found it or a fetch read it: `web-` and 10 hex digits. */
export const webId = (address: string): string => `web-${createHash('sha256').update(canonicalAddress(address)).digest('hex').slice(0, 10)}`;

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
