import { hostOf, isAllowedPrivate, mayBePublic, type PrivateHosts } from '../public-address.ts';

const MAX_URL_LENGTH = 2_048;

/** Where a webhook may go, as far as the words of its address tell: https on its usual port to a public name or address; http, another
 * port or a private host only where the administrator listed it. What a name resolves to is judged at each request.
 * @returns what is wrong with it, for the person who wrote it; null when nothing is */
export function webhookAddressFault(text: string, hosts: PrivateHosts): string | null {
  // The URL parser drops tabs and line ends and turns "\" into "/": what it reads then differs from what was shown.
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (text.length > MAX_URL_LENGTH || /[\s\\\u0000-\u001F\u007F]/.test(text) || !URL.canParse(text)) return 'is not a web address';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must begin with https://';
  if (url.username !== '' || url.password !== '' || /^[a-z]+:\/*[^/?#]*@/i.test(text)) return 'must not carry a user name or password';
  if (url.hash !== '') return 'must not have a fragment (#…)';
  if (isAllowedPrivate(url, hosts)) return null;
  if (url.protocol === 'http:') return 'must begin with https://, unless an administrator lists its host in AWP_ALLOWED_PRIVATE_HOSTS';
  if (url.port !== '') return 'must use port 443, unless an administrator lists its host and port in AWP_ALLOWED_PRIVATE_HOSTS';
  if (!mayBePublic(hostOf(url))) return 'is not on the public internet; an administrator can list a private host in AWP_ALLOWED_PRIVATE_HOSTS';
  return null;
}
