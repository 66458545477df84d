/** What the tests' Chromium is started with.
 *
 * A whole Chromium draws a window of its own around each test, and with it a page for the suggestions below the address bar, which
 * nobody opens: 1.1 s of processor time a context (1.8 s with it, 0.7 s without; Chromium 156). Of two --disable-features the last one
 * counts, so Playwright's own are repeated here (playwright-core 1.65, chromiumSwitches.ts). */
const PLAYWRIGHTS = [
  'AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades', 'HttpsFirstBalancedModeAutoEnable', 'LensOverlay', 'MediaRouter', 'PaintHolding', 'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect', 'TcpPortRandomizationWin', 'OptimizationHints', 'NetworkTimeServiceQuerying', 'AimEnabled', 'PreconnectToSearch',
];
const SUGGESTIONS = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'];

export const CHROMIUM_ARGUMENTS: string[] = [
  // Sandboxed Chromium needs privileges that containers and root do not have; the pages under test are our own.
  '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', `--disable-features=${[...PLAYWRIGHTS, ...SUGGESTIONS].join(',')}`,
];
