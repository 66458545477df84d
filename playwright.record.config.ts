import { defineConfig } from '@playwright/test';
import end2end from './playwright.config.ts';

/** What is played to be looked at: the demo (`npm run demo:record`) and the pages (`npm run screens`). The same stack as the end-to-end tests. */
export default defineConfig({
  ...end2end,
  testDir: 'test/record',
  testMatch: '**/*.record.ts',
  outputDir: 'test-results/record',
  reporter: [['line']],
  use: { ...end2end.use, trace: 'on', video: process.env['RECORD_VIDEO'] === '1' ? 'on' : 'off', screenshot: 'off' },
  projects: [{ name: 'demo', testMatch: 'demo.record.ts' }, { name: 'screens', testMatch: 'screens.record.ts', use: { trace: 'off', video: 'off' } }],
});
