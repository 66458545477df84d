import { defineConfig, devices } from '@playwright/test';
import { findChromium } from '#scripts/launch/chromium';
import { CHROMIUM_ARGUMENTS } from './test/support/chromium.ts';

const executablePath = findChromium(process.env);
if (executablePath === null) throw new Error('No Chromium or Chrome on PATH; "npm run doctor" tells how to get one.');

// In a worker: the addresses of its installation.
const mine = process.env['TEST_PARALLEL_INDEX'];
if (mine !== undefined) Object.assign(process.env, (JSON.parse(process.env['E2E_INSTALLATIONS'] ?? '[]') as Record<string, string>[])[Number(mine)]);

/** End-to-end tests against the real stack, started by the launcher itself (test/support/e2e-stack.ts), in the system's Chromium. */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.{e2e,spec,test}.ts',
  globalSetup: './test/support/e2e-stack.ts',
  outputDir: 'test-results/e2e',
  reporter: [['line'], ['json', { outputFile: process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'] ?? 'test-results/playwright.json' }]],
  // Limits, not expectations: they hold on a machine that does other work as well.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  // Each with an installation of its own. The tests of a file share it one after the other.
  workers: 2,
  forbidOnly: true,
  retries: 0,
  use: {
    baseURL: process.env['E2E_WEB_URL'],
    storageState: process.env['E2E_STORAGE_STATE'],
    // Without a film: one is drawn and packed for every test, to be thrown away. What the page held at each step is in the trace all the
    // same, and the end of a failed test is a picture.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    launchOptions: { executablePath, args: CHROMIUM_ARGUMENTS },
  },
  projects: [
    { name: 'desktop', use: { ...devices['Desktop Chrome'] }, grepInvert: /@phone/ },
    { name: 'phone', use: { ...devices['Pixel 7'] }, grep: /@phone/ },
  ],
});
