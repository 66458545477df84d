import { expect, it } from 'vitest';
import { verifiedProfile } from './verified-profile.ts';

const GITHUB = { user_info_url: 'https://api.github.example/user', verified_emails_url: 'https://api.github.example/user/emails' };
const answering = (person: unknown, addresses: unknown, status = 200): typeof fetch => async (url) => Response.json(String(url).endsWith('/emails') ? addresses : person, { status });

it('the primary, verified address is the person\'s, whatever the profile says', async () => {
  const person = { id: 7, login: 'ada', name: null, email: 'somebody.else@example.test' };
  expect(await verifiedProfile(GITHUB, 'token', answering(person, [{ email: 'old@example.test', primary: false, verified: true }, { email: 'ada@example.test', primary: true, verified: true }]))).toEqual({ id: '7', name: 'ada', email: 'ada@example.test', emailVerified: true });
});

it.each([
  ['an address that is not verified', { id: 7 }, [{ email: 'ada@example.test', primary: true, verified: false }], 200],
  ['no primary address', { id: 7 }, [{ email: 'ada@example.test', verified: true }], 200],
  ['nobody', {}, [{ email: 'ada@example.test', primary: true, verified: true }], 200],
  ['words instead of a list', { id: 7 }, { message: 'Requires authentication' }, 200],
  ['a refusal', { id: 7 }, [{ email: 'ada@example.test', primary: true, verified: true }], 401],
])('%s signs nobody in', async (_name, person, addresses, status) => {
  expect(await verifiedProfile(GITHUB, 'token', answering(person, addresses, status))).toBeNull();
});

it('without a token, or where the service has no such list, nobody is asked', async () => {
  const asked: typeof fetch = async () => { throw new Error('asked'); };
  expect(await verifiedProfile(GITHUB, undefined, asked)).toBeNull();
  expect(await verifiedProfile({ user_info_url: GITHUB.user_info_url }, 'token', asked)).toBeNull();
});
