import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { codecEndpoint, trustedEnvironment, webEnvironment } from './environment.ts';
import { commandLineToken, localKeys } from './keys.ts';
import { runningStack, takeLock } from './lock.ts';
import { LogFile } from './log-file.ts';
import { awpHome, projectRoot } from './paths.ts';
import { temporalBinary } from './temporal-binary.ts';
import { goMemory, temporalArguments, temporalService } from './temporal-server.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'awp-files-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const addresses = {
  databaseUrl: 'postgresql://awp:planted@127.0.0.1:5432/awp', temporalAddress: '127.0.0.1:7233', temporalNamespace: 'default', temporalUiUrl: undefined,
  demoBaseUrl: 'http://127.0.0.1:8100/v1', apiHost: '127.0.0.1', apiPort: 8001, webPort: 3001,
};

it('keys are made once, 32 bytes, readable by the owner only; a damaged file is never overwritten', () => {
  const keys = localKeys(home);
  expect(Buffer.from(keys.masterKey, 'base64')).toHaveLength(32);
  expect(statSync(join(home, 'keys.json')).mode & 0o777).toBe(0o600);
  expect(localKeys(home)).toEqual(keys);
  writeFileSync(join(home, 'keys.json'), '{"masterKey":"short"}');
  expect(() => localKeys(home)).toThrow(/damaged/);
  expect(readFileSync(join(home, 'keys.json'), 'utf8')).toContain('short');
});

it('a reset removes what a start has made, and nothing else: backups stay', () => {
  localKeys(home);
  commandLineToken(home, {});
  for (const folder of ['postgres', 'artifacts', 'temporal', 'logs', 'run', 'cache', 'backups']) mkdirSync(join(home, folder));
  execFileSync(process.execPath, ['scripts/reset.mjs', '--yes'], { env: { ...process.env, AWP_HOME: home }, cwd: projectRoot });
  expect(readdirSync(home)).toEqual(['backups']);
});

it('a lock whose process is gone is taken over; a living one is not', () => {
  writeFileSync(join(home, 'launcher.lock'), JSON.stringify({ pid: 999_999_999, identity: '1', urls: null }));
  const lock = takeLock(home);
  lock.announce({ web: 'http://localhost:3000', api: 'a', apiDocs: 'd', temporalUi: null });
  expect(() => takeLock(home)).toThrow(/already running at http:\/\/localhost:3000/);
  lock.release();
  expect(runningStack(home)).toBeNull();
});

it('a log is bounded on disk and remembers its last lines', () => {
  const log = new LogFile(join(home, 'logs/a.log'));
  for (let block = 0; block < 12; block += 1) log.write(`${'x'.repeat(999_999)}\n`);
  log.write('first\nsecond\nunfinished');
  expect(statSync(log.path).size).toBeLessThanOrEqual(5_000_000);
  expect(statSync(`${log.path}.1`).size).toBeLessThanOrEqual(5_000_000);
  expect(log.tail(3)).toEqual(['first', 'second', 'unfinished']);
});

it('the web process gets addresses and no secret; api and worker get both, and all that the person set', () => {
  // Values that no folder has in its name: the paths of the clone are in the environment as well.
  const env = {
    OPENAI_API_KEY: 'planted-provider', AWP_BOOTSTRAP_API_KEY: 'planted-bootstrap', DATABASE_URL: 'postgresql://planted-database', AWP_PREVIOUS_MASTER_KEYS: 'planted-previous', VAULT_SECRET_ID: 'planted-vault',
    AWP_OIDC_PROVIDERS: '[{"client_secret":"planted-client"}]', AWP_MCP_SERVERS: '{"a":{"headers":{"authorization":"planted-header"}}}', TEST_RUN_MAX_TOKENS: '5', PATH: '/bin',
  };
  const secrets = { masterKey: 'planted-master', signInToken: 'planted-link', commandLineToken: null };
  const web = webEnvironment(env, home, addresses);
  expect(web).toMatchObject({ API_ORIGIN: 'http://127.0.0.1:8001', WEB_ORIGIN: 'http://localhost:3001' });
  expect(Object.keys(web)).not.toEqual(expect.arrayContaining(['OPENAI_API_KEY']));
  expect(JSON.stringify(web)).not.toMatch(/planted|postgresql:/);
  expect(trustedEnvironment(env, home, addresses, secrets)).toMatchObject({
    OPENAI_API_KEY: 'planted-provider', AWP_BOOTSTRAP_API_KEY: 'planted-bootstrap', AWP_PREVIOUS_MASTER_KEYS: 'planted-previous', TEST_RUN_MAX_TOKENS: '5', DATABASE_URL: addresses.databaseUrl, AWP_MASTER_KEY: 'planted-master',
    AWP_SIGN_IN_TOKEN: 'planted-link', AWP_ENV: 'local', ARTIFACTS_URL: `file:${join(home, 'artifacts')}`, DEMO_BASE_URL: 'http://127.0.0.1:8100/v1',
  });
  // A key by file is the one that counts: the generated one must not come before it.
  expect(trustedEnvironment({ AWP_MASTER_KEY_FILE: '/run/master' }, home, addresses, secrets)).not.toHaveProperty('AWP_MASTER_KEY');
});

