import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { buildInTurn } from './web-build.ts';

const folder = mkdtempSync(join(tmpdir(), 'awp-build-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder that is being built; each build ends when it is told. */
function site() {
  let [built, fresh] = [0, false];
  const ends: (() => void)[] = [];
  const wait = () => new Promise<void>((resolve) => { setImmediate(resolve); });
  const start = (good = true) => buildInTurn({ folder, isFresh: () => fresh, wait, build: async () => {
    built += 1;
    await new Promise<void>((resolve) => { ends.push(resolve); });
    if (!good) throw new Error('it does not build');
    fresh = true;
    return true;
  } });
  return { start, ends, wait, count: () => built };
}

it('of many launchers one builds, and nobody builds over pages that are served already', async () => {
  const { start, ends, wait, count } = site();
  const all = Promise.all(Array.from({ length: 5 }, () => start()));
  for (let round = 0; round < 20; round += 1) await wait();
  expect(count()).toBe(1);
  ends[0]?.();
  expect((await all).filter(Boolean)).toHaveLength(1);
  expect(count()).toBe(1);
});

it('a build that fails gives its turn back', async () => {
  const { start, ends, wait, count } = site();
  const first = start(false);
  while (ends.length === 0) await wait();
  const second = start();
  ends[0]?.();
  await expect(first).rejects.toThrow('does not build');
  while (ends.length === 1) await wait();
  ends[1]?.();
  expect([await second, count()]).toEqual([true, 2]);
});
