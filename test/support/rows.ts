import { uuidv7 } from '#platform/ids';
import { openDatabase, type DatabaseHandle } from '#platform/db';
import { appendRunEvents } from '#platform/repositories/run-events';
import { queued } from './run-log.ts';
import { createTestDatabase } from './servers.ts';

/** A database of its own with one user and one workflow, for tests of what the repositories guarantee. */
export interface TestRows extends DatabaseHandle {
  url: string;
  userId: string;
  /** a queued run with its first event */
  run(): Promise<string>;
}

export async function openTestRows(): Promise<TestRows> {
  const database = await createTestDatabase();
  const handle = openDatabase({ DATABASE_URL: database.url, DATABASE_POOL_SIZE: 10, DATABASE_CONNECT_TIMEOUT_MS: 5000 });
  const { db } = handle;
  const userId = uuidv7();
  await db.user.create({ data: { id: userId, name: 'Test', email: `${userId}@example.test`, role: 'admin' } });
  const workflowId = uuidv7();
  await db.workflow.create({ data: { id: workflowId, slug: 'learn_agentic_ai', name: 'Learn Agentic AI', description: '', difficulty: 'beginner', estimatedSeconds: 60, currentVersion: 1 } });
  const workflowVersionId = uuidv7();
  await db.workflowVersion.create({ data: { id: workflowVersionId, workflowId, version: 1, contentHash: 'test', definition: {} } });
  return {
    ...handle, url: database.url, userId,
    async run() {
      const id = uuidv7();
      await db.run.create({ data: { id, userId, workflowVersionId, workflowSlug: 'learn_agentic_ai', workflowType: 'learnAgenticAi', persona: 'student', inputs: {}, inputDigest: 'x', runMode: 'test_run', provider: 'openai', model: 'gpt-4o-mini', request: {} } });
      await db.$transaction((tx) => appendRunEvents(tx, id, [{ key: 'api/run-queue', event: queued }]));
      return id;
    },
    async close() {
      await handle.close();
      await database.drop();
    },
  };
}
