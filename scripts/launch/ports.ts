import { connect, createServer } from 'node:net';

export interface PortChoice {
  port: number;
  /** What to tell the person when the default was taken, else null. */
  moved: string | null;
}

/** Raised with words a person can act on; the launcher prints the message without a stack. */
export class LaunchError extends Error {}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** True when something answers there. Catches listeners on other addresses that a bind to 127.0.0.1 would miss (macOS). */
export function answers(port: number, host = '127.0.0.1', timeoutMs = 500): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => finish(false));
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}

export async function isFree(port: number): Promise<boolean> {
  // A browser asked for localhost tries ::1 first: a program there would take our visitors.
  return (await canListen(port)) && !(await answers(port)) && !(await answers(port, '::1'));
}

/** Ports that no system hands out by itself (Linux gives from 32768, macOS and Windows from 49152; Kubernetes keeps 30000 to 32767):
 * one chosen here is not taken by a connection or by another program's port of chance before its service listens. */
const CHOSEN_PORTS = { first: 15_000, count: 15_000 };
// Processes that choose at the same moment begin apart; one process never chooses the same port twice.
let choices = process.pid * 61;

/** A port nobody uses now, and that stays free for the service it is meant for. */
export async function anyFreePort(): Promise<number> {
  for (let tried = 0; tried < CHOSEN_PORTS.count; tried += 1) {
    const port = CHOSEN_PORTS.first + (choices++ % CHOSEN_PORTS.count);
    if (await isFree(port)) return port;
  }
  throw new LaunchError(`no free port is left on 127.0.0.1 between ${CHOSEN_PORTS.first} and ${CHOSEN_PORTS.first + CHOSEN_PORTS.count - 1}`);
}

/** Hands out ports for one launch; never the same one twice. */
export class PortBook {
  readonly #taken = new Set<number>();
  readonly #env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  /** Port of one service. A taken default moves to the next free one and says so; one set by hand must be free (0 = any).
   * @throws LaunchError naming the variable */
  async choose(variable: string, defaultPort: number): Promise<PortChoice> {
    const wanted = this.#env[variable];
    if (wanted !== undefined && wanted !== '') return { port: await this.#setByHand(variable, wanted), moved: null };
    for (let port = defaultPort; port < defaultPort + 200; port += 1) {
      if (this.#taken.has(port) || !(await isFree(port))) continue;
      this.#taken.add(port);
      return { port, moved: port === defaultPort ? null : `port ${defaultPort} is taken, using ${port} (set ${variable} to choose)` };
    }
    throw new LaunchError(`no free port between ${defaultPort} and ${defaultPort + 199}; set ${variable} to a free one`);
  }

  async #setByHand(variable: string, value: string): Promise<number> {
    const port = Number(value);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new LaunchError(`${variable}=${value} is not a port (0 to 65535)`);
    if (port === 0) {
      let free = await anyFreePort();
      while (this.#taken.has(free)) free = await anyFreePort();
      this.#taken.add(free);
      return free;
    }
    if (this.#taken.has(port)) throw new LaunchError(`${variable}=${port} is used by another part of this installation; choose another port`);
    if (!(await isFree(port))) throw new LaunchError(`${variable}=${port} is taken by another program; stop that program or set ${variable} to a free port (npm run doctor tells by whom)`);
    this.#taken.add(port);
    return port;
  }
}
