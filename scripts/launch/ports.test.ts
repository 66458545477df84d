import { createServer, type Server } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { anyFreePort, PortBook } from './ports.ts';

let blocker: Server | undefined;
afterEach(() => void blocker?.close());

async function takenPort(): Promise<number> {
  const port = await anyFreePort();
  await new Promise<void>((resolve) => {
    blocker = createServer().listen(port, '127.0.0.1', resolve);
  });
  return port;
}

it('a taken default port moves to a free one and says so', async () => {
  const port = await takenPort();
  const choice = await new PortBook({}).choose('WEB_PORT', port);
  expect(choice.port).toBeGreaterThan(port);
  expect(choice.moved).toContain(`port ${port} is taken, using ${choice.port}`);
});

it('a free default port is kept in silence', async () => {
  const port = await anyFreePort();
  expect(await new PortBook({}).choose('WEB_PORT', port)).toEqual({ port, moved: null });
});

it('a port set by hand that is taken, or no port at all, is an error naming the variable', async () => {
  const port = await takenPort();
  await expect(new PortBook({ WEB_PORT: String(port) }).choose('WEB_PORT', 3000)).rejects.toThrow(`WEB_PORT=${port} is taken`);
  for (const value of ['http', '-1', '70000', '1.5']) {
    await expect(new PortBook({ WEB_PORT: value }).choose('WEB_PORT', 3000)).rejects.toThrow(`WEB_PORT=${value} is not a port`);
  }
});

it('two services never get the same port', async () => {
  const port = await anyFreePort();
  const book = new PortBook({ API_PORT: String(port), WEB_PORT: String(port) });
  await book.choose('API_PORT', 8000);
  await expect(book.choose('WEB_PORT', 3000)).rejects.toThrow('used by another part');
  expect((await book.choose('OTHER_PORT', port)).port).not.toBe(port);
});

it('ports for services are none that the system may give away before they listen, and each is chosen once', async () => {
  const chosen = await Promise.all(Array.from({ length: 50 }, anyFreePort));
  expect(new Set(chosen).size).toBe(50);
  for (const port of chosen) expect(port).toBeLessThan(30_000);
  const ofChance = await Promise.all(chosen.map(() => new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  })));
  expect(ofChance.filter((port) => chosen.includes(port))).toEqual([]);
});
