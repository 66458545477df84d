import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../launch/paths.ts';
import { vitest, type TestStep } from './steps.ts';

/** What `npm run test:security` runs besides test/security: files that `npm test` has in their own projects. */
export const PROOFS: readonly { name: string; files: readonly string[] }[] = [
  { name: 'who may call what (role matrix, ownership)', files: ['test/integration/permission-matrix.test.ts', 'test/integration/ownership.test.ts', 'test/integration/api-access.test.ts', 'test/integration/accounts.test.ts', 'test/integration/second-factor.test.ts'] },
  { name: 'input, headers, content types, keys and limits', files: ['test/integration/api-input.test.ts', 'test/integration/api-providers.test.ts'] },
  { name: 'SSRF and the URL guard', files: ['activities/tools/net/ssrf.test.ts', 'activities/tools/net/url-guard.test.ts'] },
  { name: 'an obedient model against injections', files: ['test/injection/obedient-attacker.test.ts'] },
  { name: 'audit chain, envelope, rotation', files: ['test/integration/audit.test.ts', 'platform/secrets/envelope.test.ts', 'test/integration/key-rotation.test.ts', 'platform/redact.test.ts', 'platform/logger.test.ts'] },
  { name: 'a planted key through faults: database, history, logs, files', files: ['test/faults/clock-and-keys.test.ts'] },
  { name: 'supply chain and tables', files: ['test/supply-chain.test.ts', 'test/security-map.test.ts'] },
];

interface Report { testResults: { name: string; assertionResults: { status: string; title: string; fullName: string }[] }[] }

/** The pre-deploy checklist (row K16): ten lines, each the verdict of the test that its row in the table names. */
function checklist(): { lines: string[]; failed: number } {
  const file = join(projectRoot, 'test-results/vitest.json');
  if (!existsSync(file)) return { lines: ['no results of tests to read'], failed: 1 };
  const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as Report;
  const rows = readFileSync(join(projectRoot, 'docs/security/checklist.md'), 'utf8').split('\n').flatMap((line) => {
    const [, item, path, title] = /^\| \d+ \| ([^|]+) \| `([^`]+)`: \*([^*]+)\*/.exec(line) ?? [];
    return item && path && title ? [{ item: item.trim(), path, title }] : [];
  });
  const results = rows.map(({ item, path, title }) => {
    const tests = testResults.filter(({ name }) => name.replaceAll('\\', '/').endsWith(`/${path}`)).flatMap(({ assertionResults }) => assertionResults).filter(({ fullName }) => fullName.includes(title));
    return { item, passed: tests.length > 0 && tests.every(({ status }) => status === 'passed') };
  });
  return { lines: results.map(({ item, passed }) => `${passed ? '✓' : '✗'} ${item}`), failed: results.filter(({ passed }) => !passed).length + (results.length === 10 ? 0 : 1) };
}

const proofs: TestStep = {
  name: `security: ${PROOFS.map(({ name }) => name).join('; ')}`,
  filters: ['security'],
  onlyWhenNamed: true,
  run: (context) => vitest(context, ['unit', 'integration', 'faults', 'security'], [...PROOFS.flatMap(({ files }) => files), 'test/security/']),
};

export const SECURITY_STEPS: readonly TestStep[] = [
  proofs,
  {
    name: 'checklist before a deployment',
    filters: ['security'],
    run: async () => {
      const { lines, failed } = checklist();
      return { passed: lines.length - failed, failed, summary: `\n${lines.map((line) => `      ${line}`).join('\n')}`, output: lines.join('\n') };
    },
  },
];
