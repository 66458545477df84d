import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** A wire between a client and a server that a test can hurt: cut (refuse and close), reset (RST), stall (take bytes, pass none)
 * and slow (so many bytes a second), each in both directions or in one. What a restarted or a distant server looks like. */
export type Direction = 'both' | 'to-server' | 'to-client';
export interface FaultProxy {
  port: number;
  /** closes every connection and refuses new ones until `mend` */
  cut(): Promise<void>;
  /** resets every connection; new ones are taken */
  reset(): void;
  /** holds the bytes of all connections, present and new, until `mend` */
  stall(direction?: Direction): void;
  /** lets this many bytes a second through, per connection and direction, until `mend` */
  slow(bytesPerSecond: number, direction?: Direction): void;
  /** makes the wire whole again; bytes that were held go on */
  mend(): Promise<void>;
  connections(): number;
  close(): Promise<void>;
}

const TICK_MS = 20;

export async function startFaultProxy(target: { host: string; port: number }): Promise<FaultProxy> {
  const open = new Set<Socket>();
  const gates = new Set<() => void>();
  const allowed = { 'to-server': Infinity, 'to-client': Infinity };
  const release = () => { for (const wake of gates) wake(); };
  const limit = (bytesPerSecond: number, direction: Direction) => {
    for (const way of ['to-server', 'to-client'] as const) if (direction === 'both' || direction === way) allowed[way] = bytesPerSecond;
    release();
  };

  /** Passes chunks on as the wire allows at the moment each one comes to its turn. */
  const gate = (way: 'to-server' | 'to-client'): Transform => {
    let wake: (() => void) | null = null;
    const wakeUp = () => { wake?.(); };
    gates.add(wakeUp);
    const until = (ms?: number) => new Promise<void>((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      wake = () => { clearTimeout(timer); resolve(); };
    });
    const transform = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        const pass = async () => {
          for (let rest = chunk; rest.length > 0 && !transform.destroyed;) {
            const rate = allowed[way];
            if (rate === 0) { await until(); continue; }
            const part = rate === Infinity ? rest : rest.subarray(0, Math.max(1, Math.floor((rate * TICK_MS) / 1000)));
            transform.push(part);
            rest = rest.subarray(part.length);
            if (rest.length > 0) await until(TICK_MS);
          }
        };
        void (async () => {
          await pass();
          done();
        })();
      },
    });
    transform.once('close', () => { gates.delete(wakeUp); wakeUp(); });
    return transform;
  };

  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    for (const [from, to, way] of [[client, upstream, 'to-server'], [upstream, client, 'to-client']] as const) {
      open.add(from);
      const through = gate(way);
      from.on('error', () => {}).on('close', () => { open.delete(from); to.destroy(); through.destroy(); });
      from.pipe(through).on('error', () => {}).pipe(to);
    }
  });
  const listen = (port: number) => new Promise<void>((resolve, reject) => { server.once('error', reject).listen(port, '127.0.0.1', () => { server.off('error', reject); resolve(); }); });
  const shut = async () => {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
    for (const socket of open) socket.destroy();
    await closed;
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    cut: shut,
    reset: () => { for (const socket of open) socket.resetAndDestroy(); },
    stall: (direction = 'both') => { limit(0, direction); },
    slow: (bytesPerSecond, direction = 'both') => { limit(bytesPerSecond, direction); },
    async mend() {
      limit(Infinity, 'both');
      if (!server.listening) await listen(port);
    },
    connections: () => open.size / 2,
    close: shut,
  };
}
