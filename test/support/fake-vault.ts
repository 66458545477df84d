import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The part of Vault's HTTP API that the product uses: KV version 2 at `secret`, AppRole and Kubernetes sign-in, health. */
export interface FakeVault {
  url: string;
  /** all versions of all secrets, as Vault would hold them */
  secrets: Map<string, (Record<string, unknown> | null)[]>;
  logins: string[];
  /** makes every login that was given out void */
  revokeLogins(): void;
  seal(sealed: boolean): void;
  close(): Promise<void>;
}
export const VAULT_TOKEN = 'hvs.test-token-0123456789';

export async function startFakeVault(): Promise<FakeVault> {
  const secrets: FakeVault['secrets'] = new Map();
  const logins: string[] = [];
  let tokens = new Set([VAULT_TOKEN]);
  let sealed = false;
  const answer = (request: IncomingMessage, body: Record<string, never>): [number, unknown?] => {
    const url = new URL(request.url ?? '/', 'http://vault');
    if (url.pathname === '/v1/sys/health') return [sealed ? 503 : 200, { sealed }];
    if (sealed) return [503, { errors: ['Vault is sealed'] }];
    const [, , kind, mount] = url.pathname.split('/');
    if (kind === 'auth') {
      if ((body['role_id'] ?? body['role']) !== 'awp' || (body['secret_id'] ?? body['jwt']) !== 'good') return [400, { errors: ['invalid role or secret ID'] }];
      const token = `hvs.login-${logins.push(String(mount))}`;
      tokens.add(token);
      return [200, { auth: { client_token: token, lease_duration: 3600, renewable: true } }];
    }
    if (!tokens.has(String(request.headers['x-vault-token']))) return [403, { errors: ['permission denied'] }];
    const path = url.pathname.replace(/^\/v1\/secret\/(?:data|metadata)\//, '');
    const versions = secrets.get(path) ?? [];
    if (mount === 'metadata' && request.method === 'DELETE') { secrets.delete(path); return [204]; }
    if (request.method === 'POST') { secrets.set(path, [...versions, body['data'] ?? {}]); return [200, { data: { version: versions.length + 1, destroyed: false } }]; }
    const version = Number(url.searchParams.get('version') ?? versions.length);
    const data = versions[version - 1];
    return data ? [200, { data: { data, metadata: { version, destroyed: false } } }] : [404, { errors: [] }];
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part)).on('end', () => {
      const [status, json] = answer(request, parts.length > 0 ? JSON.parse(Buffer.concat(parts).toString('utf8')) : {});
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(json === undefined ? undefined : JSON.stringify(json));
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, secrets, logins,
    revokeLogins: () => { tokens = new Set([VAULT_TOKEN]); },
    seal: (value) => { sealed = value; },
    close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  };
}
