import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands before several processes: in turn to those that are ready, over kept connections, and nothing is tried twice. A
 * process leaves the turn when its readiness fails, as a pod leaves its Service. */
export interface Balancer {
  url: string;
  /** who came into the turn and left it, and when */
  turns: string[];
  /** resolves when it is ready and in turn */
  add(url: string): Promise<void>;
  close(): Promise<void>;
}

const PROBE_MS = 200;

/** @param readyPath  asked of each process every 200 ms */
export async function startBalancer(readyPath: string): Promise<Balancer> {
  const known = new Set<string>();
  const ready = new Set<string>();
  const turns: string[] = [];
  const agent = new Agent({ keepAlive: true });
  let turn = 0;

  const probe = async (url: string) => {
    const ok = await fetch(url + readyPath, { signal: AbortSignal.timeout(3_000) }).then(async (answer) => { await answer.arrayBuffer(); return answer.ok; }, () => false);
    if (ok !== ready.has(url)) turns.push(`${new Date().toISOString()} ${url} ${ok ? 'in' : 'out of'} turn`);
    if (ok) ready.add(url);
    else ready.delete(url);
    return ok;
  };
  const probing = setInterval(() => { for (const url of known) void probe(url); }, PROBE_MS);

  const forward = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const backends = [...ready];
    const backend = backends[(turn += 1) % backends.length];
    if (backend === undefined) { outgoing.writeHead(503).end('no process is ready'); return; }
    const onward = request(backend + (incoming.url ?? '/'), { method: incoming.method, headers: incoming.headers, agent }, (answer) => {
      const { connection: _hop, ...headers } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 502, headers);
      answer.on('error', () => outgoing.destroy()).pipe(outgoing);
    });
    onward.on('error', (error) => { if (outgoing.headersSent) outgoing.destroy(); else outgoing.writeHead(502).end(`${backend}: ${error.message}${onward.reusedSocket ? ', on a kept connection' : ''}`); });
    outgoing.once('close', () => { if (!outgoing.writableFinished) onward.destroy(); });
    incoming.pipe(onward);
  };

  const server = createServer(forward);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    turns,
    async add(url) {
      while (!(await probe(url))) await new Promise((resolve) => { setTimeout(resolve, PROBE_MS); });
      known.add(url);
    },
    async close() {
      clearInterval(probing);
      agent.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
    },
  };
}
