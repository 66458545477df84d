import { join } from 'node:path';
import { projectRoot } from '#scripts/launch/paths';

/** What tests keep between their processes and runs is loaded as code, so it lies in the clone: in the system's folder for temporary
 * files anybody could have put something of the same name before. */
const KEPT = join(projectRoot, '.awp-test/kept');
export const WORKFLOW_BUNDLES = join(KEPT, 'bundles');
/** Dozens of processes load the same modules: what V8 made of them the first time is a third of a start's processor time (worker: 3.5 s, 2.4 with it). */
export const COMPILED = join(KEPT, 'compiled');
/** Of each process that a test starts: a worker that has to build its bundle first needs four times the processor time. */
export const KEPT_ENVIRONMENT = { NODE_COMPILE_CACHE: COMPILED, WORKER_BUNDLE_FOLDER: WORKFLOW_BUNDLES };
