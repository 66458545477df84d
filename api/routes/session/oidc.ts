import { OidcCallbackQuery, OidcParams, OidcStartSchema, SignInMethodsSchema } from '#contracts/api/accounts.schema';
import { CodedError, notFound } from '#platform/coded-error';
import { defineEndpoint, HANDLED } from '../../endpoint.ts';
import { OIDC_PATH } from '../../accounts/auth-engine.ts';
import { signedIn } from './post-sign-in.ts';

export const getSignInMethods = defineEndpoint({
  method: 'get', path: '/api/v1/session/methods', operationId: 'listSignInMethods', tag: 'Session', summary: 'How one can sign in here', permission: 'public', audit: 'none',
  answers: { 200: { description: 'The ways', schema: SignInMethodsSchema } }, errors: [],
  handler: ({ config }) => async () => ({ status: 200, body: { password: true, link: config.AWP_ENV === 'local', mail: config.AWP_MAIL_HOOK_URL !== undefined, oidc: config.AWP_OIDC_PROVIDERS.map(({ id, name }) => ({ id, name })) } }),
});

export const postOidcStart = defineEndpoint({
  method: 'post', path: `${OIDC_PATH}/{provider}`, operationId: 'startOidcSignIn', tag: 'Session', summary: 'Begin to sign in at another service', description: 'The answer holds the address to send the browser to. State, PKCE and nonce are kept here.', permission: 'public', audit: 'none',
  params: OidcParams, answers: { 200: { description: 'Where to go', schema: OidcStartSchema } }, errors: ['NotFound', 'PermissionDenied', 'RateLimited', 'ServiceUnavailable'],
  handler: (deps) => async ({ params, req, res }) => {
    if (!deps.config.AWP_OIDC_PROVIDERS.some(({ id }) => id === params.provider)) throw notFound('This sign-in');
    await deps.limits.signInAllowed(req.ip ?? 'unknown');
    return { status: 200, body: { url: await deps.accounts.startOidc(req, res, params.provider) } };
  },
});

export const getOidcCallback = defineEndpoint({
  method: 'get', path: `${OIDC_PATH}/callback/{provider}`, operationId: 'finishOidcSignIn', tag: 'Session', summary: 'Where the other service sends the browser back to', description: 'Signs in the person whose verified e-mail address has an account here, and nobody else.', permission: 'public', audit: ['session.created', 'session.refused', 'session.ended'],
  params: OidcParams, query: OidcCallbackQuery, answers: { 303: { description: 'To the start page, or back to the sign-in page' }, 431: { description: 'The query is larger than 16 KB' } }, errors: ['NotFound', 'RateLimited'],
  handler: (deps) => async ({ params, query, req, res, audit }) => {
    if (!deps.config.AWP_OIDC_PROVIDERS.some(({ id }) => id === params.provider)) throw notFound('This sign-in');
    await deps.limits.signInAllowed(req.ip ?? 'unknown');
    const { outcome, location } = await deps.accounts.finishOidc(req, res, params.provider, query);
    await signedIn(deps, { req, audit }, outcome, 'oidc', 'The other service did not vouch for an account here.', null).catch((error: unknown) => { if (!(error instanceof CodedError)) throw error; });
    res.redirect(303, location);
    return HANDLED;
  },
});
