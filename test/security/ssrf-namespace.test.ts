import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** Control C16 where a guard that fails is seen: in a network of its own all private addresses, metadata services among them, are
 * servers that answer. On loopback alone such an address fails with and without a guard. */
interface Seen { unguarded: string[]; guarded: string[]; let_through: string[]; open: string; arrived: string[] }
const RIG = join(import.meta.dirname, '../support/security/ssrf-rig.ts');
/** Ways to such a network: of one's own, as root, or by sudo, where user namespaces are closed (GitHub's machines). */
const WAYS = [['unshare', '--user', '--map-root-user', '--net'], ['unshare', '--net'], ['sudo', '--non-interactive', '--preserve-env', 'unshare', '--net']] as const;

function wayIn(): readonly string[] | null {
  return WAYS.find(([program, ...args]) => {
    try { execFileSync(program, [...args, 'ip', 'link', 'set', 'lo', 'up'], { stdio: 'ignore' }); return true; } catch { return false; }
  }) ?? null;
}

it('where every private address answers, not one is reached, and a public one is', ({ skip }) => {
  const way = process.platform === 'linux' ? wayIn() : null;
  if (way === null) skip('This machine gives no network namespace; the loopback canaries of activities/tools/net/ssrf.test.ts ran.');
  const [program = '', ...args] = way ?? [];
  const seen = JSON.parse(execFileSync(program, [...args, process.execPath, RIG], { encoding: 'utf8', timeout: 120_000 })) as Seen;
  expect(seen.unguarded.length).toBeGreaterThanOrEqual(20);
  expect(seen.unguarded).toEqual(expect.arrayContaining(['http://169.254.169.254/latest/meta-data/', 'http://[fd00:ec2::254]/', 'http://10.0.0.1/', 'http://2130706433/']));
  expect([seen.guarded, seen.let_through]).toEqual([[], []]);
  expect([seen.open, seen.arrived.filter((hit) => !hit.endsWith('/robots.txt'))]).toEqual(['ok', ['93.184.215.14/page']]);
});
