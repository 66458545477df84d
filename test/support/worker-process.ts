import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { KEPT_ENVIRONMENT } from './folders.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A process of the product, started by its own entry file as the launcher does. */
export interface ProcessUnderTest { child: ChildProcess; url: string | undefined; /** what it printed, the last million characters */ output(): string; kill(signal?: NodeJS.Signals): Promise<void> }

/** @param entry  for example `worker/main.ts`. Resolves when the process says it is ready. @throws Error with its last words when it ends before */
export async function startProcess(entry: string, environment: Record<string, string>): Promise<ProcessUnderTest> {
  const child = spawn(process.execPath, [entry], { cwd: ROOT, env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...KEPT_ENVIRONMENT, ...environment }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let words = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => { words = (words + chunk.toString()).slice(-1_000_000); });
  const url = await new Promise<string | undefined>((resolve, reject) => {
    child.on('message', (message: { type?: string; url?: string }) => { if (message.type === 'ready') resolve(message.url); });
    child.once('exit', (code, signal) => reject(new Error(`${entry} ended (${code ?? signal}) before it was ready:\n${words.slice(-4000)}`)));
  });
  return {
    child, url, output: () => words,
    async kill(signal = 'SIGKILL') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    },
  };
}
