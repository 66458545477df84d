// `npm start`: installs what is missing, then hands over to scripts/launch/main.ts under the pinned Node.
import { createChecklist } from './checklist.mjs';
import { checkNodeVersion, continueUnderPinnedNode, ensureInstalled, InstallError } from './install.mjs';

const checklist = createChecklist();
try {
  checkNodeVersion();
  console.log('\n  Agentic Workflow Platform\n');
  const version = await ensureInstalled(checklist);
  checklist.close();
  process.exitCode = await continueUnderPinnedNode('scripts/launch/main.ts', ['--node', version, ...process.argv.slice(2)]);
} catch (error) {
  checklist.close();
  if (!(error instanceof InstallError)) throw error;
  console.error(`\n  ${error.message}\n`);
  process.exitCode = 1;
}
