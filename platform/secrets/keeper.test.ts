import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFakeVault, VAULT_TOKEN, type FakeVault } from '../../test/support/fake-vault.ts';
import { loadConfig } from '../config.ts';
import { SecretUnreadable } from './envelope.ts';
import { envelopeKeeper, type SecretKeeper } from './keeper.ts';
import { createKeyRing } from './key-ring.ts';
import { configuredKeeper, vaultOf } from './vault-keeper.ts';

let vault: FakeVault;
const ring = createKeyRing([randomBytes(32)]);
beforeAll(async () => { vault = await startFakeVault(); });
afterAll(() => vault.close());

const binding = { ownerId: 'owner-a', provider: 'openai', rowId: 'row-1' };
const SECRET = 'sk-canary-0123456789';
const withVault = (environment: Record<string, string> = { VAULT_TOKEN }) => loadConfig({ AWP_SECRET_STORE: 'vault', VAULT_ADDR: vault.url, ...environment });

/** What every keeper has to hold. */
describe.each<[string, () => SecretKeeper]>([['the database', () => envelopeKeeper(ring)], ['Vault', () => configuredKeeper(withVault(), ring)]])('secrets kept in %s', (_name, open) => {
  it('come back, and the row never holds them in clear', async () => {
    const keeper = open();
    const stored = await keeper.put(SECRET, binding);
    expect(JSON.stringify(stored)).not.toContain('canary');
    expect(await keeper.take(stored, binding)).toBe(SECRET);
    expect(await open().take(JSON.parse(JSON.stringify(stored)), binding)).toBe(SECRET);
  });

  it('are refused to another owner, provider or row', async () => {
    const stored = await open().put(SECRET, binding);
    for (const moved of [{ ownerId: 'owner-b' }, { provider: 'groq' }, { rowId: 'row-2' }]) await expect(open().take(stored, { ...binding, ...moved })).rejects.toThrow(SecretUnreadable);
  });

  it('are replaced by the next one, and the one before does not come back as it', async () => {
    const keeper = open();
    const first = await keeper.put(SECRET, binding);
    const second = await keeper.put('sk-second-0123456789', binding);
    expect([await keeper.take(second, binding), await keeper.take(first, binding)]).toEqual(['sk-second-0123456789', SECRET]);
  });

  it('can be dropped more than once', async () => {
    const keeper = open();
    const stored = await keeper.put(SECRET, binding);
    await keeper.drop(stored);
    await expect(keeper.drop(stored)).resolves.toBeUndefined();
  });
});

describe('Vault', () => {
  it('a dropped secret is gone with all its versions; what somebody else put in its place is refused', async () => {
    const keeper = configuredKeeper(withVault(), ring);
    const stored = await keeper.put(SECRET, binding);
    await keeper.take(stored, binding);
    await keeper.drop(stored);
    expect(vault.secrets.size).toBe(0);
    await expect(keeper.take(stored, binding)).rejects.toThrow(/any more/);
    vault.secrets.set('awp/owner-a/openai/row-1', [{ api_key: 'sk-planted-0123456789', owner: 'owner-b', provider: 'openai', row: 'row-1' }]);
    await expect(keeper.take({ v: 'vault', path: 'owner-a/openai/row-1', version: 1 }, binding)).rejects.toThrow(/is not this secret/);
    vault.secrets.clear();
  });

  it('keys that were kept in the database before stay readable', async () => {
    expect(await configuredKeeper(withVault(), ring).take(await envelopeKeeper(ring).put(SECRET, binding), binding)).toBe(SECRET);
  });

  it('signs in by AppRole or as a pod, once for many calls, and again when its login was revoked', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'awp-vault-'));
    writeFileSync(path.join(folder, 'token'), 'good\n');
    try {
      for (const [mount, environment] of [['approle', { VAULT_ROLE_ID: 'awp', VAULT_SECRET_ID: 'good' }], ['k8s', { VAULT_KUBERNETES_ROLE: 'awp', VAULT_KUBERNETES_TOKEN_FILE: path.join(folder, 'token'), VAULT_AUTH_MOUNT: 'k8s' }]] as const) {
        vault.logins.splice(0);
        const keeper = configuredKeeper(withVault(environment), ring);
        await keeper.put(SECRET, binding);
        await keeper.put(SECRET, binding);
        expect(vault.logins).toEqual([mount]);
        vault.revokeLogins();
        await keeper.put(SECRET, binding);
        expect(vault.logins).toEqual([mount, mount]);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('a wrong sign-in, a seal and an absence are told as Vault\'s, without its words or our secrets', async () => {
    await expect(vaultOf(withVault({ VAULT_ROLE_ID: 'awp', VAULT_SECRET_ID: 'sk-wrong' }))?.check()).rejects.toThrow('Vault refused our sign-in (approle, HTTP 400).');
    await expect(configuredKeeper(withVault({ VAULT_TOKEN: 'sk-wrong' }), ring).put(SECRET, binding)).rejects.toThrow('Vault refused: its policy does not let us do this.');
    vault.seal(true);
    await expect(vaultOf(withVault())?.check()).rejects.toThrow('Vault is sealed.');
    await expect(configuredKeeper(withVault(), ring).put(SECRET, binding)).rejects.toThrow('Vault answered HTTP 503.');
    vault.seal(false);
    await expect(vaultOf(withVault({ VAULT_ADDR: 'http://127.0.0.1:9', VAULT_TOKEN }))?.check()).rejects.toThrow('Vault does not answer.');
  });

  it('a start without address or sign-in says what is missing', () => {
    expect(() => vaultOf(loadConfig({ AWP_SECRET_STORE: 'vault' }))).toThrow('VAULT_ADDR is missing');
    expect(() => vaultOf(withVault({}))).toThrow('VAULT_KUBERNETES_ROLE');
  });
});
