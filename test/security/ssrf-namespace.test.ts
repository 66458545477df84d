import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** Control C16 where a guard that fails is seen: in a network of its own all private addresses, metadata services among them, are
 * servers that answer. On loopback alone such an address fails with and without a guard. */
interface Report { unguarded: string[]; seen: Record<string, { guarded: string[]; let_through: string[]; arrived: string[] }> }
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
  const { unguarded, seen } = JSON.parse(execFileSync(program, [...args, process.execPath, RIG], { encoding: 'utf8', timeout: 120_000 })) as Report;
  expect(unguarded.length).toBeGreaterThanOrEqual(20);
  expect(unguarded).toEqual(expect.arrayContaining(['http://169.254.169.254/latest/meta-data/', 'http://[fd00:ec2::254]/', 'http://10.0.0.1/', 'http://2130706433/']));
  const there = ['93.184.215.14/page'];
  // A repository is read from the hosts of repositories alone.
  expect(Object.entries(seen).map(([tool, { guarded, let_through, arrived }]) => [tool, guarded, let_through, arrived])).toEqual([
    ['fetch_url', [], [], there], ['fetch_table', [], [], there], ['read_pdf', [], [], there], ['read_repository', [], [], []], ['resolve_reference', [], [], there],
  ]);
});
