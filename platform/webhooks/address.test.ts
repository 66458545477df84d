import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../public-address.ts';
import { webhookAddressFault } from './address.ts';

const none = { allowedPrivateHosts: [] };

describe('where a webhook may go', () => {
  it.each(['https://hooks.example.org/x?y=1', 'https://example.org:443/', 'https://8.8.8.8/hook'])('%s', (url) => { expect(webhookAddressFault(url, none)).toBeNull(); });

  it.each([
    ['http://hooks.example.org/', /https/], ['https://hooks.example.org:8443/', /port 443/], ['ftp://example.org/', /https/], ['https://user:pw@example.org/', /user name/], ['https://example.org/#part', /fragment/], ['example.org', /not a web address/], ['https://example.org/a b', /not a web address/],
    ['https://localhost/', /public internet/], ['https://127.0.0.1/', /public internet/], ['https://2130706433/', /public internet/], ['https://0x7f.1/', /public internet/], ['https://[::1]/', /public internet/], ['https://[::ffff:169.254.169.254]/', /public internet/], ['https://169.254.169.254/latest/meta-data/', /public internet/],
    ['https://db.internal/', /public internet/], ['https://api/', /public internet/], ['https://10.0.0.7/', /public internet/],
  ])('not %s', (url, why) => { expect(webhookAddressFault(url, none)).toMatch(why); });

  it('a private host, http and another port are the administrator\'s to list, with exactly that port', () => {
    const hosts = { allowedPrivateHosts: ['10.0.0.7:9000', 'chat.internal'] };
    for (const url of ['http://10.0.0.7:9000/hook', 'http://chat.internal/', 'https://chat.internal/']) expect(webhookAddressFault(url, hosts)).toBeNull();
    for (const url of ['http://10.0.0.7/', 'https://10.0.0.7:9001/', 'http://chat.internal:81/', 'http://x.chat.internal/']) expect(webhookAddressFault(url, hosts)).not.toBeNull();
  });

  it('whatever passes is https on its usual port, without credentials, and a public literal or a dotted name (property)', () => {
    const piece = fc.oneof(fc.constantFrom('https', 'http', '://', ':', '/', '//', '\\', '@', '#', '?', '.', '[', ']', '::1', '127.0.0.1', '2130706433', 'localhost', 'example.org', '①②⑦.⓪.⓪.①', ':443', ':22', '\t', ' ', '。'), fc.string({ maxLength: 5 }));
    fc.assert(fc.property(fc.array(piece, { minLength: 1, maxLength: 9 }), (parts) => {
      const text = parts.join('');
      if (webhookAddressFault(text, none) !== null) return true;
      const url = new URL(text);
      const host = url.hostname.replace(/^\[|\]$/g, '');
      return url.protocol === 'https:' && `${url.port}${url.username}${url.password}${url.hash}` === '' && (isPublicAddress(host) || /\.[a-z]{2,}\.?$|\.xn--/.test(host));
    }), { numRuns: 10_000 });
  }, 60_000);
});
