import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { isSameProcess, processIdentity } from './process-identity.ts';
import { Service, type ServiceSpec } from './service.ts';

let home: string;
let service: Service | undefined;
const said: string[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'awp-service-'));
  said.length = 0;
});

afterEach(async () => {
  await service?.stop();
  rmSync(home, { recursive: true, force: true });
});

function run(script: string, more: Partial<ServiceSpec> = {}, gaveUp: (name: string, reason: string) => void = () => undefined): Service {
  const spec: ServiceSpec = {
    name: 'probe', command: process.execPath, args: ['-e', script], env: process.env, cwd: home,
    stopSignal: 'SIGTERM', stopGraceMs: 300, readyTimeoutMs: 20_000, backoffMs: [1, 1], ...more,
  };
  service = new Service(spec, home, { say: (line) => said.push(line), gaveUp });
  return service;
}

const READY = "process.send({type:'ready'});";
const STAY = 'setInterval(() => {}, 1000);';

it('a process that ends before it is ready is named with its exit code and its last words', async () => {
  const starting = run("console.error('no such table'); process.exit(3)").start();
  await expect(starting).rejects.toThrow(/probe: exit code 3[\s\S]*no such table[\s\S]*probe\.log/);
});

it('a process that is never ready is named after its time is up', async () => {
  await expect(run(STAY, { readyTimeoutMs: 300 }).start()).rejects.toThrow(/not ready after 0\.3 s/);
});

it('a process that keeps dying is given up with the reason', async () => {
  const gaveUp = vi.fn<(name: string, reason: string) => void>();
  await run(`${READY} setTimeout(() => { console.error('disk full'); process.exit(7); }, 20)`, {}, gaveUp).start();
  await vi.waitFor(() => expect(gaveUp).toHaveBeenCalled(), { timeout: 15_000 });
  expect(gaveUp.mock.calls[0]?.[1]).toMatch(/exit code 7[\s\S]*disk full/);
  expect(said[0]).toContain('disk full');
});

it('a process deaf to the stop signal is killed after the grace, and its children with it', async () => {
  const script = `const c = require('child_process').spawn(process.execPath, ['-e', '${STAY}'], {stdio: 'ignore'}); console.log('child ' + c.pid); process.on('SIGTERM', () => {}); ${READY} ${STAY}`;
  const started = run(script);
  await started.start();
  await vi.waitFor(() => expect(started.log.tail().join()).toMatch(/child \d+/), { timeout: 5_000 });
  const child = Number(/child (\d+)/.exec(started.log.tail().join())?.[1]);
  const identity = processIdentity(child);
  await started.stop();
  await vi.waitFor(() => expect(identity !== null && isSameProcess(child, identity)).toBe(false), { timeout: 5_000 });
});

it('what a killed launcher left behind is ended before the next start, and nothing else', async () => {
  const first = run(`${READY} ${STAY}`);
  await first.start();
  const left = JSON.parse(readFileSync(join(home, 'run/probe.pid'), 'utf8')) as { pid: number; identity: string };
  const second = new Service({ ...first.spec }, home, { say: () => undefined, gaveUp: () => undefined });
  first.spec.backoffMs = [60_000]; // the first must not bring it back meanwhile
  await second.start();
  expect(isSameProcess(left.pid, left.identity)).toBe(false);
  expect(second.pid).not.toBe(left.pid);
  await second.stop();
});
