import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import type { WorkerOptions } from '@temporalio/worker';
import type { Config } from '#platform/config';
import { workflowBuildId } from './workflow-bundle.ts';

type Versioning = Pick<Config, 'WORKER_VERSIONING' | 'WORKER_DEPLOYMENT' | 'WORKER_BUILD_ID'>;

/** A version of the deployment is the workflow code: its hash, unless the operator names it. */
export async function buildIdOf(config: Versioning, workflowsPath?: string): Promise<string> {
  return config.WORKER_BUILD_ID ?? workflowBuildId(workflowsPath);
}

/** Empty when versioning is off: a single worker that restarts in place would leave pinned runs without anybody. */
export async function deploymentOptions(config: Versioning, workflowsPath?: string): Promise<Pick<WorkerOptions, 'workerDeploymentOptions'>> {
  if (config.WORKER_VERSIONING === 'off') return {};
  const version = { deploymentName: config.WORKER_DEPLOYMENT, buildId: await buildIdOf(config, workflowsPath) };
  return { workerDeploymentOptions: { version, useWorkerVersioning: true, defaultVersioningBehavior: config.WORKER_VERSIONING === 'pinned' ? 'PINNED' : 'AUTO_UPGRADE' } };
}

const ASK_AGAIN_MS = 200;

/** Makes a build the one that takes new runs (and, with auto_upgrade, the live ones). Waits until a worker of it polls.
 * @throws the server's error when no worker of the build came within the time */
export async function makeCurrent(connection: Connection, namespace: string, config: Versioning, waitMs = 60_000): Promise<string> {
  const buildId = await buildIdOf(config);
  const deadline = Date.now() + waitMs;
  for (;;) {
    try {
      await connection.workflowService.setWorkerDeploymentCurrentVersion({ namespace, deploymentName: config.WORKER_DEPLOYMENT, buildId, identity: 'awp-promote' });
      return buildId;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(ASK_AGAIN_MS);
    }
  }
}
