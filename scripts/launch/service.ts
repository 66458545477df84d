import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LogFile } from './log-file.ts';
import { LaunchError } from './ports.ts';
import { endProcess, isSameProcess, pause, processIdentity } from './process-identity.ts';

export interface ServiceSpec {
  name: string;
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Polled until true. Absent: the process sends `{type: 'ready'}` over IPC. */
  isReady?: () => Promise<boolean>;
  /** Before every start, restarts included: clears what a killed predecessor left behind. */
  beforeStart?: () => Promise<void>;
  /** What the process says over IPC besides that it is ready. */
  onMessage?: (message: unknown, reply: (answer: object) => void) => void;
  stopSignal: NodeJS.Signals;
  /** Milliseconds between the stop signal and SIGKILL. */
  stopGraceMs: number;
  readyTimeoutMs: number;
  /** Milliseconds before each restart; after as many deaths without a stable minute it is given up. */
  backoffMs?: readonly number[];
}

export interface ServiceEvents {
  /** One line for the person at the terminal: a service died, came back or was given up. */
  say(line: string): void;
  /** Called once when a service has died too often: the stack cannot go on. */
  gaveUp(name: string, reason: string): void;
}

const BACKOFF_MS = [250, 500, 1_000, 2_000, 4_000, 8_000];
/** A service that lived this long has recovered: its next death starts counting from one again. */
const STABLE_MS = 60_000;

/** One child process, kept running until stopped: pid file, bounded log, readiness, restart with growing pauses. */
export class Service {
  readonly spec: ServiceSpec;
  readonly log: LogFile;
  readonly #pidFile: string;
  readonly #events: ServiceEvents;
  #child: ChildProcess | null = null;
  #exited: Promise<void> = Promise.resolve();
  #stopping = false;
  #deaths = 0;
  #cancelBackoff = new AbortController();

