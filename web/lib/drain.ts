import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { isDraining, setDraining } from './draining';

/** Requests in flight, and streams, which their readers resume elsewhere, get this long once nothing new is taken. */
const IN_FLIGHT_MS = 4_000;

/** Next's own stop waits for every open connection, a live stream or one that is kept alive for ever; and it refuses new ones at once,
 * while a balancer still sends them. So before it: `drainMs` of serving on, not ready, each answer closing its connection; and after
 * it an end of what is left.
 * @param drainMs  0 where nothing stands before this process */
export function drainOnStop(drainMs: number): void {
  const servers = new Set<Server>();
  subscribe('http.server.request.start', (message) => {
    const { server, response } = message as { request: IncomingMessage; response: ServerResponse; server: Server };
    servers.add(server);
    if (isDraining()) response.setHeader('Connection', 'close');
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const stops = process.listeners(signal);
    process.removeAllListeners(signal);
    process.once(signal, () => {
      setDraining();
      setTimeout(() => {
        for (const stop of stops) stop(signal);
        setTimeout(() => { for (const server of servers) server.closeAllConnections(); }, IN_FLIGHT_MS);
      }, drainMs);
    });
  }
}
