// `npm test`: installs what is missing, then hands over to scripts/test-run/main.ts under the pinned Node.
// `npm test -- unit lint` runs single parts: types, lint, unit, replay, integration, faults, security, build, e2e.
import { createChecklist } from './checklist.mjs';
import { checkNodeVersion, continueUnderPinnedNode, ensureInstalled, InstallError } from './install.mjs';

const checklist = createChecklist();
try {
  checkNodeVersion();
  await ensureInstalled(checklist);
  checklist.close();
  process.exitCode = await continueUnderPinnedNode('scripts/test-run/main.ts', process.argv.slice(2));
} catch (error) {
  checklist.close();
  if (!(error instanceof InstallError)) throw error;
  console.error(`\n  ${error.message}\n\n0 passed, 1 failed`);
  process.exitCode = 1;
}
