import { defineConfig } from 'vitest/config';

/** A worker in the test's process runs as the product's does. */
const WORKER_ARGUMENTS = ['--import', new URL('worker/fast-threads.ts', import.meta.url).href];

/** Vitest projects: `unit` (beside the code, no servers), `replay` (recorded Temporal histories on today's code) and
 * `integration` (one real Temporal server and one real PostgreSQL for all files, see test/support/global-setup.ts). */
export default defineConfig({
  test: {
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
          // The modules are loaded once for all files: a third of the processor time. No test changes what another one imports.
          isolate: false,
          // As in the other projects: vitest runs those together only whose workers are as many.
          maxWorkers: 2,
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
          maxWorkers: 2,
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
          maxWorkers: 2,
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
          maxWorkers: 2,
        },
      },
    ],
  },
});
