// `npm run bench`: installs what is missing, then measures the real stack under the pinned Node. Nothing is asserted: figures only.
// `npm run bench -- --help` tells the options.
import { createChecklist } from './checklist.mjs';
import { checkNodeVersion, continueUnderPinnedNode, ensureInstalled, InstallError } from './install.mjs';

const checklist = createChecklist();
try {
  checkNodeVersion();
  await ensureInstalled(checklist);
  checklist.close();
  process.exitCode = await continueUnderPinnedNode('scripts/bench/main.ts', process.argv.slice(2));
} catch (error) {
  checklist.close();
  if (!(error instanceof InstallError)) throw error;
  console.error(`\n  ${error.message}\n`);
  process.exitCode = 1;
}
