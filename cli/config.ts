import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import { localStack, localToken } from './local-stack.ts';

/** Where to call and with what. A token comes from the environment, the 0600 file of `awp login`, or this clone's own running
 * stack; never from an option or an address, which end up in shell histories and logs. */
export interface Target { url: string; token: string | null; source: 'option' | 'environment' | 'login' | 'local' }
interface Saved { url: string; token: string }

export const configFile = (env: NodeJS.ProcessEnv): string => join(env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config'), 'awp', 'login.json');

/** @throws CliError (usage) when there is nothing to call */
export function findTarget(env: NodeJS.ProcessEnv, option?: string): Target {
  const saved = readLogin(env);
  const local = localStack(env);
  const given = option ?? (env['AWP_API_URL'] || undefined);
  const url = given === undefined ? (saved?.url ?? local?.api) : normalUrl(given);
  if (url === undefined) throw new CliError('No platform to talk to: none runs here and you are not signed in to another.', 'Start one with "npm start", or set AWP_API_URL, or run "awp login --api-url URL".', EXIT.usage);
  const source = option !== undefined ? 'option' : given !== undefined ? 'environment' : saved ? 'login' : 'local';
  const token = env['AWP_API_TOKEN'] || (saved && saved.url === url ? saved.token : null) || (local && sameOrigin(local.api, url) ? localToken(local.home) || env['AWP_BOOTSTRAP_API_KEY'] || null : null);
  return { url, token, source };
}

/** An address without a trailing slash. @throws CliError for anything but http(s), or with a secret inside */
export function normalUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) throw new CliError(`"${text}" is not an http(s) address.`, 'Write it like https://awp.example.org', EXIT.usage);
  if (url.username || url.password || url.search || url.hash) throw new CliError('The address must hold no user, password or query.', 'Send the token with AWP_API_TOKEN or "awp login".', EXIT.usage);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

export const isLoopback = (url: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
const sameOrigin = (one: string, other: string): boolean => new URL(one).port === new URL(other).port && isLoopback(one) && isLoopback(other);

export function readLogin(env: NodeJS.ProcessEnv): Saved | null {
  let text: string;
  try {
    text = readFileSync(configFile(env), 'utf8');
  } catch {
    return null;
  }
  try {
    const saved = JSON.parse(text) as Partial<Saved>;
    if (typeof saved.url === 'string' && typeof saved.token === 'string') return { url: saved.url, token: saved.token };
  } catch { /* told below */ }
  throw new CliError(`${configFile(env)} is damaged.`, 'Run "awp login" again.', EXIT.auth);
}

/** Written beside and renamed: never half a file, never readable by others. */
export function saveLogin(env: NodeJS.ProcessEnv, login: Saved): string {
  const file = configFile(env);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600 });
  chmodSync(`${file}.new`, 0o600);
  renameSync(`${file}.new`, file);
  return file;
}

export function removeLogin(env: NodeJS.ProcessEnv): void {
  rmSync(configFile(env), { force: true });
}
