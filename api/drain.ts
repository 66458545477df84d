import type { Server } from 'node:http';

/** Requests in flight get this long once nothing new is taken. */
const IN_FLIGHT_MS = 5_000;
const SWEEP_MS = 50;

/** Stops a server in the order that loses no request: `drainMs` long it is not ready and still serves, while balancers notice and every
 * answer closes its connection; then streams and waits end, the door closes, and what is in flight gets five seconds.
 * @param startDraining  from here on /ready refuses and answers say `Connection: close`
 * @param endStreams  readers come back by `Last-Event-ID`, to another process by then */
export async function drain(server: Server, { drainMs, startDraining, endStreams }: { drainMs: number; startDraining: () => void; endStreams: () => void }): Promise<void> {
  startDraining();
  if (drainMs > 0) await new Promise((resolve) => { setTimeout(resolve, drainMs); });
  const closed = new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
  endStreams();
  // A connection whose request began before the drain is kept alive by its answer: it is closed as soon as it has nothing to do.
  const sweep = setInterval(() => { server.closeIdleConnections(); }, SWEEP_MS);
  const timer = setTimeout(() => { server.closeAllConnections(); }, IN_FLIGHT_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(timer);
}
