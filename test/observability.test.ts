import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '#scripts/launch/paths';
import { STORIES } from './support/deploy/alert-stories.ts';
import { alertRules, exposed, metricsOf, panels } from './support/deploy/queries.ts';

const rules = alertRules();
const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');

describe('alert rules', () => {
  it('have the names of the requirements, and one each', () => {
    expect(rules.map(({ alert }) => alert)).toEqual(expect.arrayContaining(['RunFailureRate', 'ValidationFailureBurst', 'UnusualSpend', 'RunStuck', 'TaskQueueBacklog', 'ApiSlow', 'NoWorkers', 'LogErrors']));
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });

  it('each has series that make it fire and series that must not, for promtool; and there are runbooks for nothing else', () => {
    expect(Object.keys(STORIES).sort()).toEqual(rules.map(({ alert }) => alert).sort());
    for (const [alert, { fires, calm }] of Object.entries(STORIES)) expect([Object.keys(fires).length, Object.keys(calm).length].includes(0), alert).toBe(false);
    expect(globSync('docs/runbooks/*.md', { cwd: projectRoot }).filter((path) => !path.endsWith('README.md')).sort()).toEqual(rules.map(({ annotations }) => annotations.runbook).sort());
  });

  it.each(rules.map((rule) => [rule.alert, rule] as const))('%s has a severity, words, and a runbook page that is listed', (alert, rule) => {
    expect(rule).toMatchObject({ labels: { severity: expect.stringMatching(/^(warning|critical)$/) }, for: expect.stringMatching(/^\d+m$/), annotations: { summary: expect.any(String) } });
    expect(existsSync(join(projectRoot, rule.annotations.runbook)), rule.annotations.runbook).toBe(true);
    expect(read(rule.annotations.runbook)).toMatch(new RegExp(`^# ${alert}\n[^]*## Look[^]*## Do[^]*## Afterwards`));
    expect(read('docs/runbooks/README.md')).toContain(`[${alert}](${rule.annotations.runbook.split('/').at(-1)})`);
  });
});

describe('dashboards', () => {
  it('show runs, providers, cost, API, Temporal and workers', () => {
    expect([...new Set(panels().map(({ dashboard }) => dashboard))].sort()).toEqual(['AWP: API', 'AWP: Temporal and workers', 'AWP: cost', 'AWP: providers', 'AWP: runs']);
    for (const { title, exprs } of panels()) expect(exprs.length, title).toBeGreaterThan(0);
  });
});

describe('the reader of expressions', () => {
  it('finds series, not functions, labels or words', () => {
    expect(metricsOf('sum by (a, b) (rate(x_total{a!="b_c"}[5m])) / sum(y) > 3 and on () (up{job="z"} == 1e6)')).toEqual(['x_total', 'y', 'up']);
    expect([...exposed('# TYPE q counter\nx_total{a="1"} 3\ny 2\nz_bucket{le="1"} 0\n')].sort()).toEqual(['q', 'x_total', 'y', 'z_bucket']);
  });
});
