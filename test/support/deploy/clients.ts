import { randomUUID } from 'node:crypto';

/** People and programs that go on working while processes are replaced. Nothing is tried again: what fails is lost, and counted. */
export interface Clients {
  /** started runs */
  runs: string[];
  requests: number;
  /** one line each: when it was asked, of whom, what came instead of its answer, and after how long */
  lost: string[];
  latenciesMs: number[];
  /** sequences that a follower of a run saw, over all its streams */
  followed: Map<string, number[]>;
  /** streams that ended before their run did, and were resumed */
  resumed: number;
  /** @param first  where its first stream is opened: at one process, past the balancer @returns when the run's end was seen */
  follow(origin: string, id: string, first?: string): Promise<void>;
  /** no new work; resolves when each has its last answer and each stream its run's end */
  stop(): Promise<void>;
}

const RUN = { workflow_id: 'learn_agentic_ai', run_mode: 'test_run', inputs: { learning_goal: 'Build a small agent that calls tools, and understand why it sometimes fails' } };
const RETRY_MS = 2_000;
/** Of one client at once: a person has twelve. */
const MOST_STREAMS = 4;

/** @param origins  where the clients go, each to one of them @param startEveryMs  pause between the starts of one client */
export function startClients(origins: readonly string[], token: string, startEveryMs: number): Clients {
  const left = new AbortController();
  const clients: Clients = { runs: [], requests: 0, lost: [], latenciesMs: [], followed: new Map(), resumed: 0, follow, stop };
  const pause = (ms: number) => new Promise<void>((resolve) => { setTimeout(resolve, ms); });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };

  async function ask(origin: string, path: string, init: RequestInit = {}): Promise<unknown> {
    const startedAt = performance.now();
    const lose = (why: string) => { clients.lost.push(`${new Date(performance.timeOrigin + startedAt).toISOString()} ${init.method ?? 'GET'} ${origin}${path}: ${why} after ${(performance.now() - startedAt).toFixed(0)} ms`); };
    clients.requests += 1;
    try {
      const answer = await fetch(origin + path, { ...init, headers: { ...headers, ...(init.headers as Record<string, string>) } });
      const text = await answer.text();
      clients.latenciesMs.push(performance.now() - startedAt);
      if (answer.ok) return JSON.parse(text) as unknown;
      lose(`${answer.status} ${text.slice(0, 200)}`);
    } catch (error) {
      lose(String((error as Error).cause ?? error));
    }
    return null;
  }

  async function reader(origin: string): Promise<void> {
    for (let turn = 0; !left.signal.aborted; turn += 1) {
      await ask(origin, ['/api/v1/runs?limit=20', '/api/v1/workflows', '/api/v1/usage'][turn % 3] as string);
      await pause(100);
    }
  }

  async function starter(origin: string): Promise<void> {
    const following = new Set<Promise<void>>();
    while (!left.signal.aborted) {
      const run = (await ask(origin, '/api/v1/runs', { method: 'POST', body: JSON.stringify(RUN), headers: { 'idempotency-key': randomUUID() } })) as { id: string } | null;
      if (run) clients.runs.push(run.id);
      if (run && following.size < MOST_STREAMS) {
        const stream = follow(origin, run.id).finally(() => following.delete(stream));
        following.add(stream);
      }
      await pause(startEveryMs);
    }
    await Promise.all(following);
  }

  /** As EventSource does: comes back after the hint with the last id it has, until the server says there is no more. */
  async function follow(origin: string, id: string, first = origin): Promise<void> {
    const seen: number[] = [];
    clients.followed.set(id, seen);
    const streamOf = (at: string) => readStream(`${at}/api/v1/runs/${id}/stream`, seen);
    for (let ended = await streamOf(first); !ended; ended = await streamOf(origin)) {
      clients.resumed += 1;
      await pause(RETRY_MS);
    }
  }

  /** @returns whether the run's end was among what came */
  async function readStream(url: string, seen: number[]): Promise<boolean> {
    let rest = '';
    let ended = false;
    try {
      const answer = await fetch(url, { headers: { ...headers, 'last-event-id': String(seen.at(-1) ?? 0) } });
      if (answer.status === 204) return true;
      if (answer.status !== 200) { clients.lost.push(`${new Date().toISOString()} GET ${url}: ${answer.status} ${await answer.text()}`); return true; }
      for await (const chunk of (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
        const blocks = (rest + chunk).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) {
          const sequence = /^id: ?(\d+)$/m.exec(block)?.[1];
          if (sequence !== undefined) seen.push(Number(sequence));
          ended ||= /^event: ?run-end$/m.test(block);
        }
      }
    } catch {
      // A stream that breaks is a stream to resume.
    }
    return ended;
  }

  const working = origins.flatMap((origin) => [starter(origin), reader(origin)]);
  async function stop(): Promise<void> {
    left.abort();
    await Promise.all(working);
  }
  return clients;
}
