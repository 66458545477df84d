import { z } from 'zod';
import type { OidcProvider } from '#contracts/oidc-providers.schema';

/** A service that is no OpenID Connect issuer (GitHub) tells who somebody is at one address, and which e-mail addresses of theirs it
 * has verified at another. Only the primary, verified one counts: what a person merely wrote into a profile opens no account here. */
const TIMEOUT_MS = 10_000;
const Person = z.object({ id: z.union([z.string().min(1), z.number().int()]), name: z.string().nullish(), login: z.string().nullish() });
const Addresses = z.array(z.object({ email: z.string(), primary: z.boolean().default(false), verified: z.boolean().default(false) }));

export interface VerifiedProfile extends Record<string, unknown> { id: string; name: string; email: string; emailVerified: boolean }

/** @param read  sends the request; a test gives its own
 * @returns null when the service does not answer as expected, or has no primary address that it verified: nobody is signed in then */
export async function verifiedProfile(provider: Pick<OidcProvider, 'user_info_url' | 'verified_emails_url'>, accessToken: string | undefined, read: typeof fetch = fetch): Promise<VerifiedProfile | null> {
  const { user_info_url: personUrl, verified_emails_url: addressesUrl } = provider;
  if (personUrl === undefined || addressesUrl === undefined || accessToken === undefined) return null;
  const [person, addresses] = await Promise.all([ask(personUrl, accessToken, read, Person), ask(addressesUrl, accessToken, read, Addresses)]);
  const primary = addresses?.find((address) => address.primary && address.verified);
  return person && primary ? { id: String(person.id), name: person.name ?? person.login ?? primary.email, email: primary.email, emailVerified: true } : null;
}

async function ask<T>(url: string, accessToken: string, read: typeof fetch, schema: z.ZodType<T>): Promise<T | null> {
  const reply = await read(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS), headers: { Accept: 'application/json', Authorization: `Bearer ${accessToken}`, 'User-Agent': 'agentic-workflow-platform' } });
  const parsed = reply.ok ? schema.safeParse(await reply.json()) : null;
  return parsed?.success ? parsed.data : null;
}
