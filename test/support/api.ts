import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CatalogEntry } from '#contracts/catalog.schema';
import { createDeps } from '#api/create-deps';
import type { Deps } from '#api/deps';
import { prepareDatabase } from '#api/prepare';
import { createServer } from '#api/server';
import { loadConfig } from '#platform/config';
import { createLogger } from '#platform/logger';
import { createApiToken } from '#platform/repositories/api-tokens';
import { createUser } from '#platform/repositories/users';
import { catalog } from '#workflows/catalog/index';
import { createTestDatabase, temporalAddress } from './servers.ts';

export const BOOTSTRAP_KEY = 'bootstrap-key-for-tests-0123456789';
export const SIGN_IN_TOKEN = 'sign-in-token-for-tests-0123456789abcdef';
export const GOAL = 'Build a small agent that calls tools, and understand why it sometimes fails';

export interface Reply { status: number; headers: Headers; text: string; body: never }
export interface ApiUnderTest {
  url: string;
  deps: Deps;
  log: string[];
  /** sends a request; `as` = a token, null for no credential, the bootstrap key when left out */
  call(method: string, address: string, options?: { as?: string | null; json?: unknown; raw?: string | Uint8Array; headers?: Record<string, string> }): Promise<Reply>;
  /** a new person with a token of theirs */
  person(role: 'student' | 'researcher' | 'admin', scopes?: string[]): Promise<{ id: string; token: string }>;
  close(): Promise<void>;
}

/** The API in this process, on a database of its own and the real Temporal server; durations and limits by environment. */
export async function startApi(environment: Record<string, string> = {}, entries: readonly CatalogEntry[] = catalog): Promise<ApiUnderTest> {
  const database = await createTestDatabase();
  const home = mkdtempSync(path.join(tmpdir(), 'awp-api-'));
  const config = loadConfig({
    AWP_HOME: home, DATABASE_URL: database.url, TEMPORAL_ADDRESS: temporalAddress(), AWP_MASTER_KEY: randomBytes(32).toString('base64'), AWP_BOOTSTRAP_API_KEY: BOOTSTRAP_KEY, AWP_SIGN_IN_TOKEN: SIGN_IN_TOKEN,
    API_PORT: '0', DATABASE_POOL_SIZE: '10', WORKER_TASK_QUEUE: `test-${randomUUID()}`, AWP_RUN_STARTS_PER_MINUTE: '0', AWP_SECRET_WRITES_PER_HOUR: '0', AWP_CHANGES_PER_MINUTE: '0', AWP_KEY_TEST_TIMEOUT_MS: '100', ...environment,
  });
  const log: string[] = [];
  const { deps, stop, close } = createDeps(config, createLogger(config, 'api', { write: (line) => { log.push(line); } }), entries);
  await prepareDatabase(deps);
  await deps.feed.start();
  const server: Server = createServer(deps);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url, deps, log,
    async call(method, address, { as = BOOTSTRAP_KEY, json, raw, headers = {} } = {}) {
      const response = await fetch(url + address, {
        method, redirect: 'manual', body: json === undefined ? (raw as string | undefined) : JSON.stringify(json),
        headers: { ...(as === null ? {} : { Authorization: `Bearer ${as}` }), ...(json === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, body: (/\bjson\b/.test(response.headers.get('content-type') ?? '') && text ? JSON.parse(text) : undefined) as never };
    },
    async person(role, scopes = []) {
      const user = await createUser(deps.db, { name: role, email: `${randomUUID()}@example.test`, role });
      const { token } = await deps.db.$transaction((tx) => createApiToken(tx, user.id, { name: 'test', scopes, expiresAt: null }));
      return { id: user.id, token };
    },
    async close() {
      stop();
      await new Promise<void>((resolve) => { server.close(() => resolve()); server.closeAllConnections(); });
      await close();
      await database.drop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
