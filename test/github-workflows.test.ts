import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectRoot } from '#scripts/launch/paths';

interface Job { needs?: string | string[]; permissions?: object; environment?: string; 'timeout-minutes'?: number; steps: { run?: string; uses?: string; with?: Record<string, unknown> }[] }
interface Workflow { permissions: object; jobs: Record<string, Job> }
const run = promisify(execFile);
const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');
const workflow = (name: string) => parse(read(`.github/workflows/${name}.yml`), { merge: true }) as Workflow;
const words = (job: Job | undefined) => (job?.steps ?? []).map(({ run = '', uses = '' }) => `${run}${uses}`).join('\n');

describe.each(globSync('*.yml', { cwd: join(projectRoot, '.github/workflows') }))('%s', (file) => {
  const { permissions, jobs } = workflow(file.replace('.yml', ''));
  it('reads by default, has an end in time, keeps no credentials, and pins every action', () => {
    expect(permissions).toEqual({ contents: 'read' });
    for (const [name, job] of Object.entries(jobs)) {
      expect(job['timeout-minutes'], name).toBeGreaterThan(0);
      for (const step of job.steps.filter(({ uses }) => uses)) {
        expect(step.uses, name).toMatch(/@(v\d+|\d+\.\d+\.\d+|[0-9a-f]{40})$/);
        if (step.uses?.startsWith('actions/checkout')) expect(step.with).toEqual({ 'persist-credentials': false });
      }
    }
  });
});

it('CI is the check that every machine runs, and the deployment checks', () => {
  const { jobs } = workflow('ci');
  expect(words(jobs['check'])).toContain('bash .ci/run');
  expect(words(jobs['deploy'])).toMatch(/npm run test:deploy[^]*docker compose config/);
});

it('a release checks, builds with SBOM, signs, publishes the chart, and passes staging before production', () => {
  const { jobs } = workflow('release');
  expect(words(jobs['check'])).toMatch(/\.ci\/run[^]*test:deploy[^]*release:check/);
  expect([jobs['images']?.needs, jobs['chart']?.needs, jobs['staging']?.needs, jobs['production']?.needs]).toEqual(['check', 'images', ['images', 'chart', 'sbom'], ['images', 'staging']]);
  expect(words(jobs['images'])).toContain('cosign sign');
  expect(words(jobs['chart'])).toMatch(/helm push[^]*cosign sign/);
  expect(words(jobs['sbom'])).toContain('npm sbom');
  expect([jobs['staging']?.environment, jobs['production']?.environment]).toEqual(['staging', 'production']);
});

it('the SBOM of a release names every package of the lock file, and which of them only development needs', async () => {
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { version: string; name?: string; dev?: boolean }> };
  const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
  const called = ([path, { name, version }]: (typeof packages)[number]) => `${name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${version}`;
  const [, options = ''] = /npm (sbom .+?) >/.exec(words(workflow('release').jobs['sbom'])) ?? [];
  const { stdout } = await run('npm', options.split(' '), { cwd: projectRoot, maxBuffer: 64e6, shell: process.platform === 'win32' });
  const { components } = JSON.parse(stdout) as { components: { group?: string; name: string; version: string; properties?: { name: string }[] }[] };
  const listed = (some: typeof components) => some.map(({ group, name, version }) => `${group === undefined ? '' : `${group}/`}${name}@${version}`).toSorted();
  // A package that lies in two places is one component.
  const shipped = new Set(packages.filter(([, { dev }]) => !dev).map(called));
  expect(shipped.size).toBeGreaterThan(500);
  expect(listed(components)).toEqual([...new Set(packages.map(called))].toSorted());
  expect(listed(components.filter(({ properties = [] }) => properties.some(({ name }) => name === 'cdx:npm:package:development'))).filter((each) => shipped.has(each))).toEqual([]);
}, 60_000);

it('a release is rolled out by the helm that the chart was tried with', () => {
  const tried = /helm@(v[\d.]+)/.exec(read('scripts/deploy/tools.ts'))?.[1];
  const given = Object.values(workflow('release').jobs).flatMap(({ steps }) => steps.filter(({ uses }) => uses?.startsWith('azure/setup-helm'))).map((step) => step.with?.['version']);
  expect(given).toEqual([tried, tried, tried]);
});

it('the example for playbooks of a team keeps the same rules, and its commands are those of the command line', () => {
  const [, text = ''] = /```yaml\n(# \.github\/workflows\/playbooks\.yml[^]*?)```/.exec(read('docs/own-workflows.md')) ?? [];
  const { permissions, jobs } = parse(text) as Workflow;
  const job = jobs['playbooks'];
  expect([permissions, (job?.['timeout-minutes'] ?? 0) > 0]).toEqual([{ contents: 'read' }, true]);
  for (const { uses, with: options } of job?.steps.filter((step) => step.uses) ?? []) expect([uses, uses?.includes('checkout') ? options?.['persist-credentials'] : false]).toEqual([expect.stringMatching(/@v\d+$/), false]);
  expect(words(job).match(/awp\.mjs workflows \w+/g)).toEqual(['awp.mjs workflows validate', 'awp.mjs workflows publish']);
});
