import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The worst language model there is: it reads everything it is given (messages, tool results, tool descriptions, schemas) and
 * calls whatever any of it says, once each: `CALL <tool> {json}`. It also hands over the secret it was trusted with: the word
 * SECRET in an order becomes the canary of the task. Speaks the chat completions wire. */
export interface ObedientModel { url: string; /** every order it obeyed, as it was sent */ obeyed: { name: string; arguments: string }[]; close(): Promise<void> }

const ORDER = /CALL\s+([\w:.-]+)\s+(\{[^{}]*\})/g;
const CANARY = /canary-[0-9a-f]{16}/;

export async function startObedientModel(): Promise<ObedientModel> {
  const obeyed: ObedientModel['obeyed'] = [];
  const server = createServer((request, response) => {
    if (request.url?.endsWith('/models')) { response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[{"id":"gpt-4o-mini"}]}'); return; }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { messages: { role: string; content: string | null; tool_calls?: { function: { name: string; arguments: string } }[] }[]; tools?: unknown[] };
      const read = plain(JSON.stringify([body.messages.filter(({ role }) => role !== 'assistant').map(({ content }) => content), body.tools ?? []]));
      const secret = CANARY.exec(read)?.[0] ?? 'canary-unknown';
      const done = new Set(body.messages.flatMap(({ tool_calls: calls }) => calls ?? []).map((call) => `${call.function.name} ${call.function.arguments}`));
      const orders = [...read.matchAll(ORDER)].map((match) => ({ name: (match[1] ?? '').replaceAll(':', '__'), arguments: (match[2] ?? '').replaceAll('SECRET', secret) }));
      const next = orders.filter((order, index) => !done.has(`${order.name} ${order.arguments}`) && orders.findIndex((other) => other.name === order.name && other.arguments === order.arguments) === index).slice(0, 8);
      const calls = body.tools && body.tools.length > 0 ? next : [];
      obeyed.push(...calls);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const send = (delta: object, finish: string | null): void => { response.write(`data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', model: 'gpt-4o-mini', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`); };
      if (calls.length > 0) send({ role: 'assistant', tool_calls: calls.map((call, index) => ({ index, id: `call-${obeyed.length}-${index}`, type: 'function', function: call })) }, null);
      else send({ role: 'assistant', content: 'I have done all that I was told.' }, null);
      send({}, calls.length > 0 ? 'tool_calls' : 'stop');
      response.write(`data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', model: 'gpt-4o-mini', choices: [], usage: { prompt_tokens: 50, completion_tokens: 5, total_tokens: 55 } })}\n\n`);
      response.end('data: [DONE]\n\n');
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, obeyed, close: () => new Promise((resolve) => { server.close(() => { resolve(); }); server.closeAllConnections(); }) };
}

/** Undoes JSON's escapes (twice: a schema inside a message) and the marks that neutralise text for other readers. */
const plain = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&quot;', '"').replaceAll('&amp;', '&').replace(/\\+"/g, '"').replace(/\\+n/g, ' ');
