import { createHmac, randomBytes } from 'node:crypto';
import { betterAuth } from 'better-auth/minimal';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { genericOAuth, twoFactor } from 'better-auth/plugins';
import { PASSWORD_MAX, PASSWORD_MIN } from '#contracts/passwords';
import { masterKeys, type Config } from '#platform/config';
import type { Database } from '#platform/db';
import { uuidv7 } from '#platform/ids';
import type { Logger } from '#platform/logger';
import { derivedKey } from '#platform/secrets/derived-key';
import { sessionLimits } from '../session-cookie.ts';
import { hashSessionTokens } from './hashed-sessions.ts';
import { hashPassword, verifyPassword } from './password-hash.ts';
import { verifiedProfile } from './verified-profile.ts';

/** better-auth, set up on our tables: checks passwords, second factors and OpenID Connect, and makes the session. It is never
 * mounted: our own endpoints call it, so that body rules, origin check, limits and audit hold for it as for all else
 * (docs/adr/2026-11-25-accounts-on-better-auth.md). */
export const OIDC_PATH = '/api/v1/session/oidc';
const PURPOSE = 'agentic-workflow-platform/better-auth/v1';
const ISSUER = 'Agentic Workflow Platform';

export function createAuthEngine({ db, config, logger }: { db: Database; config: Config; logger: Logger }) {
  const secrets = masterKeys(config).map((master) => derivedKey(master, PURPOSE));
  const secret = (secrets[0] as { key: Buffer }).key.toString('base64url');
  const secure = config.AWP_ENV === 'production';
  const auth = betterAuth({
    appName: ISSUER, baseURL: new URL(config.WEB_ORIGIN).origin, basePath: OIDC_PATH, secret,
    // The version says which master key made a value; 31 bits of the key's id.
    secrets: secrets.map(({ kid, key }) => ({ version: Number.parseInt(kid.slice(0, 8), 16) >>> 1, value: key.toString('base64url') })),
    database: hashSessionTokens(prismaAdapter(db, { provider: 'postgresql', transaction: false })),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: PASSWORD_MIN, maxPasswordLength: PASSWORD_MAX, password: { hash: hashPassword, verify: ({ hash, password }) => verifyPassword(hash, password) } },
    session: { expiresIn: Math.floor(sessionLimits(config).absoluteMs / 1000), disableSessionRefresh: true, cookieCache: { enabled: false }, freshAge: 0 },
    account: { encryptOAuthTokens: true, accountLinking: { enabled: true } },
    databaseHooks: {
      session: { create: { before: async (session) => {
        const person = await db.user.findUnique({ where: { id: session.userId }, select: { isActive: true } });
        return person?.isActive ? { data: { ...session, token: randomBytes(32).toString('base64url'), userAgent: session.userAgent?.slice(0, 300) } } : false;
      } } },
    },
    plugins: [
      twoFactor({ issuer: ISSUER, twoFactorCookieMaxAge: 600, accountLockout: { enabled: true, maxFailedAttempts: 10, durationSeconds: 900 } }),
      genericOAuth({ config: config.AWP_OIDC_PROVIDERS.map((provider) => ({
        providerId: provider.id, name: provider.name, clientId: provider.client_id, clientSecret: provider.client_secret, discoveryUrl: provider.discovery_url, authorizationUrl: provider.authorization_url, tokenUrl: provider.token_url, userInfoUrl: provider.user_info_url,
        ...(provider.verified_emails_url ? { getUserInfo: (tokens: { accessToken?: string | undefined }) => verifiedProfile(provider, tokens.accessToken) } : {}),
        scopes: provider.scopes, pkce: true, disableSignUp: true, disableImplicitSignUp: true,
      })) }),
    ],
    advanced: { cookiePrefix: 'awp', useSecureCookies: secure, database: { generateId: () => uuidv7() }, ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS] } },
    telemetry: { enabled: false },
    logger: { level: 'error', log: (level, message) => { logger[level === 'error' ? 'warn' : 'debug']({ from: 'better-auth' }, message); } },
  });
  const prefix = secure ? '__Secure-awp.' : 'awp.';
  const passes = (pair: string): boolean => pair.startsWith(prefix) && !/^[^=]*\.(session_token|session_data|account_data|dont_remember)/.test(pair);
  return {
    auth,
    /** A cookie for the browser, when it is one that passes through: the waiting second factor or the state of an OpenID sign-in. There it
     * is bound to this host: `__Secure-` alone could be put there by a neighbour under the same domain. */
    toBrowser: (cookie: string): string | null => (passes(cookie) ? cookie.replace(/^__Secure-/, '__Host-') : null),
    /** The other way round: `name=value` as better-auth knows it. */
    fromBrowser: (pair: string): string | null => {
      // Only the bound name is taken in production: the other one is not ours.
      if (secure && !pair.startsWith('__Host-')) return null;
      const inner = pair.replace(/^__Host-/, '__Secure-');
      return passes(inner) ? inner : null;
    },
    sessionCookieName: `${prefix}session_token`,
    /** The cookie that better-auth expects, made of the token that ours carries. */
    signed: (token: string): string => `${prefix}session_token=${encodeURIComponent(`${token}.${createHmac('sha256', secret).update(token).digest('base64')}`)}`,
  };
}
export type AuthEngine = ReturnType<typeof createAuthEngine>;

/** The header in which our own code hands the client's address on; a client's own is removed. */
export const CLIENT_ADDRESS = 'x-awp-client-address';
