// The checks of `npm run doctor` that need the installed dependencies. Changes nothing.
import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { findChromium } from './chromium.ts';
import { runningStack } from './lock.ts';
import { awpHome, cacheFolder, findOnPath, TEMPORAL_CLI_VERSION } from './paths.ts';
import { notAsRoot } from './platform-wrappers.ts';
import { answers, isFree } from './ports.ts';
import { canQuery } from './postgres.ts';
import { settings } from './settings.ts';

type Finding = { mark: '✓' | '!' | '✗'; what: string; remedy?: string };
const PORTS = { WEB_PORT: 3000, API_PORT: 8000, TEMPORAL_PORT: 7233, TEMPORAL_UI_PORT: 8233, POSTGRES_PORT: 5432, DEMO_PORT: 8100 } as const;
const WANTED_BYTES = 2e9;
const WANTED_MEMORY = 2e9;

const env = settings();
const home = awpHome(env);
const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

function storage(): Finding[] {
  const findings: Finding[] = [];
  for (const [name, folder, remedy] of [
    ['data folder', home, 'set AWP_HOME to a folder you may write to'],
    ['cache folder', cacheFolder(env), 'set XDG_CACHE_HOME to a folder you may write to'],
  ] as const) {
    const existing = nearestExisting(folder);
    try {
      accessSync(existing, constants.W_OK);
      findings.push({ mark: '✓', what: `${name} ${folder}` });
    } catch {
      findings.push({ mark: '✗', what: `${name} ${folder} cannot be written`, remedy });
    }
  }
  const { bavail, bsize } = statfsSync(nearestExisting(home));
  const free = bavail * bsize;
  findings.push(free < WANTED_BYTES ? { mark: '✗', what: `only ${gigabytes(free)} of disk are free`, remedy: `free at least ${gigabytes(WANTED_BYTES)}` } : { mark: '✓', what: `${gigabytes(free)} of disk are free` });
  if (totalmem() < WANTED_MEMORY) findings.push({ mark: '!', what: `${gigabytes(totalmem())} of memory, ${gigabytes(freemem())} free`, remedy: `${gigabytes(WANTED_MEMORY)} or more are comfortable` });
  return findings;
}

function nearestExisting(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestExisting(dirname(folder));
}

async function temporal(): Promise<Finding> {
  const given = env['TEMPORAL_ADDRESS'];
  if (given) {
    const [host, port] = [given.slice(0, given.lastIndexOf(':')), Number(given.slice(given.lastIndexOf(':') + 1))];
    if (await answers(port, host, 3_000)) return { mark: '✓', what: `Temporal server of TEMPORAL_ADDRESS (${given}) answers` };
    return { mark: '✗', what: `nothing answers at TEMPORAL_ADDRESS (${given})`, remedy: 'start that server, or unset the variable to use the embedded one' };
  }
  const onPath = findOnPath('temporal', env);
  if (onPath !== null) return { mark: '✓', what: `Temporal server from PATH (${onPath})` };
  if (existsSync(join(cacheFolder(env), `temporal-${TEMPORAL_CLI_VERSION}`, process.platform === 'win32' ? 'temporal.exe' : 'temporal'))) return { mark: '✓', what: `Temporal server ${TEMPORAL_CLI_VERSION} from the cache` };
  if (findOnPath('go', env) !== null) return { mark: '!', what: 'Temporal server: not here yet', remedy: 'npm start downloads it, or builds it with Go in about 4 minutes' };
  return { mark: '!', what: 'Temporal server: not here, and Go is missing', remedy: 'npm start tries a download; where the vendor cannot be reached, install the Temporal CLI or Go, or set TEMPORAL_ADDRESS' };
}

async function postgres(): Promise<Finding> {
  const given = env['DATABASE_URL'];
  if (given) {
    const problem = await canQuery(given).then(
      (works) => (works ? null : `nothing answers at DATABASE_URL (${new URL(given).host})`),
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    return problem === null ? { mark: '✓', what: 'PostgreSQL of DATABASE_URL answers' } : { mark: '✗', what: problem, remedy: 'correct DATABASE_URL, or unset it to use the embedded server' };
  }
  try {
    notAsRoot({ command: 'true', args: [] }, env);
    return { mark: '✓', what: `PostgreSQL 18, embedded${process.getuid?.() === 0 ? ' (as root, in a user namespace)' : ''}` };
  } catch (error) {
    return { mark: '✗', what: error instanceof Error ? error.message : String(error) };
  }
}

async function ports(): Promise<Finding[]> {
  const running = runningStack(home);
  if (running !== null) return [{ mark: '✓', what: `already running ${running.urls === null ? '(still starting)' : `at ${running.urls.web}`}, process ${running.pid}` }];
  const findings: Finding[] = [];
  for (const [variable, standard] of Object.entries(PORTS)) {
    const byHand = env[variable];
    const port = byHand ? Number(byHand) : standard;
    if (port === 0 || (await isFree(port))) continue;
    const owner = portOwner(port);
    const what = `port ${port} (${variable}) is taken${owner === null ? '' : ` by ${owner}`}`;
    findings.push(byHand ? { mark: '✗', what, remedy: `stop that program, or set ${variable} to a free port` } : { mark: '!', what, remedy: 'npm start moves to a free one and says so' });
  }
  return findings.length > 0 ? findings : [{ mark: '✓', what: 'all ports are free' }];
}

/** Program that listens on a port, as far as this user may know. */
function portOwner(port: number): string | null {
  try {
    const ss = findOnPath('ss', env);
    if (ss !== null) {
      const found = /users:\(\("([^"]+)",pid=(\d+)/.exec(execFileSync(ss, ['-Hltnp', `sport = :${port}`], { encoding: 'utf8' }));
      return found === null ? null : `${found[1]} (process ${found[2]})`;
    }
    const found = /p(\d+)\nc(.+)/.exec(execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return found === null ? null : `${found[2]} (process ${found[1]})`;
  } catch {
    return null;
  }
}

function browser(): Finding {
  if (findChromium(env) !== null) return { mark: '✓', what: 'Chromium, for the end-to-end tests' };
  return { mark: '!', what: 'no Chromium or Chrome on PATH (only npm test needs one)', remedy: 'sudo apt-get install -y chromium, or install Chrome; npm test does it by itself as root on Debian and Ubuntu' };
}

const findings = [...storage(), await temporal(), await postgres(), ...(await ports()), browser()];
for (const { mark, what, remedy } of findings) console.log(`  ${mark} ${what}${remedy === undefined ? '' : `\n      → ${remedy}`}`);
const blocked = process.argv.includes('--blocked') || findings.some(({ mark }) => mark === '✗');
console.log(blocked ? '\n  Mend what is marked ✗, then run npm start.\n' : '\n  Nothing stands in the way of "npm start".\n');
process.exit(blocked ? 1 : 0);
