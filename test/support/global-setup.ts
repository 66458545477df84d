import type { TestProject } from 'vitest/node';
import { workflowBundle } from '#worker/workflow-bundle';
import { WORKFLOW_BUNDLES } from './folders.ts';
import { startServers } from './start-servers.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** host:port of the real Temporal server, namespace `default`. */
    temporalAddress: string;
    /** The real PostgreSQL with rights to create databases; tests take their own from createTestDatabase(). */
    databaseUrl: string;
    /** Name of the migrated database that is copied for them. */
    templateDatabase: string;
  }
}

/** One real Temporal server and one real PostgreSQL for all integration tests; and the workflow bundle, which each worker of the tests
 * would else build for itself in the first minute. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await workflowBundle(WORKFLOW_BUNDLES);
  const { temporalAddress, databaseUrl, templateDatabase, stop } = await startServers();
  project.provide('temporalAddress', temporalAddress);
  project.provide('databaseUrl', databaseUrl);
  project.provide('templateDatabase', templateDatabase);
  return stop;
}
