import { DefaultLogger, Runtime } from '@temporalio/worker';

// One a process, which many test files share (vitest.config.ts): whoever needs Temporal's runtime imports this and installs none.
// Expected failures are what many tests are about; only Temporal's own errors are worth a line.
Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
