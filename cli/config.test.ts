import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processIdentity } from '#scripts/launch/process-identity';
import { configFile, findTarget, normalUrl, readLogin, removeLogin, saveLogin } from './config.ts';
import { localStack, serviceProcess } from './local-stack.ts';

let env: NodeJS.ProcessEnv;
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'awp-cli-'));
  env = { AWP_HOME: home, XDG_CONFIG_HOME: join(home, 'config') };
});
afterEach(() => rmSync(home, { recursive: true }));

/** As scripts/launch/lock.ts writes it; this process stands for the launcher. */
function lock(change: Record<string, unknown> = {}): void {
  writeFileSync(join(home, 'launcher.lock'), JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid), urls: { web: 'http://localhost:3000', api: 'http://127.0.0.1:8123', apiDocs: '', temporalUi: null }, ...change }));
}

describe('whom the command line talks to', () => {
  it('nobody: says what to do, exit 2', () => {
    expect(() => findTarget(env)).toThrow(expect.objectContaining({ exitCode: 2, remedy: expect.stringContaining('npm start') as string }) as Error);
  });

  it('this clone\'s running stack, with the token the launcher left; a dead launcher does not count', () => {
    lock();
    writeFileSync(join(home, 'cli-token'), 'local-token\n');
    expect(findTarget(env)).toEqual({ url: 'http://127.0.0.1:8123', token: 'local-token', source: 'local' });
    lock({ identity: 'long ago' });
    expect(localStack(env)).toBeNull();
    lock({ urls: null });
    expect(localStack(env)).toBeNull();
  });

  it('option before environment before login before local; a token goes to its own address only', () => {
    lock();
    writeFileSync(join(home, 'cli-token'), 'local-token');
    saveLogin(env, { url: 'https://one.example', token: 'saved-token' });
    expect(findTarget(env)).toEqual({ url: 'https://one.example', token: 'saved-token', source: 'login' });
    expect(findTarget({ ...env, AWP_API_URL: 'https://two.example/' })).toEqual({ url: 'https://two.example', token: null, source: 'environment' });
    expect(findTarget({ ...env, AWP_API_URL: 'https://two.example', AWP_API_TOKEN: 't' }, 'http://localhost:8123')).toEqual({ url: 'http://localhost:8123', token: 't', source: 'option' });
    expect(findTarget(env, 'http://localhost:8123').token).toBe('local-token');
    expect(findTarget(env, 'http://10.0.0.1:8123').token).toBeNull();
    expect(findTarget({ ...env, AWP_BOOTSTRAP_API_KEY: 'b' }, 'http://127.0.0.1:9').token).toBeNull();
  });

  it('an address holds no secret and is http', () => {
    for (const wrong of ['ftp://x', 'awp', 'https://user:pw@x', 'https://x?token=1']) expect(() => normalUrl(wrong)).toThrow(expect.objectContaining({ exitCode: 2 }) as Error);
    expect(normalUrl('https://x.example/awp//')).toBe('https://x.example/awp');
  });

  it('a login is readable by its owner alone, is replaced whole, and can be damaged and removed', () => {
    saveLogin(env, { url: 'https://one.example', token: 'a' });
    saveLogin(env, { url: 'https://one.example', token: 'b' });
    expect(statSync(configFile(env)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(configFile(env), 'utf8'))).toEqual({ url: 'https://one.example', token: 'b' });
    writeFileSync(configFile(env), '{');
    expect(() => readLogin(env)).toThrow(expect.objectContaining({ exitCode: 4 }) as Error);
    removeLogin(env);
    removeLogin(env);
    expect(readLogin(env)).toBeNull();
  });

  it('a service is told by pid and start time', () => {
    mkdirSync(join(home, 'run'));
    const write = (identity: string | null) => { writeFileSync(join(home, 'run', 'worker.pid'), JSON.stringify({ pid: process.pid, identity })); };
    write(processIdentity(process.pid));
    expect(serviceProcess(home, 'worker')).toBe(process.pid);
    write('another');
    expect(serviceProcess(home, 'worker')).toBeNull();
    expect(serviceProcess(home, 'api')).toBeNull();
  });
});
