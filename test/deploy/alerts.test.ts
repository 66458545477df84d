import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { prometheusFolder } from '#scripts/deploy/tools';
import { projectRoot } from '#scripts/launch/paths';
import { STORIES } from '../support/deploy/alert-stories.ts';
import { alertRules, alertsFile } from '../support/deploy/queries.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'awp-alerts-'));
afterAll(() => { rmSync(folder, { recursive: true }); });

it.each(Object.entries(STORIES))('%s fires when it should, and not before', async (alert, story) => {
  const rule = alertRules().find((one) => one.alert === alert);
  const seriesOf = (given: Record<string, string>) => Object.entries(given).map(([series, values]) => ({ series, values }));
  const test = (given: Record<string, string>, expected: object[]) => ({ interval: story.step ?? '1m', input_series: seriesOf(given), alert_rule_test: [{ eval_time: '0m', alertname: alert, exp_alerts: [] }, { eval_time: story.at, alertname: alert, exp_alerts: expected }] });
  const fired = (labels: Record<string, string>) => [{ exp_labels: { ...labels, severity: rule?.labels.severity } }];
  // The words may hold a figure; promtool compares them exactly, so only the labels are given and the file has none of the words.
  const rules = join(folder, `${alert}-rules.json`);
  writeFileSync(rules, JSON.stringify({ groups: [{ name: 'one', rules: [{ alert, expr: rule?.expr, for: rule?.for, labels: rule?.labels }] }] }));
  const file = join(folder, `${alert}.yml`);
  writeFileSync(file, stringify({ rule_files: [rules], evaluation_interval: story.step ?? '1m', tests: [test(story.fires, fired(story.labels ?? {})), test(story.calm, []), ...Object.values(story.more ?? {}).map(({ series, fires }) => test(series, fires === null ? [] : fired(fires)))] }));
  await run(join(await prometheusFolder(process.env), 'promtool'), ['test', 'rules', file]);
});

it('the file as a whole is accepted', async () => {
  expect((await run(join(await prometheusFolder(process.env), 'promtool'), ['check', 'rules', alertsFile])).stdout).toContain(`SUCCESS: ${alertRules().length} rules found`);
});

it('so is the configuration that compose gives to Prometheus', async () => {
  // The rules lie elsewhere than in the container: they were looked at above.
  await run(join(await prometheusFolder(process.env), 'promtool'), ['check', 'config', '--syntax-only', join(projectRoot, 'deploy/observability/prometheus.yml')]);
});