  constructor(spec: ServiceSpec, home: string, events: ServiceEvents) {
    this.spec = spec;
    this.log = new LogFile(join(home, 'logs', `${spec.name}.log`));
    this.#pidFile = join(home, 'run', `${spec.name}.pid`);
    this.#events = events;
    mkdirSync(dirname(this.#pidFile), { recursive: true });
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts and waits until the service can be used. @throws LaunchError with the last lines of its log */
  async start(): Promise<void> {
    await endLeftover(this.#pidFile, this.spec);
    await this.#startOnce();
    this.#watch();
  }

  async #startOnce(): Promise<void> {
    await this.spec.beforeStart?.();
    if (this.#stopping) throw new LaunchError(`${this.spec.name}: stopped while it was starting`);
    const { command, args, env, cwd } = this.spec;
    this.log.clearTail();
    // A process group of its own: Ctrl-C in the terminal reaches the launcher alone, which then stops all in order.
    const child = spawn(command, args, { cwd, env, detached: process.platform !== 'win32', stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.#child = child;
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => this.log.write(chunk));
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => this.log.write(chunk));
    child.on('message', (message) => this.spec.onMessage?.(message, (answer) => { if (child.connected) child.send(answer); }));
    let ending: string | null = null;
    this.#exited = new Promise((resolve) => {
      child.once('error', (error) => {
        ending = error.message;
        resolve();
      });
      child.once('exit', (code, signalName) => (ending ??= describeExit(code, signalName)));
      child.once('close', () => resolve());
    });
    if (child.pid !== undefined) writeFileSync(this.#pidFile, JSON.stringify({ pid: child.pid, identity: processIdentity(child.pid) }));
    const waiting = new AbortController();
    const ready = this.spec.isReady === undefined ? readyMessage(child) : polled(this.spec.isReady, waiting.signal);
    const tooLate = pauseUnless(this.spec.readyTimeoutMs, waiting.signal).then(() => 'late' as const);
    const outcome = await Promise.race([ready, this.#exited, tooLate]).finally(() => waiting.abort());
    if (ending !== null) throw new LaunchError(this.#failure(ending));
    if (outcome === 'late') throw new LaunchError(this.#failure(`not ready after ${this.spec.readyTimeoutMs / 1000} s`));
  }

  #failure(ending: string): string {
    const tail = this.log.tail(12).map((line) => `      ${line}`);
    return [`${this.spec.name}: ${ending}`, ...tail, `      whole log: ${this.log.path}`].join('\n');
  }

  #watch(): void {
    const child = this.#child;
    const startedAt = Date.now();
    void this.#exited.then(() => {
      if (this.#stopping || child !== this.#child) return undefined;
      return this.#restart(Date.now() - startedAt);
    });
  }

  async #restart(livedMs: number): Promise<void> {
    if (livedMs > STABLE_MS) this.#deaths = 0;
    const child = this.#child;
    let reason = `stopped, ${describeExit(child?.exitCode ?? null, child?.signalCode ?? null)}`;
    // What a killed process said last explains nothing; what a crashed one said usually does.
    const lastLine = child?.signalCode == null ? this.log.tail(1)[0] : undefined;
    for (;;) {
      const delayMs = (this.spec.backoffMs ?? BACKOFF_MS)[this.#deaths];
      this.#deaths += 1;
      if (delayMs === undefined) return this.#events.gaveUp(this.spec.name, this.#failure(reason));
      this.#events.say(`${this.spec.name} ${reason}; restarting in ${delayMs / 1000} s${lastLine === undefined ? '' : `. It last said: ${lastLine.slice(0, 200)}`}`);
      const since = Date.now();
      await pauseUnless(delayMs, this.#cancelBackoff.signal);
      if (this.#stopping) return undefined;
      try {
        await this.#startOnce();
      } catch (error) {
        if (this.#stopping) return undefined;
        await this.#kill();
        reason = `did not come back (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`;
        continue;
      }
      this.#events.say(`${this.spec.name} is back after ${((Date.now() - since) / 1000).toFixed(1)} s`);
      return this.#watch();
    }
  }

  async #kill(): Promise<void> {
    signalGroup(this.#child, 'SIGKILL');
    await this.#exited;
  }

  /** Stops for good: the service's own signal, SIGKILL to its whole group after the grace. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#cancelBackoff.abort();
    const child = this.#child;
    if (child !== null && child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      child.kill(this.spec.stopSignal);
      const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), this.spec.stopGraceMs);
      await this.#exited;
      clearTimeout(timer);
    }
    signalGroup(child, 'SIGKILL'); // grandchildren that outlived it
    rmSync(this.#pidFile, { force: true });
  }

  /** Kills the process as an accident would; it is restarted like after every other death. @returns its pid, null while there is none */
  crash(): number | null {
    const child = this.#child;
    if (this.#stopping || child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return null;
    return child.kill('SIGKILL') ? child.pid : null;
  }

  /** Without any grace, for the second Ctrl-C. */
  killNow(): void {
    this.#stopping = true;
    signalGroup(this.#child, 'SIGKILL');
  }
}

async function polled(isReady: () => Promise<boolean>, stop: AbortSignal): Promise<void> {
  while (!stop.aborted && !(await isReady())) await pause(75);
}

function readyMessage(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.on('message', (message) => {
      if (typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready') resolve();
    });
  });
}

function describeExit(code: number | null, signalName: NodeJS.Signals | null): string {
  return signalName === null ? `exit code ${code}` : `ended by ${signalName}`;
}

function signalGroup(child: ChildProcess | null, name: NodeJS.Signals): void {
  if (child?.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, name);
  } catch {
    // The group is empty already.
  }
}

function pauseUnless(ms: number, abort: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    abort.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Ends what a launcher that was killed has left running, told by pid and start time; never another program. */
async function endLeftover(pidFile: string, spec: ServiceSpec): Promise<void> {
  let left: { pid: number; identity: string | null };
  try {
    left = JSON.parse(readFileSync(pidFile, 'utf8')) as typeof left;
  } catch {
    return;
  }
  if (left.identity !== null && isSameProcess(left.pid, left.identity)) await endProcess(left.pid, left.identity, spec.stopSignal, spec.stopGraceMs);
  rmSync(pidFile, { force: true });
}
