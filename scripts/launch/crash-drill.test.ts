import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CRASH_WORKER, type CrashWorkerAnswer } from '#contracts/drill';
import { crashDrill } from './crash-drill.ts';
import { Service } from './service.ts';

const STAYS = "process.send({type:'ready'}); setInterval(() => {}, 1000);";
const ASKS = `process.on('message', (answer) => console.log(JSON.stringify(answer))); ${STAYS} process.send({ type: '${CRASH_WORKER}', id: 'a' }); process.send({ type: 'something else' });`;

let home: string;
const services: Service[] = [];
beforeEach(() => { home = mkdtempSync(join(tmpdir(), 'awp-drill-')); });
afterEach(async () => { for (const service of services.splice(0)) await service.stop(); rmSync(home, { recursive: true, force: true }); });

function service(name: string, script: string, onMessage?: Service['spec']['onMessage']): Service {
  const made = new Service({ name, command: process.execPath, args: ['-e', script], env: process.env, cwd: home, stopSignal: 'SIGTERM', stopGraceMs: 300, readyTimeoutMs: 20_000, backoffMs: [1, 1], ...(onMessage ? { onMessage } : {}) }, home, { say: () => undefined, gaveUp: () => undefined });
  services.push(made);
  return made;
}
const answersOf = (asker: Service) => asker.log.tail(20).filter((line) => line.includes(CRASH_WORKER)).map((line) => JSON.parse(line) as CrashWorkerAnswer);

it('a child that asks for it has the worker killed, is told its pid, and the worker comes back', async () => {
  const worker = service('worker', STAYS);
  await worker.start();
  const before = worker.pid;
  const asker = service('api', ASKS, crashDrill({}, () => worker));
  await asker.start();
  await vi.waitFor(() => expect(answersOf(asker)).toEqual([{ type: CRASH_WORKER, id: 'a', pid: before, problem: null }]), { timeout: 20_000 });
  await vi.waitFor(() => expect(worker.pid).not.toBe(before), { timeout: 20_000 });
});

it('in production, and while there is no worker, nothing is killed and the words say why', async () => {
  const worker = service('worker', STAYS);
  await worker.start();
  const before = worker.pid;
  const said: object[] = [];
  crashDrill({ AWP_ENV: 'production' }, () => worker)({ type: CRASH_WORKER, id: 'b' }, (answer) => said.push(answer));
  crashDrill({}, () => undefined)({ type: CRASH_WORKER, id: 'c' }, (answer) => said.push(answer));
  expect(said).toMatchObject([{ id: 'b', pid: null, problem: 'The drill is for local mode.' }, { id: 'c', pid: null, problem: 'No worker is running at this moment.' }]);
  expect(worker.pid).toBe(before);
});
