import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small OpenID Connect issuer on loopback: discovery, keys, token endpoint; also an OAuth 2 server as GitHub is one, with `/user` and
 * `/user/emails`. The test plays the browser: it reads the address it
 * would be sent to and asks `approve` for the code. */
export interface Issuer { url: string; approve(authorizationUrl: string, person: { sub: string; email: string; email_verified: boolean; name: string; plain?: boolean }): string; close(): Promise<void> }

export async function startIssuer(clientId: string): Promise<Issuer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const codes = new Map<string, Record<string, unknown>>();
  const granted = new Map<string, Record<string, unknown>>();
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const jwt = (claims: object) => {
    const head = `${part({ alg: 'RS256', kid: 'one', typ: 'JWT' })}.${part(claims)}`;
    return `${head}.${createSign('RSA-SHA256').update(head).sign(privateKey).toString('base64url')}`;
  };
  let url = '';
  const server = createServer((request, response) => {
    const send = (body: unknown, status = 200) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/.well-known/openid-configuration') { send({ issuer: url, authorization_endpoint: `${url}/authorize`, token_endpoint: `${url}/token`, jwks_uri: `${url}/keys`, id_token_signing_alg_values_supported: ['RS256'] }); return; }
    if (request.url === '/keys') { send({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }] }); return; }
    if (request.url?.startsWith('/user')) {
      const claims = granted.get((request.headers.authorization ?? '').replace('Bearer ', ''));
      if (!claims) send({ message: 'Requires authentication' }, 401);
      else send(request.url === '/user' ? { id: claims['sub'], login: claims['name'], email: null } : [{ email: 'another@example.test', primary: false, verified: true }, { email: claims['email'], primary: true, verified: claims['email_verified'] }]);
      return;
    }
    let body = '';
    request.on('data', (chunk: Buffer) => { body += chunk.toString(); }).on('end', () => {
      const code = new URLSearchParams(body).get('code') ?? '';
      const claims = codes.get(code);
      codes.delete(code);
      const token = randomBytes(16).toString('hex');
      if (!claims) { send({ error: 'invalid_grant' }, 400); return; }
      granted.set(token, claims);
      send({ access_token: token, token_type: 'Bearer', expires_in: 300, ...(claims['plain'] ? {} : { id_token: jwt(claims) }) });
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    approve(authorizationUrl, person) {
      const asked = new URL(authorizationUrl).searchParams;
      const code = randomBytes(8).toString('hex');
      const now = Math.floor(Date.now() / 1000);
      codes.set(code, { iss: url, aud: clientId, iat: now, exp: now + 300, ...(asked.get('nonce') ? { nonce: asked.get('nonce') } : {}), ...person });
      return `code=${code}&state=${encodeURIComponent(asked.get('state') ?? '')}`;
    },
    close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  };
}
