// `node scripts/deploy/build-image.ts`: what an image carries ready-made, so that its containers write nothing of it: the database client,
// the workflow bundle (build/bundle) and the pages as a server of their own (web/.next-standalone/standalone).
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { workflowBundle } from '#worker/workflow-bundle';
import { projectRoot } from '../launch/paths.ts';
import { generateClient } from '../launch/prisma.ts';
import { nextProgram } from '../launch/web-build.ts';
import { bundleFolder, webFolder } from './image-folders.ts';

await generateClient(process.env);
rmSync(bundleFolder, { recursive: true, force: true });
await workflowBundle(bundleFolder);
await workflowBundle(bundleFolder, undefined, true); // for installations that trace: a container cannot build its own

rmSync(join(projectRoot, 'web/.next-standalone'), { recursive: true, force: true });
const built = spawnSync(process.execPath, [nextProgram, 'build', 'web'], { cwd: projectRoot, stdio: 'inherit', env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', AWP_WEB_STANDALONE: '1' } });
if (built.status !== 0) throw new Error(`next build ended with ${built.status ?? built.signal}`);
// Next leaves these two to the one who serves them.
cpSync(join(projectRoot, 'web/.next-standalone/static'), join(webFolder, 'web/.next-standalone/static'), { recursive: true });
cpSync(join(projectRoot, 'scripts/deploy/healthy.mjs'), join(webFolder, 'healthy.mjs'));
