// `npm run reset`: lists what goes, asks (or takes --yes), removes the state of this clone. Refuses while it is running.
// Downloads in the user's cache folder and node_modules stay.
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, parse, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { projectRoot } from './install.mjs';

const envFile = join(projectRoot, '.env');
if (existsSync(envFile)) process.loadEnvFile?.(envFile);
const home = resolve(projectRoot, (process.env.AWP_HOME || '.awp').replace(/^~(?=\/|$)/, homedir()));

/** What the launcher writes into AWP_HOME; anything else in that folder is somebody else's and stays. */
const PARTS = {
  postgres: 'database: runs, settings, saved keys',
  artifacts: 'files that runs have made',
  temporal: "Temporal's workflow histories",
  logs: 'logs',
  run: 'process files',
  'keys.json': 'generated keys: saved provider keys cannot be read without them',
  'cli-token': 'token of the command line',
  cache: 'workflows as they were bundled',
  'servers.env': 'addresses',
  'launcher.lock': 'lock of a launcher that is gone',
  'postgres.password': 'password of an interrupted first start',
};

function bytesOf(path) {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return 0;
  return entry.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), entry.size) : entry.size;
}

/** Cautious on purpose: a living process with the pid of the lock counts as running, whatever it is. */
function runningPid() {
  try {
    const { pid } = JSON.parse(readFileSync(join(home, 'launcher.lock'), 'utf8'));
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return error.code === 'EPERM' ? 'of another user' : null;
  }
}

async function confirmed() {
  if (process.argv.includes('--yes')) return true;
  if (!process.stdin.isTTY) {
    console.error('  Nobody is there to ask: run "npm run reset -- --yes".\n');
    return false;
  }
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question('  Remove all of this for good? Type yes: ');
  prompt.close();
  return answer.trim().toLowerCase() === 'yes';
}

const found = Object.entries(PARTS).filter(([name]) => existsSync(join(home, name)));
const running = runningPid();
if (home === parse(home).root || home === projectRoot) {
  console.error(`\n  AWP_HOME is ${home}: that is not a folder of its own; nothing is removed.\n`);
  process.exitCode = 1;
} else if (running !== null) {
  console.error(`\n  It is running (process ${running}). Stop it with Ctrl-C first.\n`);
  process.exitCode = 1;
} else if (found.length === 0) {
  console.log(`\n  Nothing to remove in ${home}.\n`);
} else {
  console.log(`\n  ${home}`);
  for (const [name, what] of found) console.log(`    ${name.padEnd(18)} ${(bytesOf(join(home, name)) / 1e6).toFixed(1).padStart(8)} MB  ${what}`);
  console.log('');
  if (await confirmed()) {
    for (const [name] of found) rmSync(join(home, name), { recursive: true, force: true });
    console.log('  Removed. The next npm start begins anew.\n');
  } else {
    console.log('  Nothing was removed.\n');
    process.exitCode = 1;
  }
}