it('AWP_HOME may begin with the home folder, and is relative to the clone', () => {
  expect([awpHome({ AWP_HOME: '~/awp' }), awpHome({ AWP_HOME: 'data' }), awpHome({})]).toEqual([join(homedir(), 'awp'), join(projectRoot, 'data'), join(projectRoot, '.awp')]);
});

it('the Temporal server listens on this machine only, keeps a file database and polls its one shard fast', () => {
  const args = temporalArguments({ port: 1, uiPort: 2, databaseFile: '/x/t.db', namespace: 'default' }).join(' ');
  expect(args).toContain('--ip 127.0.0.1');
  expect(args).toContain('--db-filename /x/t.db --sqlite-pragma journal_mode=WAL --sqlite-pragma synchronous=NORMAL');
  expect(args).toContain('history.transferProcessorMaxPollRPS=1000');
  expect(args).toContain('system.enableActivityEagerExecution=true');
  expect(args).not.toContain('codec');
});

it('the Temporal server collects garbage seldom, within a sixth of the machine\'s memory and 1.5 GB, unless it is told otherwise', () => {
  expect([goMemory(24 * 1024 ** 3), goMemory(4 * 1024 ** 3)]).toEqual([{ GOGC: '400', GOMEMLIMIT: '1536MiB' }, { GOGC: '400', GOMEMLIMIT: '683MiB' }]);
  const { env } = temporalService({ binary: '/x/temporal', port: 1, uiPort: null, databaseFile: null, namespace: 'default', env: { GOGC: '100', TEMPORAL_ADDRESS: 'cloud:7233' } });
  expect(env).toEqual({ GOGC: '100', GOMEMLIMIT: expect.stringMatching(/^\d+MiB$/) as string });
});

it('Temporal Web is told where payloads are decoded as soon as they are encrypted', () => {
  expect([codecEndpoint({}, 3000), codecEndpoint({ AWP_ENV: 'production', WEB_ORIGIN: 'https://awp.example' }, 3000)]).toEqual([undefined, 'https://awp.example/api/v1/codec']);
  expect(temporalArguments({ port: 1, uiPort: 2, databaseFile: null, namespace: 'default', codecEndpoint: 'http://localhost:3000/api/v1/codec' }).join(' ')).toContain('--ui-codec-endpoint http://localhost:3000/api/v1/codec');
});

it('a temporal program on PATH comes before the cache', async () => {
  writeFileSync(join(home, 'temporal'), '#!/bin/sh\n', { mode: 0o755 });
  expect(await temporalBinary({ PATH: home, XDG_CACHE_HOME: home }, () => undefined)).toEqual({ path: join(home, 'temporal'), origin: 'from PATH' });
});

it('the token of the command line is new at every start and the owner\'s alone; none beside AWP_BOOTSTRAP_API_KEY or in production', () => {
  const path = join(home, 'cli-token');
  const first = commandLineToken(home, {});
  const second = commandLineToken(home, {});
  expect(second).not.toBe(first);
  expect(readFileSync(path, 'utf8').trim()).toBe(second);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(commandLineToken(home, { AWP_BOOTSTRAP_API_KEY: 'given' })).toBeNull();
  expect(existsSync(path)).toBe(false);
  expect(commandLineToken(home, { AWP_ENV: 'production' })).toBeNull();
});
