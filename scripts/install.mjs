// The first step of `npm start` and `npm test`: dependencies and the pinned Node, on any Node >= 20. Plain JavaScript.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));
const MINIMUM_NODE = 20;
const windows = process.platform === 'win32';
export const pinnedNode = join(projectRoot, 'node_modules/node/bin', windows ? 'node.exe' : 'node');

/** An error with words for the person at the terminal; printed without a stack. */
export class InstallError extends Error {}

/** Node's own signal for "too old", before anything else can fail in a way nobody understands. */
export function checkNodeVersion() {
  if (Number(process.versions.node.split('.')[0]) < MINIMUM_NODE) {
    throw new InstallError(`Node ${process.versions.node} is too old: install Node ${MINIMUM_NODE} or newer (nodejs.org), then run this again.`);
  }
}

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** Compares what npm recorded after its last complete install with what the lock file asks for.
 * @returns null when all is there, else the reason */
export function staleReason() {
  const installedList = join(projectRoot, 'node_modules/.package-lock.json');
  const lockPath = join(projectRoot, 'package-lock.json');
  if (!existsSync(installedList)) return 'nothing is installed yet';
  if (!existsSync(lockPath)) return 'package-lock.json is missing';
  const wanted = readJson(lockPath).packages;
  const declared = readJson(join(projectRoot, 'package.json'));
  for (const kind of ['dependencies', 'devDependencies']) {
    for (const [name, range] of Object.entries(declared[kind] ?? {})) {
      if (wanted['']?.[kind]?.[name] !== range) return `${name} is not in package-lock.json as package.json asks`;
    }
  }
  const installed = readJson(installedList).packages;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || entry.optional || entry.devOptional || entry.peer || entry.link) continue;
    if (installed[path]?.version !== entry.version) return `${path.replace('node_modules/', '')} ${entry.version} is not installed`;
  }
  return pinnedNodeVersion() === null ? 'Node 24 is not installed' : null;
}

/** Version of the Node in node_modules, null when it is missing or does not start. */
export function pinnedNodeVersion() {
  try {
    return execFileSync(pinnedNode, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null;
  }
}

function npm(args, tell) {
  // npm_execpath is set when npm started us: the same npm, also where a version manager offers several.
  const script = process.env.npm_execpath;
  const [command, first] = script && script.endsWith('.js') ? [process.execPath, [script]] : ['npm', []];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...args], { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'], shell: windows && first.length === 0 });
    let output = '';
    let fetched = 0;
    const read = (chunk) => {
      output = (output + chunk.replace(/^npm http fetch.*\n/gm, '')).slice(-60_000);
      fetched += chunk.split('http fetch GET 200').length - 1;
      if (fetched > 0) tell(`${fetched} downloads, about 1.4 GB on disk in the end`);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.once('error', (error) => reject(new InstallError(`npm could not be started: ${error.message}. Is npm on PATH?`)));
    child.once('close', (code) => (code === 0 ? resolve() : reject(new InstallError(`npm ${args[0]} ended with ${code}:\n${complaints(output)}`))));
  });
}

/** `npm ci` into an empty folder. It refuses a lock file without the optional packages of other systems, as npm writes one where
 * the registry does not offer them; `npm install` takes the same versions from the same lock file and leaves the file alone. */
async function npmInstall(common, tell) {
  const empty = !existsSync(join(projectRoot, 'node_modules')) && existsSync(join(projectRoot, 'package-lock.json'));
  if (!empty) return npm(['install', ...common], tell);
  try {
    return await npm(['ci', ...common], tell);
  } catch (error) {
    if (!error.message.includes('EUSAGE')) throw error;
    return npm(['install', ...common], tell);
  }
}

/** What npm complains of comes first; the usage text after it helps nobody. */
const complaints = (output) => {
  const lines = output.split('\n').filter((line) => !/http fetch|EBADENGINE/.test(line));
  const errors = lines.filter((line) => line.startsWith('npm error'));
  return (errors.length > 0 ? errors : lines.slice(-20)).slice(0, 20).join('\n');
};

/** Installs what is missing. A whole `npm ci` only into an empty folder: a stale one is brought up to date in place.
 * @returns the version of the pinned Node */
export async function ensureInstalled(checklist) {
  const reason = staleReason();
  if (reason !== null) {
    await checklist.run(
      'dependencies',
      async (step) => {
        step.update(reason);
        const tell = (detail) => step.update(detail);
        const common = ['--loglevel=http', '--no-audit', '--no-fund'];
        await npmInstall(common, tell);
        if (pinnedNodeVersion() === null) await npm(['rebuild', 'node', ...common], tell);
      },
      () => 'installed',
    );
  }
  const version = pinnedNodeVersion();
  if (version === null) throw new InstallError('Node 24 did not install (package "node"). Delete node_modules and run this again; "npm run doctor" tells more.');
  return version;
}

/** Goes on under the pinned Node with a TypeScript entry file; this process only passes signals on. Ctrl-C reaches both through
 * the terminal, so it is not passed. The IPC channel tells the other side when this process is killed.
 * @returns its exit code */
export function continueUnderPinnedNode(entry, args) {
  return new Promise((resolve) => {
    const child = spawn(pinnedNode, [join(projectRoot, entry), ...args], {
      cwd: projectRoot,
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, PATH: `${join(projectRoot, 'node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}` },
    });
    process.on('SIGINT', () => undefined);
    for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
    child.once('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.once('exit', (code, signalName) => resolve(code ?? (signalName === 'SIGINT' ? 130 : 1)));
  });
}
