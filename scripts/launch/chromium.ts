import { spawn } from 'node:child_process';
import { findOnPath } from './paths.ts';
import { LaunchError } from './ports.ts';

const NAMES = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser', 'chrome'];

/** The system's Chromium or Chrome, or null. Playwright's own download is not used: it needs a host that many networks do not reach. */
export function findChromium(env: NodeJS.ProcessEnv): string | null {
  for (const name of NAMES) {
    const found = findOnPath(name, env);
    if (found !== null) return found;
  }
  return null;
}

/** Finds Chromium, or installs it where this process may (root on a Debian-like system). @throws LaunchError with the remedy */
export async function ensureChromium(env: NodeJS.ProcessEnv, tell: (detail: string) => void): Promise<string> {
  const found = findChromium(env);
  if (found !== null) return found;
  const apt = findOnPath('apt-get', env);
  if (apt === null || process.getuid?.() !== 0) throw new LaunchError('no Chromium or Chrome on PATH: install one ("sudo apt-get install -y chromium" on Debian and Ubuntu, google.com/chrome elsewhere)');
  tell('installing with apt-get');
  await runQuietly(apt, ['update'], env);
  await runQuietly(apt, ['install', '-y', 'chromium'], { ...env, DEBIAN_FRONTEND: 'noninteractive' });
  const installed = findChromium(env);
  if (installed === null) throw new LaunchError('apt-get installed chromium, but it is not on PATH');
  return installed;
}

async function runQuietly(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (output = (output + chunk).slice(-4_000)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new LaunchError(`${command} ${args.join(' ')} ended with ${code}:\n${output.trim()}`);
}
