// `npm run eval`: installs what is missing, then evaluates every workflow on its cases under the pinned Node.
// `npm run eval -- --help` tells the options.
import { createChecklist } from './checklist.mjs';
import { checkNodeVersion, continueUnderPinnedNode, ensureInstalled, InstallError } from './install.mjs';

const checklist = createChecklist();
try {
  checkNodeVersion();
  await ensureInstalled(checklist);
  checklist.close();
  process.exitCode = await continueUnderPinnedNode('test/evals/runner/main.ts', process.argv.slice(2));
} catch (error) {
  checklist.close();
  if (!(error instanceof InstallError)) throw error;
  console.error(`\n  ${error.message}\n`);
  process.exitCode = 1;
}
