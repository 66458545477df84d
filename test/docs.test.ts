import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '#scripts/launch/paths';

const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');
const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: projectRoot })].sort();

/** GitHub's id of a heading. */
const anchor = (heading: string) => heading.trim().toLowerCase().replace(/[`*_]/g, '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[^\p{L}\p{N} -]/gu, '').replaceAll(' ', '-');
const anchors = (file: string) => new Set([...read(file).matchAll(/^#{1,6} (.+)$/gm)].map((match) => anchor(match[1] as string)));

describe.each(pages)('%s', (page) => {
  it('has only links that lead somewhere', () => {
    const text = read(page).replace(/```[^]*?```/g, '');
    const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g), ...text.matchAll(/\b(?:src|srcset)="([^"]+)"/g)].map((match) => match[1] as string).filter((link) => !/^(https?|mailto):/.test(link)).filter((link) => {
      const [path = '', fragment] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(projectRoot, target))) return true;
      return fragment !== undefined && statSync(join(projectRoot, target)).isFile() && !anchors(target).has(fragment);
    });
    expect(broken).toEqual([]);
  });
});

describe('decisions', () => {
  const records = globSync('docs/adr/20*.md', { cwd: projectRoot });
  it.each(records)('%s has the eight fields and is in the index', (file) => {
    const text = read(file);
    for (const field of [/^- (?:\*\*)?Status:(?:\*\*)? \S/m, /^- (?:\*\*)?Date:(?:\*\*)? \d{4}-\d{2}-\d{2}$/m, /^- (?:\*\*)?Deciders:(?:\*\*)? \S/m, /^## Context\n+\S/m, /^## Decision\n+\S/m, /^## Rationale\n+\S/m, /^## Consequences\n+\S/m, /^## Alternatives\n+\S/m]) expect(text, String(field)).toMatch(field);
    expect(read('docs/adr/README.md')).toContain(`(${file.split('/').at(-1)})`);
  });

  it('001 to 007 are restated one by one', () => {
    expect(records.map((file) => /2026-11-25-(00\d)-/.exec(file)?.[1]).filter(Boolean).sort()).toEqual(['001', '002', '003', '004', '005', '006', '007']);
  });
});

it('the index has a path for each role', () => {
  for (const role of ['CTO', 'full-stack', 'security', 'SRE', 'frontend']) expect(read('docs/README.md')).toMatch(new RegExp(`^\\| .*${role}.* \\| \\[`, 'm'));
});

it('the page of versions is what is installed', () => {
  const { version, dependencies } = JSON.parse(read('package.json')) as { version: string; dependencies: Record<string, string> };
  const names = { 'the product': version, Node: dependencies['node'], 'Temporal SDK, all packages alike': dependencies['@temporalio/worker'], 'OpenTelemetry interceptors': dependencies['@temporalio/interceptors-opentelemetry'], Prisma: dependencies['prisma'], 'Next.js': dependencies['next'], 'S3 client': dependencies['@aws-sdk/client-s3'] };
  for (const [name, wanted] of Object.entries(names)) expect(read('docs/versions.md'), name).toContain(`| ${name} | ${wanted} |`);
  expect(new Set(Object.entries(dependencies).filter(([name]) => name.startsWith('@temporalio/')).map(([, given]) => given)).size).toBe(1);
});
