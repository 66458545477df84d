import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** Somebody's server that takes webhooks: it keeps what came, and answers as it is told. */
export interface Message { headers: IncomingHttpHeaders; body: string; event: { id: string; type: string; source: string; subject?: string; time: string; data: Record<string, unknown> } }
export interface Receiver {
  url: string; host: string; messages: Message[];
  /** how the next requests are answered: a status, or a whole answer; `hang` = never */
  answer: (message: Message, count: number) => number | { status: number; headers?: Record<string, string>; body?: string } | 'hang';
  /** most requests that were open at one moment */
  busiest: number;
  until(check: (messages: readonly Message[]) => boolean, timeoutMs?: number): Promise<readonly Message[]>;
  /** @throws what a receiver's library throws when a signature does not fit */
  verify(message: Message, secret: string): void;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  let open = 0;
  const server = createServer((request, response) => {
    open += 1;
    receiver.busiest = Math.max(receiver.busiest, open);
    response.on('close', () => { open -= 1; });
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => { chunks.push(chunk); });
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const message: Message = { headers: request.headers, body, event: JSON.parse(body) as Message['event'] };
      receiver.messages.push(message);
      const answer = receiver.answer(message, receiver.messages.length);
      if (answer === 'hang') return;
      const { status, headers = {}, body: words = '' } = typeof answer === 'number' ? { status: answer } : answer;
      response.writeHead(status, headers).end(words);
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const receiver: Receiver = {
    url: `http://${host}/hook`, host, messages: [], answer: () => 204, busiest: 0,
    async until(check, timeoutMs = 20_000) {
      const deadline = Date.now() + timeoutMs;
      while (!check(receiver.messages)) {
        if (Date.now() > deadline) throw new Error(`the messages did not come: ${JSON.stringify(receiver.messages.map(({ event }) => [event.type, event.id]))}`);
        await new Promise((resolve) => { setTimeout(resolve, 20); });
      }
      return receiver.messages;
    },
    verify({ headers, body }, secret) { new Webhook(secret).verify(body, headers as Record<string, string>); },
    close: () => new Promise((resolve) => { server.close(() => { resolve(); }); server.closeAllConnections(); }),
  };
  return receiver;
}
