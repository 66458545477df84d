import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from 'vitest';
import { pinFile } from './pinned-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'awp-pinned-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const countIn = (db: DatabaseSync): number => (db.prepare('select count(*) as n from events').get() as { n: number }).n;

it('a file that is written to without a pause is copied to its end, as of the moment it was pinned', async () => {
  const path = join(folder, 'busy.db');
  const writer = new DatabaseSync(path);
  writer.exec('pragma journal_mode=WAL; create table events (id integer primary key, data blob); begin');
  const insert = writer.prepare('insert into events (data) values (randomblob(3000))');
  // Far more than SQLite copies at a time, so that there is something left to copy whenever the writer was here.
  for (let n = 0; n < 2_000; n += 1) insert.run();
  writer.exec('commit');

  const pinned = pinFile(path);
  let going = true;
  const write = (): void => {
    if (!going) return;
    insert.run();
    setImmediate(write);
  };
  write();
  try {
    await pinned.copyTo(join(folder, 'copy.db'));
  } finally {
    going = false;
    pinned.close();
  }
  expect(countIn(writer)).toBeGreaterThan(2_000);
  const copy = new DatabaseSync(join(folder, 'copy.db'));
  expect(countIn(copy)).toBe(2_000);
  expect(copy.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' });
  for (const db of [copy, writer]) db.close();
});

it.runIf(existsSync('/proc/self/fd'))('a file that cannot be read is let go of again', () => {
  const path = join(folder, 'torn.db');
  writeFileSync(path, 'not a database '.repeat(1000));
  expect(() => pinFile(path)).toThrow(/not a database/);
  const open = readdirSync('/proc/self/fd').flatMap((fd) => { try { return [readlinkSync(`/proc/self/fd/${fd}`)]; } catch { return []; } });
  expect(open).not.toContain(path);
});

it('a file that nobody has open, as of an installation that is stopped, is copied as well', async () => {
  const path = join(folder, 'stopped.db');
  const writer = new DatabaseSync(path);
  writer.exec('pragma journal_mode=WAL; create table events (id integer primary key); insert into events values (1)');
  writer.close();
  const pinned = pinFile(path);
  await pinned.copyTo(join(folder, 'stopped-copy.db'));
  pinned.close();
  const copy = new DatabaseSync(join(folder, 'stopped-copy.db'));
  expect(countIn(copy)).toBe(1);
  copy.close();
});
