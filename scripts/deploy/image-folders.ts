import { join } from 'node:path';
import { projectRoot } from '../launch/paths.ts';

/** What build-image.ts makes, as the Dockerfile copies it. */
export const bundleFolder = join(projectRoot, 'build/bundle');
/** A server of its own: `node web/server.js` in this folder. */
export const webFolder = join(projectRoot, 'web/.next-standalone/standalone');
