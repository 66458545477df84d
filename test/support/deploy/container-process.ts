import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { projectRoot } from '#scripts/launch/paths';
import { seconds, type ComposeService } from './compose-file.ts';

/** From what the file says to what this machine has: paths of volumes, host names and ports. The longest names come first. */
export type Mapping = readonly (readonly [from: string, to: string])[];

export const mapped = (text: string, mapping: Mapping): string => mapping.reduce((now, [from, to]) => now.replaceAll(from, to), text);

/** A service of docker-compose.yml as a plain process: its very command and its very environment, nothing of ours besides PATH. */
export class ContainerProcess {
  readonly name: string;
  readonly #service: ComposeService;
  readonly #mapping: Mapping;
  readonly #cwd: string;
  readonly #extra: Record<string, string>;
  #child: ChildProcess | null = null;
  #output = '';

  constructor(name: string, service: ComposeService, mapping: Mapping, options: { cwd?: string; env?: Record<string, string> } = {}) {
    this.name = name;
    this.#service = service;
    this.#mapping = mapping;
    this.#cwd = options.cwd ?? projectRoot;
    this.#extra = options.env ?? {};
  }

  get output(): string {
    return this.#output;
  }

  start(): void {
    const child = this.#run(this.#service.command ?? []);
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (chunk: string) => (this.#output = (this.#output + chunk).slice(-200_000)));
  }

  /** For jobs. @returns the exit code */
  async toEnd(): Promise<number> {
    this.start();
    return this.#exit();
  }

  /** Asks with the file's own health check until it is content. @throws Error with what the process said */
  async healthy(withinMs = 120_000): Promise<void> {
    const check = this.#service.healthcheck?.test ?? [];
    const deadline = Date.now() + withinMs;
    while (Date.now() < deadline && this.#child?.exitCode === null) {
      const [code] = (await once(this.#run(check.slice(1)), 'exit')) as [number];
      if (code === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new Error(`${this.name} did not become healthy (${check.join(' ')}):\n${this.#output.slice(-4_000)}`);
  }

  /** As `docker stop`: SIGTERM, and SIGKILL after the grace period. @returns exit code, and how long it took */
  async stop(): Promise<{ code: number | null; ms: number }> {
    const child = this.#child;
    if (child === null || child.exitCode !== null) return { code: child?.exitCode ?? null, ms: 0 };
    const startedAt = Date.now();
    const timer = setTimeout(() => child.kill('SIGKILL'), seconds(this.#service.stop_grace_period ?? '10s') * 1_000);
    child.kill('SIGTERM');
    const code = await this.#exit();
    clearTimeout(timer);
    return { code, ms: Date.now() - startedAt };
  }

  #run([command, ...args]: string[]): ChildProcess {
    const environment = Object.fromEntries(Object.entries(this.#service.environment ?? {}).map(([name, value]) => [name, mapped(value, this.#mapping)]));
    return spawn(command === 'node' ? process.execPath : (command as string), args.map((arg) => mapped(arg, this.#mapping)), {
      cwd: this.#cwd,
      env: { PATH: process.env['PATH'] ?? '', ...environment, ...this.#extra },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async #exit(): Promise<number> {
    const child = this.#child as ChildProcess;
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.exitCode ?? -1;
  }
}
