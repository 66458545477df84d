import { createServer, type Server } from 'node:http';
import { createServer as createSocket, type AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

/** A free port on loopback for the SDK's own metrics: its core serves them itself and cannot say which port it took. */
export async function freePort(): Promise<number> {
  const socket = createSocket().listen(0, '127.0.0.1');
  await new Promise((resolve) => { socket.once('listening', resolve); });
  const { port } = socket.address() as AddressInfo;
  await new Promise((resolve) => { socket.close(resolve); });
  return port;
}

/** `/metrics` of a worker: our own and the Temporal SDK's in one page; `/health` while `isPolling` says so. */
export function serveMetrics(registry: Registry, sdkPort: number, isPolling: () => boolean, listen: { port: number; host: string }): Server {
  return createServer((request, response) => {
    if (request.url === '/health') {
      response.writeHead(isPolling() ? 200 : 503).end(`{"status":"${isPolling() ? 'ok' : 'stopping'}"}`);
      return;
    }
    if (request.url !== '/metrics') { response.writeHead(404).end(); return; }
    page(registry, sdkPort).then((text) => response.setHeader('Content-Type', registry.contentType).end(text), () => response.writeHead(500).end());
  }).listen(listen.port, listen.host);
}

async function page(registry: Registry, sdkPort: number): Promise<string> {
  // Without the SDK's part ours still tells: a page that is half there beats none.
  const sdk = await fetch(`http://127.0.0.1:${sdkPort}/metrics`, { signal: AbortSignal.timeout(2000) }).then((answer) => answer.text(), () => '');
  return `${await registry.metrics()}\n${sdk}`;
}
