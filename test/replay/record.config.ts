import { defineConfig } from 'vitest/config';

/** Only for `record-histories.ts`; the histories it writes are replayed by the project `replay` of vitest.config.ts. */
export default defineConfig({
  test: { root: `${import.meta.dirname}/../..`, include: ['test/replay/record-histories.ts'], globalSetup: ['test/support/global-setup.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
});
