import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

/** The repository, one folder up: `#contracts/*` resolves through its package.json, and a lockfile further up the disk
 * must not make Next guess another root. */
const repository = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const config: NextConfig = {
  poweredByHeader: false,
  // Images carry the pages with just the modules they need; `npm start` serves the ordinary build.
  ...(process.env.AWP_WEB_STANDALONE === '1' ? { output: 'standalone' as const, distDir: '.next-standalone' } : {}),
  reactStrictMode: true,
  devIndicators: false,
  turbopack: { root: repository },
  outputFileTracingRoot: repository,
  // Behind `web/proxy.ts` the API compresses or not; a second gzip here would hold back the live stream.
  compress: false,
};

export default config;
