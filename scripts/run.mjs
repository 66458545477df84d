// `node scripts/run.mjs FILE …`: installs what is missing, then runs one of our TypeScript commands under the pinned Node.
import { createChecklist } from './checklist.mjs';
import { checkNodeVersion, continueUnderPinnedNode, ensureInstalled, InstallError } from './install.mjs';

const checklist = createChecklist();
try {
  checkNodeVersion();
  await ensureInstalled(checklist);
  checklist.close();
  const [file, ...args] = process.argv.slice(2);
  process.exitCode = await continueUnderPinnedNode(file, args);
} catch (error) {
  checklist.close();
  if (!(error instanceof InstallError)) throw error;
  console.error(`\n  ${error.message}\n`);
  process.exitCode = 1;
}
