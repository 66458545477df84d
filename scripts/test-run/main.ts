// Second half of `npm test`, under the pinned Node: one line a step, failures in full, "N passed, N failed" at the end.
import { createChecklist } from '../checklist.mjs';
import { DEPLOY_STEPS } from './deploy-steps.ts';
import { forgetReport, writeReport } from './report.ts';
import { stopTools } from './run-tool.ts';
import { SECURITY_STEPS } from './security-steps.ts';
import { TEST_STEPS, testHome, type StepResult, type TestStep } from './steps.ts';

const STEPS = [...TEST_STEPS, ...SECURITY_STEPS, ...DEPLOY_STEPS];
const KNOWN = new Set(STEPS.flatMap((step) => step.filters));
const selected = new Set(process.argv.slice(2));
const unknown = [...selected].filter((name) => !KNOWN.has(name));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. Choose from ${[...KNOWN].join(', ')}; nothing runs everything.`);
  process.exit(2);
}

/** The person's own servers, keys and settings must not reach the tests: they bring their own. */
function hermetic(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const foreign = /^(AWP_|TEMPORAL_|API_|WEB_|POSTGRES_|DATABASE_URL$|ARTIFACTS_URL$|TEST_RUN_|SEARXNG_)|_API_KEY$|_BASE_URL$/;
  return { ...Object.fromEntries(Object.entries(env).filter(([name]) => !foreign.test(name) && !['NODE_CHANNEL_FD', 'FORCE_COLOR'].includes(name))), AWP_HOME: testHome, NO_COLOR: '1' };
}

let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) {
  process.on(signal, () => {
    stopped = true;
    stopTools();
  });
}

const whole = selected.size === 0;
if (whole) forgetReport();
const checklist = createChecklist();
const env = hermetic(process.env);

async function runStep(step: TestStep): Promise<StepResult> {
  const line = checklist.start(step.name);
  let result: StepResult;
  try {
    result = await step.run({ env, selected, tell: line.update });
  } catch (error) {
    result = { passed: 0, failed: 1, summary: 'see below', output: error instanceof Error ? error.message : String(error) };
  }
  if (result.failed === 0) line.done(result.summary);
  else line.fail(`${result.failed} failed${result.summary === '' ? '' : `, ${result.summary}`}`);
  if (result.failed > 0) checklist.note(`\n${result.output.trimEnd()}\n`);
  return result;
}

let passed = 0;
let failed = 0;
for (const step of STEPS) {
  if (stopped) break;
  if (step.onlyWhenNamed === true && selected.size === 0) continue;
  if (selected.size > 0 && step.filters.length > 0 && !step.filters.some((name) => selected.has(name))) continue;
  const result = await runStep(step);
  passed += result.passed;
  failed += result.failed;
}
checklist.close();
if (stopped) {
  console.log('\nstopped before the end');
  failed += 1;
}
if (whole) writeReport({ passed, failed });
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
