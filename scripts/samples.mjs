// `npm run samples`: makes the sample outputs of the catalog anew, by real runs with the demo provider.
import { createChecklist } from './checklist.mjs';
import { checkNodeVersion, continueUnderPinnedNode, ensureInstalled, InstallError } from './install.mjs';

const checklist = createChecklist();
try {
  checkNodeVersion();
  await ensureInstalled(checklist);
  checklist.close();
  process.exitCode = await continueUnderPinnedNode('test/evals/runner/write-samples.ts', process.argv.slice(2));
} catch (error) {
  checklist.close();
  if (!(error instanceof InstallError)) throw error;
  console.error(`\n  ${error.message}\n`);
  process.exitCode = 1;
}
