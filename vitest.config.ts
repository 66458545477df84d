import { defineConfig } from 'vitest/config';

/** A worker in the test's process runs as the product's does. */
const WORKER_ARGUMENTS = ['--import', new URL('worker/fast-threads.ts', import.meta.url).href];

/** The modules are loaded once for all files of a worker, not once for each: what the processor does again for every file (Temporal's
 * bridge, the database client, the API, code that has not run hot yet) is more than many files' tests. A file brings its own database,
 * task queue, simulator and folders, and changes nothing that another one imports; Temporal's runtime is test/support/temporal-runtime.ts. */
const SHARED = { isolate: false } as const;

/** Vitest projects: `unit` (beside the code, no servers), `replay` (recorded Temporal histories on today's code) and
 * `integration` (one real Temporal server and one real PostgreSQL for all files, see test/support/global-setup.ts). */
export default defineConfig({
  test: {
    // For all projects: vitest runs those together only whose workers are as many. Tests that wait for runs, restarts and timeouts leave
    // a fifth of two cores idle, which a third worker takes.
    maxWorkers: 3,
    coverage: {
      provider: 'v8',
      reportsDirectory: 'coverage',
      reportOnFailure: true,
      reporter: ['text-summary', 'json-summary', 'lcovonly'],
      include: ['contracts', 'workflows', 'activities', 'platform', 'api', 'worker', 'simulator', 'cli'].map((folder) => `${folder}/**/*.ts`),
      exclude: [
        '**/*.test.ts',
        '**/*.d.ts',
        '**/__fixtures__/**',
        // Loaded only by Temporal's sandbox: bundled and run in a V8 context of its own, where the coverage inspector of
        // the test process does not look. The replay and integration tests run every line that a history reaches.
        'workflows/index.ts',
        'workflows/catalog/*/workflow.ts',
        'workflows/stages/**',
        // Processes of their own: composition roots that the launcher and end-to-end tests start, out of the inspector's sight.
        '*/main.ts',
      ],
      thresholds: { lines: 80, statements: 80, functions: 75, branches: 70 },
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{contracts,workflows,activities,platform,api,worker,simulator,cli,scripts,web}/**/*.test.{ts,tsx}', 'test/*.test.ts'],
          exclude: ['**/node_modules/**', '**/.next/**'],
          env: { TZ: 'UTC' },
          // A limit, not an expectation: it holds on a machine that does other work as well.
          testTimeout: 30_000,
          ...SHARED,
        },
      },
      {
        extends: true,
        test: {
          name: 'replay',
          include: ['test/{replay,histories}/**/*.test.ts'],
          execArgv: WORKER_ARGUMENTS,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/{integration,injection}/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          execArgv: WORKER_ARGUMENTS,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          ...SHARED,
        },
      },
      {
        extends: true,
        test: {
          // What deployment promises, without a cluster: npm run test:deploy.
          name: 'deploy',
          include: ['test/deploy/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          execArgv: WORKER_ARGUMENTS,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 1,
        },
      },
      {
        extends: true,
        test: {
          // Proofs that need more than a unit: fuzzing, canaries, supply chain. Short by default, in full with SECURITY=full
          // (npm run test:security).
          name: 'security',
          include: ['test/security/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          ...SHARED,
        },
      },
      {
        extends: true,
        test: {
          // Faults on purpose, invariants after each; short by default, in full with FAULTS=full (npm run test:faults).
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          execArgv: WORKER_ARGUMENTS,
          testTimeout: 180_000,
          hookTimeout: 120_000,
          ...SHARED,
        },
      },
    ],
  },
});
