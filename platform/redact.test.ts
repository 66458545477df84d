import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mask, redact } from './redact.ts';

/** Made-up keys in the shapes that vendors give out. */
const KEYS = [
  'sk-proj-a1B2c3D4e5F6g7H8i9J0', 'sk-ant-api03-a1B2c3D4e5F6g7H8', 'sk-or-v1-0123456789abcdef0123', 'gsk_a1B2c3D4e5F6g7H8i9J0', 'AIzaSyA1b2C3d4E5f6G7h8I9j0K1l2', 'awp_k1_a1B2c3D4e5F6g7H8i9', 'tvly-dev-a1B2c3D4e5F6',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl', 'Bearer a1B2c3D4e5F6g7H8i9',
];
const key = fc.constantFrom(...KEYS);

describe('secrets by shape', () => {
  it('every key shape is hidden wherever it stands', () => {
    fc.assert(fc.property(key, fc.constantFrom('', 'the key is ', '{"x":"', '(', 'a=b&k='), fc.constantFrom('', ' was refused', '"}', ')', '&c=d'), (secret, before, after) => {
      expect(redact(`${before}${secret}${after}`)).not.toContain(secret.replace('Bearer ', ''));
    }));
  });

  it('and however deep', () => {
    fc.assert(fc.property(key, fc.array(fc.constantFrom('list', 'object', 'text'), { maxLength: 14 }), (secret, path) => {
      const value = path.reduceRight<unknown>((inner, kind) => (kind === 'list' ? [inner] : kind === 'object' ? { detail: inner } : { note: 'x', more: [inner] }), secret);
      expect(JSON.stringify(redact(value))).not.toContain(secret.replace('Bearer ', ''));
    }));
  });

  it('credentials in an address go, the address stays', () => {
    expect(redact('postgresql://awp:hunter2@db.internal:5432/awp')).toBe('postgresql://***@db.internal:5432/awp');
    for (const [address, shown] of [['postgresql://awp:hun:ter2@db/awp', 'postgresql://***@db/awp'], ['redis://:hunter2@cache', 'redis://***@cache']]) expect(redact(address)).toBe(shown);
  });

  it('a token of Vault goes', () => {
    expect(redact('permission denied for hvs.CAESIJ0123456789abcdef')).toBe('permission denied for hvs***cdef');
  });

  it('several in one text', () => {
    expect(redact(`${KEYS[0]} and ${KEYS[3]}`)).toBe('sk-***i9J0 and gsk***i9J0');
  });
});

describe('secrets by name', () => {
  it.each(['apiKey', 'api_key', 'API-KEY', 'x-api-key', 'x-goog-api-key', 'Authorization', 'set-cookie', 'cookie', 'password', 'token', 'access_token', 'clientSecret', 'AWP_MASTER_KEY'.slice(4)])('%s is hidden whatever it holds', (name) => {
    expect(JSON.stringify(redact({ [name]: 'hunter2' }))).not.toContain('hunter2');
    expect(JSON.stringify(redact({ deep: [{ [name]: 'correct horse battery' }] }))).not.toContain('horse');
    expect(JSON.stringify(redact({ [name]: ['sid=hunter2'] }))).not.toContain('hunter2');
    expect(JSON.stringify(redact({ [name]: 471147 }))).not.toContain('471147');
    expect(JSON.stringify(redact({ [name]: { value: 'hunter2' } }))).not.toContain('hunter2');
  });

  it('nothing there is shown as nothing', () => {
    expect(redact({ apiKey: null, token: undefined })).toEqual({ apiKey: null, token: undefined });
  });

  it('a masked value keeps three and four characters of a long one, nothing of a short one', () => {
    expect(mask('sk-abcdefghijkl')).toBe('sk-***ijkl');
    expect(mask('hunter2')).toBe('***');
  });
});

describe('everything else', () => {
  it.each(['monkey', 'keyboard', 'tokens are counted', 'a risk-based approach for task-oriented agents', 'The secret of good prompts', 'ask-me-anything-about-agents', 'https://example.org/a:b@c', 'Bearer of news', 'sk-short'])('"%s" is untouched', (text) => {
    expect(redact(text)).toBe(text);
    expect(redact({ monkey: text, input_tokens: 12, max_output_tokens: 5, key: text })).toEqual({ monkey: text, input_tokens: 12, max_output_tokens: 5, key: text });
  });

  it('keeps values, and never changes what it was given', () => {
    const given = { count: 1, ok: true, none: null, list: ['a', 2], at: new Date(0), error: new Error('x') };
    expect(redact(given)).toEqual(given);
    const secret = { apiKey: 'hunter2hunter2' };
    redact(secret);
    expect(secret.apiKey).toBe('hunter2hunter2');
  });

  it('a value that holds itself comes to an end', () => {
    const loop: Record<string, unknown> = { name: 'loop' };
    loop['self'] = loop;
    expect(JSON.stringify(redact(loop)).length).toBeLessThan(2000);
  });
});
