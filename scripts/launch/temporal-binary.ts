import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cacheFolder, findOnPath, TEMPORAL_CLI_VERSION } from './paths.ts';
import { LaunchError } from './ports.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const FILE_NAME = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

export interface TemporalBinary {
  path: string;
  /** How it was found, for the checklist. */
  origin: string;
}

/** The `temporal` program: PATH, the user's cache, the vendor's download, a build from source with Go, in this order.
 * @param tell  called with what is going on, several times a second
 * @throws LaunchError naming every way that was tried */
export async function temporalBinary(env: NodeJS.ProcessEnv, tell: (detail: string) => void): Promise<TemporalBinary> {
  const onPath = findOnPath('temporal', env);
  if (onPath !== null) return { path: onPath, origin: 'from PATH' };
  const folder = join(cacheFolder(env), `temporal-${TEMPORAL_CLI_VERSION}`);
  const cached = join(folder, FILE_NAME);
  if (existsSync(cached)) return { path: cached, origin: `${TEMPORAL_CLI_VERSION} from the cache` };
  mkdirSync(folder, { recursive: true });
  const workFolder = mkdtempSync(join(folder, 'new-'));
  const failures: string[] = [];
  try {
    for (const [origin, obtain] of [['downloaded', download], ['built from source', build]] as const) {
      try {
        const made = await obtain(workFolder, env, tell);
        if (!runs(made)) throw new Error('the program does not start on this machine');
        renameSync(made, cached); // atomic: another clone may be doing the same
        return { path: cached, origin: `${TEMPORAL_CLI_VERSION} ${origin}` };
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
      }
    }
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
  throw new LaunchError(notFound(cached, failures));
}

function notFound(cached: string, failures: string[]): string {
  return [
    'no Temporal server was found. Tried, in this order:',
    '      TEMPORAL_ADDRESS: not set (set it to host:port to use a server that runs already)',
    '      "temporal" on PATH: not there',
    `      the cache: ${cached} does not exist`,
    `      download: ${failures[0]}`,
    `      build with Go: ${failures[1]}`,
    '      One of these is enough: install the Temporal CLI (docs.temporal.io/cli), install Go, or set TEMPORAL_ADDRESS.',
  ].join('\n');
}

function runs(path: string): boolean {
  try {
    execFileSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

/** From the vendor's download host; gives up after 5 s without an answer, so a machine behind a wall loses no time. */
async function download(folder: string, _env: NodeJS.ProcessEnv, tell: (detail: string) => void): Promise<string> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const url = `https://temporal.download/cli/archive/v${TEMPORAL_CLI_VERSION}?platform=${system}&arch=${arch}`;
  tell('asking the vendor for a download');
  const connecting = new AbortController();
  const timer = setTimeout(() => connecting.abort(new Error(`no answer in ${CONNECT_TIMEOUT_MS / 1000} s`)), CONNECT_TIMEOUT_MS);
  const response = await fetch(url, { signal: connecting.signal }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new Error(`${new URL(url).host}: ${cause}`);
  });
  clearTimeout(timer);
  if (!response.ok || response.body === null) throw new Error(`${new URL(url).host} answered ${response.status}`);
  const total = Number(response.headers.get('content-length') ?? 0);
  let received = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      tell(`downloading ${(received / 1e6).toFixed(0)} MB${total > 0 ? ` of ${(total / 1e6).toFixed(0)}` : ''}`);
      done(null, chunk);
    },
  });
  const archive = join(folder, 'archive');
  await pipeline(Readable.fromWeb(response.body), counter, createWriteStream(archive));
  execFileSync('tar', ['-xf', archive, '-C', folder], { stdio: 'ignore' });
  return join(folder, FILE_NAME);
}

/** With `go install`: about four minutes on two cores the first time. */
async function build(folder: string, env: NodeJS.ProcessEnv, tell: (detail: string) => void): Promise<string> {
  const go = findOnPath('go', env);
  if (go === null) throw new Error('Go is not installed');
  tell('building from source with Go, about 4 minutes');
  const child = spawn(go, ['install', '-v', '-ldflags', '-s -w', `github.com/temporalio/cli/cmd/temporal@v${TEMPORAL_CLI_VERSION}`], {
    env: { ...env, GOBIN: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let downloaded = 0;
  let compiled = 0;
  let last = '';
  createInterface({ input: child.stderr }).on('line', (line) => {
    last = line;
    if (line.startsWith('go: downloading')) downloaded += 1;
    else compiled += 1;
    tell(compiled === 0 ? `downloading the source (${downloaded} modules)` : `building from source, about 4 minutes (${compiled} of about 1400 packages)`);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`go install ended with ${code}: ${last}`);
  return join(folder, FILE_NAME);
}
