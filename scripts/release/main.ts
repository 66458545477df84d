// `npm run release:check [-- --url URL --token TOKEN --staging-url URL --staging-token TOKEN --prometheus URL --backups FOLDER]`: the 7 checks
// before a release, 6 during it, 5 after it. Without addresses a dry run: what can be seen from the clone, and what to tick by hand.
import { parseArgs } from 'node:util';
import { CHECKS, type State } from './checks.ts';
import { lookAround, targetAt } from './world.ts';

const { values } = parseArgs({ options: { url: { type: 'string' }, token: { type: 'string' }, 'staging-url': { type: 'string' }, 'staging-token': { type: 'string' }, prometheus: { type: 'string' }, backups: { type: 'string' } } });
const target = (url: string | undefined, token: string | undefined) => (url && token ? targetAt(url, token) : null);
const SIGNS: Record<State, string> = { ok: '✓', failed: '✗', 'by hand': '☐' };
const world = await lookAround({ backups: values.backups, prometheus: values.prometheus, staging: target(values['staging-url'], values['staging-token']), production: target(values.url, values.token) });

console.log(`Release ${world.version}`);
const counts: Record<State, number> = { ok: 0, failed: 0, 'by hand': 0 };
for (const phase of ['before', 'during', 'after'] as const) {
  const checks = CHECKS.filter((check) => check.phase === phase);
  console.log(`\n${phase} (${checks.length})`);
  for (const check of checks) {
    const { state, detail } = await check.look(world);
    counts[state] += 1;
    console.log(`  ${SIGNS[state]} ${check.name}: ${detail}`);
  }
}
console.log(`\n${counts.ok} in order, ${counts.failed} failed, ${counts['by hand']} to tick by hand`);
process.exitCode = counts.failed > 0 ? 1 : 0;
