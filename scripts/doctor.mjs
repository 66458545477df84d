// `npm run doctor`: what is wrong on this machine and how to mend it. Starts on any Node; the deeper checks run under the
// pinned one (scripts/launch/doctor.ts) once it is installed. Ends with 1 when something would stop `npm start`.
import { execSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { checkNodeVersion, continueUnderPinnedNode, pinnedNodeVersion, projectRoot, staleReason } from './install.mjs';

const INSTALL_BYTES = 3e9;
let blocked = false;
const tell = (mark, what, remedy) => console.log(`  ${mark} ${what}${remedy ? `\n      → ${remedy}` : ''}`);
const block = (what, remedy) => {
  blocked = true;
  tell('✗', what, remedy);
};

console.log('');
try {
  checkNodeVersion();
  tell('✓', `Node ${process.versions.node}`);
} catch (error) {
  block(error.message, 'nodejs.org, or your version manager: nvm install 24');
}
try {
  tell('✓', `npm ${execSync('npm --version', { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()}`);
} catch {
  block('npm is not on PATH', 'it comes with Node: install Node again from nodejs.org');
}
const reason = staleReason();
if (reason === null) tell('✓', `dependencies, Node ${pinnedNodeVersion()} for the product`);
else tell('!', `dependencies: ${reason}`, 'npm start and npm test install them (about 2 minutes, 1.4 GB)');

if (pinnedNodeVersion() === null) {
  const { bavail, bsize } = statfsSync(projectRoot);
  if (bavail * bsize < INSTALL_BYTES) block(`only ${((bavail * bsize) / 1e9).toFixed(1)} GB are free here`, `free ${INSTALL_BYTES / 1e9} GB for dependencies and data`);
  console.log(blocked ? '' : '\n  Nothing stands in the way of "npm start".\n');
  process.exitCode = blocked ? 1 : 0;
} else {
  const production = process.argv.includes('--production');
  process.exitCode = await continueUnderPinnedNode(production ? 'scripts/deploy/doctor-production.ts' : 'scripts/launch/doctor.ts', blocked ? ['--blocked'] : []);
}
