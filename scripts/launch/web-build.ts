import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeLock } from './lock.ts';
import { LogFile } from './log-file.ts';
import { projectRoot } from './paths.ts';
import { LaunchError } from './ports.ts';
import { pause } from './process-identity.ts';

export const nextProgram = join(projectRoot, 'node_modules/next/dist/bin/next');
/** How long another build in this clone (a second launcher, the tests) is waited for. */
const OTHER_BUILD_MS = 300_000;
const OTHER_BUILD = 'Another next build process is already running';

/** Digest of all that the build reads: pages, contracts, dependencies, configuration. */
function sourceDigest(): string {
  const files = globSync(['web/**/*', 'contracts/**/*.ts', 'package.json', 'package-lock.json', 'tsconfig.json'], {
    cwd: projectRoot,
    withFileTypes: true,
    exclude: (entry) => ['.next', '.next-standalone', 'node_modules', 'test-results'].includes(entry.name),
  })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$|next-env\.d\.ts$|\.tsbuildinfo$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(file.slice(projectRoot.length)).update(readFileSync(file));
  return hash.digest('hex');
}

/** Builds the pages when their sources changed since the last build; waits while another launcher of this clone builds them.
 * @returns true when it built @throws LaunchError with the end of the build's output */
export async function buildWeb(env: NodeJS.ProcessEnv, home: string, tell: (detail: string) => void = () => undefined): Promise<boolean> {
  const buildFolder = join(projectRoot, 'web/.next');
  const stampFile = join(buildFolder, 'awp-built-from');
  const digest = sourceDigest();
  const isFresh = () => existsSync(join(buildFolder, 'BUILD_ID')) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === digest;
  const log = new LogFile(join(home, 'logs/web-build.log'));
  const build = async (): Promise<boolean> => {
    tell('building');
    const { code, output } = await runBuild(env, log);
    if (code === 0) writeFileSync(stampFile, digest);
    // Somebody's `next build` by hand knows nothing of our turns.
    else if (!output.includes(OTHER_BUILD)) throw new LaunchError(`the web pages did not build (exit code ${code}):\n${output.trim()}\n      whole log: ${log.path}`);
    return code === 0;
  };
  return buildInTurn({ folder: join(projectRoot, 'node_modules/.cache/awp-web-build'), isFresh, build, wait: () => { tell('waiting for another build in this folder'); return pause(1_000); } });
}

/** One builder of a folder at a time, and none once it is fresh: a build over pages that another launcher has begun to serve ends its server.
 * @returns true when this call built @throws LaunchError when it is nobody's turn for five minutes; whatever `build` throws */
export async function buildInTurn({ folder, isFresh, build, wait }: { folder: string; isFresh: () => boolean; build: () => Promise<boolean>; wait: () => Promise<void> }): Promise<boolean> {
  const deadline = Date.now() + OTHER_BUILD_MS;
  for (;;) {
    const turn = turnOf(folder);
    try {
      if (isFresh()) return false;
      if (turn && (await build())) return true;
    } finally {
      turn?.release();
    }
    if (Date.now() > deadline) throw new LaunchError('another build of the web pages in this folder did not end within five minutes');
    await wait();
  }
}

/** Null while another process has it. */
function turnOf(folder: string): { release(): void } | null {
  try {
    return takeLock(folder);
  } catch (error) {
    if (error instanceof LaunchError) return null;
    throw error;
  }
}

async function runBuild(env: NodeJS.ProcessEnv, log: LogFile): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [nextProgram, 'build', 'web'], {
    cwd: projectRoot,
    env: { ...env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      log.write(chunk);
      output = (output + chunk).slice(-8_000);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, output };
}
