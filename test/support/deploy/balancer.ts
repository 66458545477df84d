import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands before several processes: in turn to those that are ready, over kept connections, and nothing is tried twice. A
 * process leaves the turn when it says that it is not ready, or gives no answer twice (failureThreshold of the chart). */
export interface Balancer {
  url: string;
  /** who came into the turn and left it, and when */
  turns: string[];
  /** resolves when it is ready and in turn */
  add(url: string): Promise<void>;
  close(): Promise<void>;
}

const PROBE_MS = 200;
const PROBE_TIMEOUT_MS = 3_000;

/** @param readyPath  asked of each process, 200 ms after its last answer */
export async function startBalancer(readyPath: string): Promise<Balancer> {
  const ready = new Set<string>();
  const turns: string[] = [];
  const agent = new Agent({ keepAlive: true });
  let turn = 0;
  const closed = new AbortController();

  const failures = new Map<string, number>();
  const probe = async (url: string) => {
    const status = await fetch(url + readyPath, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) }).then(async (answer) => { await answer.arrayBuffer(); return answer.status; }, () => 0);
    failures.set(url, status === 0 ? (failures.get(url) ?? 0) + 1 : 0);
    const ok = status === 200 || (status === 0 && ready.has(url) && failures.get(url) === 1);
    if (ok !== ready.has(url)) turns.push(`${new Date().toISOString()} ${url} ${ok ? 'in' : 'out of'} turn (${status})`);
    if (ok) ready.add(url);
    else ready.delete(url);
    return ok;
  };
  // One question after the other: on a busy machine the yes of before a stop would else come after the no, and count.
  const watch = async (url: string) => {
    while (!closed.signal.aborted) {
      await new Promise((resolve) => { setTimeout(resolve, PROBE_MS); });
      await probe(url);
    }
  };

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
      void watch(url);
    },
    async close() {
      closed.abort();
      agent.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
    },
  };
}
