import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { nameSenders } from './forwarded-for';

nameSenders();
const server = createServer((request, response) => { response.end(String(request.headers['x-forwarded-for'])); });
await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
afterAll(() => { server.close(); });
const seen = async (headers: Record<string, string> = {}) => (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { headers })).text();

it('the sender is named last, whatever the request says of itself', async () => {
  expect(await seen()).toBe('127.0.0.1');
  expect(await seen({ 'x-forwarded-for': '6.6.6.6' })).toBe('6.6.6.6, 127.0.0.1');
});
