import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '#platform/public-address';
import { checkUrl, guardedLookup, type HostPolicy, type Resolve } from './url-guard.ts';

const open: HostPolicy = { allowedPrivateHosts: [], grantedHosts: null };

const passes = (text: string, policy = open): boolean => { try { checkUrl(text, policy); return true; } catch { return false; } };

describe('isPublicAddress', () => {
  it.each(['8.8.8.8', '93.184.215.14', '2606:4700:4700::1111', '2a00:1450:4001:81b::200e', '::ffff:8.8.8.8'])('%s is public', (address) => { expect(isPublicAddress(address)).toBe(true); });
  it.each([
    '127.0.0.1', '127.255.255.254', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1', '100.100.100.200', '192.0.0.192', '198.18.0.1', '192.0.2.1',
    '203.0.113.9', '224.0.0.1', '240.0.0.1', '255.255.255.255', '168.63.129.16', '::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:169.254.169.254', '64:ff9b::7f00:1', '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::1', '2002:7f00:1::', '2001::1', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd00:ec2::254', 'fec0::1', 'ff02::1', '2001:db8::1', '3fff::1', '4000::1', '::ffff:168.63.129.16', '', 'localhost', '0x7f.1', '127.1', '017700000001',
  ])('%s is not', (address) => { expect(isPublicAddress(address)).toBe(false); });

  it('no private IPv4 address is public in any spelling (property)', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const blocked = fc.tuple(fc.constantFrom([10], [127], [0], [169, 254], [192, 168], [100, 64], [224], [255]), octet, octet, octet).map(([head, b, c, d]) => [...head, b, c, d].slice(0, 4) as [number, number, number, number]);
    fc.assert(fc.property(blocked, ([a, b, c, d]) => {
      const hex = (high: number, low: number): string => ((high << 8) | low).toString(16);
      const spellings = [`${a}.${b}.${c}.${d}`, `::ffff:${a}.${b}.${c}.${d}`, `::ffff:${hex(a, b)}:${hex(c, d)}`, `::${hex(a, b)}:${hex(c, d)}`, `64:ff9b::${hex(a, b)}:${hex(c, d)}`, `2002:${hex(a, b)}:${hex(c, d)}::1`];
      if (spellings.some((spelling) => isPublicAddress(spelling))) return false;
      const hosts = [String(((a << 24) >>> 0) + (b << 16) + (c << 8) + d), `0x${a.toString(16)}.${b}.${(c << 8) | d}`, `0${a.toString(8)}.${b}.${c}.${d}`, `${a}.${b}.${c}.${d}.`, `[${spellings[2]}]`];
      return !hosts.some((host) => passes(`http://${host}/`));
    }), { numRuns: 10_000 });
  }, 60_000);
});

describe('checkUrl', () => {
  it('whatever passes has a public literal or a dotted name, http(s), a standard port and no credentials (property)', () => {
    const piece = fc.oneof(fc.constantFrom('http', 'https', 'ftp', 'file', '://', ':', '/', '//', '\\', '@', '#', '?', '.', '[', ']', '::1', '127.0.0.1', '2130706433', '0x7f', '%2e', '%00', 'localhost', 'example.org', '①②⑦.⓪.⓪.①', ':80', ':443', ':22', '\t', '\n', ' ', '。'), fc.string({ maxLength: 5 }));
    fc.assert(fc.property(fc.array(piece, { minLength: 1, maxLength: 9 }), (parts) => {
      const text = parts.join('');
      let url: URL;
      try { url = checkUrl(text, open); } catch { return true; }
      const host = url.hostname.replace(/^\[|\]$/g, '');
      return /^https?:$/.test(url.protocol) && `${url.port}${url.username}${url.password}` === '' && (isPublicAddress(host) || (/\.[a-z]{2,}\.?$|\.xn--/.test(host) && !/localhost\.?$/.test(host)));
    }), { numRuns: 10_000 });
  }, 60_000);

  it('lets through what the admin listed, with its port, and nothing beside it', () => {
    const policy = { allowedPrivateHosts: ['wiki.internal', '127.0.0.1:8080', '[::1]:9000'], grantedHosts: null };
    for (const good of ['http://wiki.internal/', 'https://WIKI.internal./x', 'http://127.0.0.1:8080/', 'http://0x7f.1:8080/', 'http://[::1]:9000/']) expect(checkUrl(good, policy).href).toBeTruthy();
    for (const bad of ['http://wiki.internal:8080/', 'http://127.0.0.1/', 'http://127.0.0.1:8081/', 'http://[::1]/', 'http://x.wiki.internal/', 'http://user@wiki.internal/']) expect({ bad, passes: passes(bad, policy) }).toEqual({ bad, passes: false });
  });

  it('keeps to the hosts of the run', () => {
    const policy = { ...open, grantedHosts: ['docs.example.org'] };
    expect(checkUrl('https://docs.example.org/a', policy).pathname).toBe('/a');
    expect(() => checkUrl('https://example.org/', policy)).toThrow(/not granted the host example.org/);
  });
});

describe('guardedLookup', () => {
  const answer = (...addresses: string[]): Resolve => (_, done) => { done(null, addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))); };
  const look = (resolve: Resolve, allowPrivate = false): Promise<unknown> => new Promise((settle) => { guardedLookup(resolve, allowPrivate)('host.example', { all: true }, (error, addresses) => { settle(error ?? addresses); }); });

  it('one private address among public ones refuses the name', async () => {
    expect(await look(answer('8.8.8.8'))).toEqual([{ address: '8.8.8.8', family: 4 }]);
    expect(await look(answer('8.8.8.8', '10.0.0.1'))).toBeInstanceOf(Error);
    expect(await look(answer('2606:4700::1', '::ffff:10.0.0.1'))).toBeInstanceOf(Error);
    expect(await look(answer())).toMatchObject({ code: 'ENOTFOUND' });
    expect(await look(answer('10.0.0.1'), true)).toEqual([{ address: '10.0.0.1', family: 4 }]);
  });

  it('a name that changes its answer is judged by each answer, and the judged answer is the one used', async () => {
    const answers = ['8.8.8.8', '127.0.0.1', '8.8.4.4'];
    const rebinding: Resolve = (_, done) => { done(null, [{ address: answers.shift() ?? '', family: 4 }]); };
    expect(await look(rebinding)).toEqual([{ address: '8.8.8.8', family: 4 }]);
    expect(await look(rebinding)).toBeInstanceOf(Error);
    expect(await look(rebinding)).toEqual([{ address: '8.8.4.4', family: 4 }]);
  });
});
