import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../launch/paths.ts';
import { CHECKS, sumOf, type Target, type World } from './checks.ts';
import { belowFloor, compareEnvironment, FLOORS } from './world.ts';

const PAGE = ['http_request_duration_seconds_count{method="GET",status="200"} 990', 'http_request_duration_seconds_count{method="GET",status="500"} 2', 'log_lines_total{level="error"} 0', 'temporal_task_queue_backlog{task_queue="workflows"} 3', 'oldest_live_run_seconds{status="queued"} 4'].join('\n');
const target = (changes: Partial<Target> & { pages?: Record<string, string>; status?: number } = {}): Target => ({
  url: 'https://awp.example.org', run: () => Promise.resolve('completed'), get: (path) => Promise.resolve({ status: changes.status ?? 200, text: { '/': '{"version":"1.2.0"}', '/metrics': PAGE, ...changes.pages }[path] ?? '' }), ...changes,
});
const good: World = {
  version: '1.2.0', commit: { id: 'a1', changed: false }, testReport: { commit: 'a1', passed: 9, failed: 0 }, migrations: [{ name: '1', sql: 'CREATE TABLE a (id int);' }], changelog: '# Changelog\n\n## 1.2.0\n\n- New.\n\n## 1.1.0\n', chartVersion: '1.2.0',
  environment: { missing: [], unread: [] }, backupAgeMs: 3_600_000, belowFloor: [], staging: target(), production: target(), firing: [],
};
const states = async (world: World) => Object.fromEntries(await Promise.all(CHECKS.map(async (check) => [check.name, (await check.look(world)).state] as const)));

describe('the checks', () => {
  it('are 7 before, 6 during, 5 after, each with a name of its own', () => {
    expect(['before', 'during', 'after'].map((phase) => CHECKS.filter((check) => check.phase === phase).length)).toEqual([7, 6, 5]);
    expect(new Set(CHECKS.map(({ name }) => name)).size).toBe(18);
  });

  it('find a good release in order, and leave to people what only people can say', async () => {
    const found = await states(good);
    expect(Object.values(found).filter((state) => state === 'failed')).toEqual([]);
    expect(Object.entries(found).filter(([, state]) => state === 'by hand').map(([name]) => name)).toEqual(['keys are rotated where it is due', 'roll-out pod by pod, or canary', 'cost is as before', 'notes are published, the release is tagged']);
  });

  it.each<[string, Partial<World>]>([
    ['tests are green on this commit', { testReport: { commit: 'a0', passed: 9, failed: 0 } }],
    ['tests are green on this commit', { testReport: null }],
    ['tests are green on this commit', { commit: null }],
    ['tests are green on this commit', { commit: { id: 'a1', changed: true } }],
    ['tests are green on this commit', { testReport: { commit: 'a1', passed: 8, failed: 1 } }],
    ['scan: no package below its floor', { belowFloor: ['next 1.0.0'] }],
    ['configuration and .env.example agree', { environment: { missing: ['A'], unread: [] } }],
    ['there is a fresh backup', { backupAgeMs: 25 * 3_600_000 }],
    ['people know: notes of this version are written', { version: '1.3.0' }],
    ['people know: notes of this version are written', { chartVersion: '1.1.0' }],
    ['staging runs this version', { staging: target({ pages: { '/': '{"version":"1.1.0"}' } }) }],
    ['smoke: a Validate run on staging', { staging: target({ run: () => Promise.reject(new Error('away')) }) }],
    ['error rate below 1 %', { production: target({ pages: { '/metrics': PAGE.replace('990', '99') } }) }],
    ['health and readiness', { production: target({ status: 503 }) }],
    ['critical flow: a Test run to its end', { production: target({ run: () => Promise.resolve('failed') }) }],
    ['no alert fires', { firing: ['ApiSlow'] }],
    ['no errors in the logs', { production: target({ pages: { '/metrics': PAGE.replace('"error"} 0', '"error"} 1') } }) }],
    ['no backlog, nothing stuck', { production: target({ pages: { '/metrics': PAGE.replace('"queued"} 4', '"queued"} 400') } }) }],
  ])('%s: fails when it should', async (name, change) => {
    expect((await states({ ...good, ...change }))[name]).toBe('failed');
  });

  it('a migration that takes something away is looked at by a person', async () => {
    for (const sql of ['ALTER TABLE "a" DROP COLUMN "b";', 'drop table a;', 'ALTER TABLE a RENAME COLUMN b TO c;']) expect((await states({ ...good, migrations: [{ name: '1', sql }] }))['migrations only add']).toBe('by hand');
  });
});

it('metrics are summed by label', () => {
  expect([sumOf(PAGE, 'http_request_duration_seconds_count'), sumOf(PAGE, 'http_request_duration_seconds_count', 'status="5'), sumOf(PAGE, 'nothing'), sumOf('a 3', 'a')]).toEqual([992, 2, null, 3]);
});

describe('what is seen from the clone', () => {
  it('configuration and .env.example agree in both directions, and a difference is named', () => {
    const example = readFileSync(join(projectRoot, '.env.example'), 'utf8');
    expect(compareEnvironment(example)).toEqual({ missing: [], unread: [] });
    expect(compareEnvironment(example.replace('#LOG_LEVEL=', '#OTHER='))).toEqual({ missing: ['LOG_LEVEL'], unread: ['OTHER'] });
  });

  it('the lock file holds the floors', () => {
    expect(belowFloor(JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')) as never)).toEqual([]);
    expect(belowFloor({ packages: { 'node_modules/a/node_modules/next': { version: '16.2.5' }, 'node_modules/qs': { version: '6.15.0' } } }, FLOORS)).toEqual([`next 16.2.5 is below ${FLOORS['next'] as string}`]);
  });
});
