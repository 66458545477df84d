// Second half of `npm start`, under the pinned Node: starts the stack, keeps it running, stops it in order.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createChecklist } from '../checklist.mjs';
import { openBrowser } from './browser.ts';
import { takeLock } from './lock.ts';
import { awpHome } from './paths.ts';
import { LaunchError } from './ports.ts';
import { settings } from './settings.ts';
import { StackLauncher, type Servers, type Stack } from './stack.ts';

const options = new Set(process.argv.slice(2));
const web = !options.has('--no-web');
const env = settings();
const home = awpHome(env);
const checklist = createChecklist();
let ending: Promise<never> | null = null;
let lock: ReturnType<typeof takeLock> | null = null;

const launcher = new StackLauncher(env, home, checklist, {
  say: (line) => checklist.note(`  ! ${line}`),
  gaveUp: (name, reason) => {
    console.error(`\n  ✗ ${name} keeps failing; stopping everything else.\n      ${reason}\n`);
    void end(1);
  },
});

/** Stops everything in order, once, and exits. */
function end(exitCode: number): Promise<never> {
  ending ??= (async () => {
    checklist.close();
    await launcher.stop((name) => console.log(`  stopping ${name}`));
    lock?.release();
    process.exit(exitCode);
  })();
  return ending;
}

const IMPATIENT_AFTER_MS = 1_500;
let interruptedAt = 0;
/** A second Ctrl-C kills. npm and shells pass one signal on several times: copies that come at once count as one. */
process.on('SIGINT', () => {
  interruptedAt ||= Date.now();
  if (Date.now() - interruptedAt > IMPATIENT_AFTER_MS) launcher.killNow();
  void end(130);
});
process.on('SIGTERM', () => void end(0));
process.on('SIGHUP', () => void end(0));
process.on('disconnect', () => void end(1)); // scripts/start.mjs was killed

try {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  lock = takeLock(home);
  checklist.note(`  ✓ Node ${process.versions.node}`);
  if (options.has('--servers-only')) {
    reportServers(await launcher.startServers());
  } else {
    const stack = await launcher.start({ web });
    lock.announce(stack.urls);
    report(stack);
  }
} catch (error) {
  if (ending === null) {
    checklist.close();
    if (error instanceof LaunchError) console.error(`\n  ✗ ${error.message}\n\n  "npm run doctor" says more.\n`);
    else console.error(error);
    await end(1);
  }
}

function report(stack: Stack): void {
  const lines = [
    '',
    `  Ready after ${Math.round(performance.now() / 1000)} s.`,
    '',
    ...(web ? [`  Web           ${stack.urls.web}`] : []),
    `  API docs      ${stack.urls.apiDocs}`,
    ...(stack.urls.temporalUi === null ? [] : [`  Temporal Web  ${stack.urls.temporalUi}`]),
    `  Data          ${home}`,
    '',
    ...(web ? [`  Sign in (this link works once):  ${stack.signInUrl}`, ''] : []),
    '  No key needed: demo provider is on. Ctrl-C stops everything and keeps the data.',
    '',
  ];
  console.log(lines.join('\n'));
  if (web && !options.has('--no-open') && process.stdout.isTTY) openBrowser(stack.signInUrl);
}

/** For work on our own processes: `node --env-file=<file> worker/main.ts` beside the two servers. */
function reportServers(servers: Servers): void {
  const file = join(home, 'servers.env');
  const lines = [`DATABASE_URL=${servers.databaseUrl}`, `TEMPORAL_ADDRESS=${servers.temporalAddress}`, `TEMPORAL_NAMESPACE=${servers.temporalNamespace}`, `AWP_HOME=${home}`];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  console.log(`\n  Temporal and PostgreSQL are ready. Addresses for your own processes: ${file}\n`);
}
