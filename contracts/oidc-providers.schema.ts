import { z } from 'zod';

const secure = z.url({ protocol: /^https?$/ });
/** Where people may sign in besides a password: any OpenID Connect issuer by its discovery document, or an OAuth 2 server by its
 * three addresses. Nobody gets an account by signing in there: the e-mail must be that of an invited person, and verified. */
export const OidcProviders = z.array(z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/), name: z.string().min(1).max(60), client_id: z.string().min(1), client_secret: z.string().min(1).optional(),
  discovery_url: secure.optional(), authorization_url: secure.optional(), token_url: secure.optional(), user_info_url: secure.optional(),
  /** of an OAuth 2 server that does not say in `user_info_url` whether an address is verified: a list of `{email, primary, verified}` */
  verified_emails_url: secure.optional(),
  scopes: z.array(z.string()).default(['openid', 'email', 'profile']),
}).refine((provider) => provider.discovery_url !== undefined || (provider.authorization_url !== undefined && provider.token_url !== undefined && provider.user_info_url !== undefined), 'needs discovery_url, or authorization_url, token_url and user_info_url')
  .refine((provider) => provider.verified_emails_url === undefined || provider.user_info_url !== undefined, 'verified_emails_url goes with user_info_url'))
  .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'each id only once');
export type OidcProvider = z.output<typeof OidcProviders>[number];
