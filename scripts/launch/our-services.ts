import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { trustedEnvironment, webEnvironment, withoutSecrets, type StackAddresses, type StackSecrets } from './environment.ts';
import { compiledFolder, projectRoot } from './paths.ts';
import { answers } from './ports.ts';
import type { ServiceSpec } from './service.ts';
import { nextProgram } from './web-build.ts';

const READY_TIMEOUT_MS = 90_000;

function nodeService(name: string, entry: string, env: NodeJS.ProcessEnv, stopGraceMs: number, preloads: readonly string[] = []): ServiceSpec {
  return {
    name,
    command: process.execPath,
    args: [...preloads.flatMap((file) => ['--import', pathToFileURL(join(projectRoot, file)).href]), join(projectRoot, entry)],
    env: { NODE_COMPILE_CACHE: compiledFolder(env), ...env },
    cwd: projectRoot,
    stopSignal: 'SIGTERM',
    stopGraceMs,
    readyTimeoutMs: READY_TIMEOUT_MS,
  };
}

export interface StackContext {
  env: NodeJS.ProcessEnv;
  home: string;
  addresses: StackAddresses;
  secrets: StackSecrets;
}

/** The demo provider: the model of people without a key. It gets no secret at all. */
export function demoService(env: NodeJS.ProcessEnv, port: number): ServiceSpec {
  return nodeService('demo', 'simulator/main.ts', { ...withoutSecrets(env), PORT: String(port), HOST: '127.0.0.1' }, 5_000);
}

/** Model calls in flight get half a minute to end by themselves; a worker without any stops at once. */
export function workerService({ env, home, addresses, secrets }: StackContext): ServiceSpec {
  return nodeService('worker', 'worker/main.ts', trustedEnvironment(env, home, addresses, secrets), 35_000, ['worker/fast-threads.ts']);
}

export function apiService({ env, home, addresses, secrets }: StackContext): ServiceSpec {
  const own = secrets.commandLineToken === null ? {} : { AWP_BOOTSTRAP_API_KEY: secrets.commandLineToken };
  return nodeService('api', 'api/main.ts', { ...trustedEnvironment(env, home, addresses, secrets), ...own }, 10_000);
}

export function webService({ env, home, addresses }: StackContext): ServiceSpec {
  const guard = pathToFileURL(join(import.meta.dirname, 'exit-with-launcher.mjs')).href;
  return {
    name: 'web',
    command: process.execPath,
    // As the API (api/server.ts): a connection that is kept outlives the 60 s of a proxy before it. With the five seconds of Next's own a
    // request now and then arrives at a connection that is just being closed, and is lost.
    args: ['--import', guard, nextProgram, 'start', 'web', '-p', String(addresses.webPort), '-H', '127.0.0.1', '--keepAliveTimeout', '65000'],
    env: webEnvironment(env, home, addresses),
    cwd: projectRoot,
    isReady: () => answers(addresses.webPort),
    stopSignal: 'SIGTERM',
    stopGraceMs: 5_000,
    readyTimeoutMs: READY_TIMEOUT_MS,
  };
}
