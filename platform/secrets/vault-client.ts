import { readFile } from 'node:fs/promises';
import { CodedError } from '../coded-error.ts';

/** How a process signs in at Vault: a token that somebody else renews, an AppRole, or the pod's own service account. */
export type VaultAuth =
  | { kind: 'token'; token: string }
  | { kind: 'approle'; mount: string; roleId: string; secretId: string }
  | { kind: 'kubernetes'; mount: string; role: string; tokenFile: string };
export interface VaultOptions { address: string; namespace?: string; mount: string; prefix: string; auth: VaultAuth }

export interface VaultClient {
  /** @returns the version that was written */
  write(path: string, data: Record<string, string>): Promise<number>;
  /** @returns null when this version is not there, deleted or destroyed */
  read(path: string, version: number): Promise<Record<string, unknown> | null>;
  /** All versions and their metadata; nothing to do when there are none. */
  remove(path: string): Promise<void>;
  /** Unsealed and reachable, and we may sign in. @throws CodedError ServiceUnavailable in words that name Vault */
  check(): Promise<void>;
}

const TIMEOUT_MS = 3000;
/** A login is used for at most this share of its lease, so that it never runs out on the way. */
const LEASE_SHARE = 0.8;
/** A call that needs it is tried again as while the database is away (activities/failures.ts). */
export class VaultAway extends CodedError {
  constructor(detail: string, cause?: unknown) {
    super('ServiceUnavailable', `Vault ${detail}.`, { retryAfterSeconds: 5, cause });
  }
}
const away = (detail: string, cause?: unknown): VaultAway => new VaultAway(detail, cause);

interface Reply { status: number; body: { auth?: { client_token?: string; lease_duration?: number }; data?: { version?: number; data?: Record<string, unknown> | null } } | null }

/** The few calls of Vault's HTTP API that KV version 2 needs. Nothing that Vault answers gets into an error.
 * @source developer.hashicorp.com/vault/api-docs: secret/kv/kv-v2, auth/approle, auth/kubernetes, system/health, read 2026-11 */
export function createVaultClient({ address, namespace, mount, prefix, auth }: VaultOptions): VaultClient {
  let login: { token: string; until: number } | null = null;

  async function send(method: string, path: string, token: string | null, json?: unknown): Promise<Reply> {
    try {
      const response = await fetch(`${address.replace(/\/+$/, '')}/v1/${path}`, {
        method, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS), body: json === undefined ? undefined : JSON.stringify(json),
        headers: { 'X-Vault-Request': 'true', ...(token === null ? {} : { 'X-Vault-Token': token }), ...(namespace ? { 'X-Vault-Namespace': namespace } : {}), ...(json === undefined ? {} : { 'Content-Type': 'application/json' }) },
      });
      const text = await response.text();
      return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as Reply['body']) : null };
    } catch (error) {
      throw away('does not answer', error);
    }
  }

  async function credentials(): Promise<unknown> {
    if (auth.kind === 'approle') return { role_id: auth.roleId, secret_id: auth.secretId };
    return auth.kind === 'kubernetes' ? { role: auth.role, jwt: (await readFile(auth.tokenFile, 'utf8')).trim() } : {};
  }

  async function token(): Promise<string> {
    if (auth.kind === 'token') return auth.token;
    if (login && Date.now() < login.until) return login.token;
    const { status, body } = await send('POST', `auth/${auth.mount}/login`, null, await credentials());
    const granted = body?.auth?.client_token;
    if (status !== 200 || !granted) throw away(`refused our sign-in (${auth.kind}, HTTP ${status})`);
    login = { token: granted, until: Date.now() + (body?.auth?.lease_duration ?? 0) * 1000 * LEASE_SHARE };
    return granted;
  }

  /** A login that was revoked meanwhile is made anew, once. @throws CodedError ServiceUnavailable for anything but the statuses that are `fine` */
  async function call(method: string, path: string, fine: readonly number[], json?: unknown): Promise<Reply> {
    let reply = await send(method, path, await token(), json);
    if (reply.status === 403 && auth.kind !== 'token') {
      login = null;
      reply = await send(method, path, await token(), json);
    }
    if (!fine.includes(reply.status)) throw away(reply.status === 403 ? 'refused: its policy does not let us do this' : `answered HTTP ${reply.status}`);
    return reply;
  }

  const at = (kind: 'data' | 'metadata', path: string): string => `${mount}/${kind}/${[prefix, ...path.split('/')].map(encodeURIComponent).join('/')}`;
  return {
    async write(path, data) {
      const version = (await call('POST', at('data', path), [200], { data })).body?.data?.version;
      if (version === undefined) throw away('did not say which version it wrote');
      return version;
    },
    async read(path, version) {
      const { status, body } = await call('GET', `${at('data', path)}?version=${version}`, [200, 404]);
      return status === 200 ? (body?.data?.data ?? null) : null;
    },
    async remove(path) {
      await call('DELETE', at('metadata', path), [204, 404]);
    },
    async check() {
      const { status } = await send('GET', 'sys/health?standbyok=true&perfstandbyok=true', null);
      if (status !== 200) throw away(status === 503 ? 'is sealed' : status === 501 ? 'is not initialised' : `answered HTTP ${status}`);
      await token();
    },
  };
}
