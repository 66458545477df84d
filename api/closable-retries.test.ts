import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Connection, defaultGrpcRetryOptions } from '@temporalio/client';
import { expect, it } from 'vitest';
import { closableRetries } from './closable-retries.ts';

/** A port where nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

it('a connection that closes while a retry waits ends the call, and nothing is thrown where nobody can catch it', async () => {
  const options = defaultGrpcRetryOptions({ maxAttempts: 10, initialIntervalMs: () => 100 });
  let waits = 0;
  const firstWait = Promise.withResolvers<void>();
  const retries = closableRetries({ ...options, delayFunction: (attempt, status) => { waits += 1; firstWait.resolve(); return options.delayFunction(attempt, status); } });
  const connection = Connection.lazy({ address: `127.0.0.1:${await deadPort()}`, interceptors: [retries.interceptor], channelArgs: { 'grpc.initial_reconnect_backoff_ms': 10 } });
  const uncaught: unknown[] = [];
  const note = (error: unknown) => { uncaught.push(error); };
  process.on('uncaughtException', note);
  const call = connection.workflowService.getSystemInfo({}).then(() => 'answered', () => 'ended');
  await firstWait.promise;
  await retries.end();
  await connection.close();
  expect(await call).toBe('ended');
  expect(waits).toBe(1);
  expect(uncaught).toEqual([]);
  process.off('uncaughtException', note);
});
