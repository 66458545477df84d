import { KEY_TEST_WORKFLOW_TYPE } from '#contracts/task-queues';
import type { ProviderId } from '#contracts/providers';
import type { KeyTestRequest, KeyTestResult } from '#contracts/workflow';
import { uuidv7 } from '#platform/ids';
import { recordKeyTest, type SettingRecord } from '#platform/repositories/settings';
import { sealSecret } from '#platform/secrets/envelope';
import { readPause } from '#platform/repositories/workspace-settings';
import { bounded } from '#platform/bounded';
import type { Deps } from './deps.ts';

export type KeyTestOutcome =
  | { kind: 'tested'; result: KeyTestResult }
  /** started, no answer in time; the worker writes the result into the row when it has one */
  | { kind: 'pending' }
  /** could not be started, or model calls are paused */
  | { kind: 'engine_away' };

const GRACE_MS = 2000;

type TestDeps = Pick<Deps, 'temporal' | 'config' | 'db' | 'logger'>;

/** Tests a stored key and stores what it found. */
export async function testStoredKey(deps: TestDeps, userId: string, setting: SettingRecord): Promise<KeyTestOutcome> {
  const outcome = await runTest(deps, { settingId: setting.id, userId, provider: setting.provider as ProviderId });
  if (outcome.kind === 'tested') await recordKeyTest(deps.db, setting.id, setting.keyVersion, { testStatus: outcome.result.success ? 'success' : 'failed', testMessage: outcome.result.message });
  if (outcome.kind === 'pending') await recordKeyTest(deps.db, setting.id, setting.keyVersion, { testStatus: 'pending', testMessage: 'The test is still going on.' });
  return outcome;
}

/** Tests a key that is stored nowhere: it travels sealed for this one test, so that Temporal's history never holds it. */
export async function testUnsavedKey(deps: TestDeps & Pick<Deps, 'keyRing'>, userId: string, provider: ProviderId, apiKey: string): Promise<KeyTestOutcome> {
  const id = uuidv7();
  return runTest(deps, { settingId: null, sealed: { id, envelope: sealSecret(deps.keyRing, apiKey, { ownerId: userId, provider, rowId: id }) }, userId, provider });
}

/** Tests what this installation has for a provider: its key, or an address that needs none. */
export async function testWorkspaceKey(deps: TestDeps, userId: string, provider: ProviderId): Promise<KeyTestOutcome> {
  return runTest(deps, { settingId: null, userId, provider });
}

/** By a short Temporal workflow: the API itself never calls a provider. */
async function runTest(deps: TestDeps, about: Omit<KeyTestRequest, 'timeoutMs'>): Promise<KeyTestOutcome> {
  // The kill switch holds for pings as well.
  if (await readPause(deps.db)) return { kind: 'engine_away' };
  const timeoutMs = deps.config.AWP_KEY_TEST_TIMEOUT_MS;
  const request: KeyTestRequest = { ...about, timeoutMs };
  const start = deps.temporal.withDeadline(Date.now() + GRACE_MS, () => deps.temporal.workflow.start(KEY_TEST_WORKFLOW_TYPE, {
    taskQueue: deps.config.WORKER_TASK_QUEUE, workflowId: `key-test/${about.settingId ?? 'unsaved'}/${uuidv7()}`, args: [request], staticSummary: `Test the key for ${about.provider}`, workflowExecutionTimeout: timeoutMs + 300_000,
  }));
  let handle;
  try {
    handle = await bounded(start, GRACE_MS + 500);
  } catch (error) {
    deps.logger.warn({ err: error }, 'key test could not be started');
    return { kind: 'engine_away' };
  }
  try {
    const result = await bounded(handle.result() as Promise<KeyTestResult>, timeoutMs + GRACE_MS);
    return { kind: 'tested', result };
  } catch (error) {
    deps.logger.warn({ err: error }, 'key test gave no result in time');
    return { kind: 'pending' };
  }
}
