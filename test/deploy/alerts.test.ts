import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { prometheusFolder } from '#scripts/deploy/tools';
import { alertRules, alertsFile } from '../support/deploy/queries.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'awp-alerts-'));
afterAll(() => { rmSync(folder, { recursive: true }); });

/** Series by the minute or `step` (`start+step x count`) that must make each alert fire, and the minute at which it does; `calm`: that must not. */
interface Story { step?: string; at: string; fires: Record<string, string>; calm: Record<string, string>; labels?: Record<string, string> }
const STORIES: Record<string, Story> = {
  RunFailureRate: { at: '90m', fires: { 'workflow_runs_total{workflow_id="a",status="failed",run_mode="test_run"}': '0+1x120', 'workflow_runs_total{workflow_id="a",status="completed",run_mode="test_run"}': '0+9x120' }, calm: { 'workflow_runs_total{workflow_id="a",status="failed",run_mode="test_run"}': '0x120', 'workflow_runs_total{workflow_id="a",status="completed",run_mode="test_run"}': '0+9x120' } },
  ValidationFailureBurst: { at: '30m', fires: { 'workflow_validation_failures_total{workflow_id="a"}': '0+1x60' }, calm: { 'workflow_validation_failures_total{workflow_id="a"}': '0+1x3 3x60' } },
  UnusualSpend: { step: '1h', at: '160h', fires: { 'provider_cost_usd_micros_total{provider="a"}': '0+6000x144 864000+600000x30' }, calm: { 'provider_cost_usd_micros_total{provider="a"}': '0+300000x180' } },
  RunStuck: { at: '30m', fires: { 'oldest_live_run_seconds{status="running"}': '3601x60' }, calm: { 'oldest_live_run_seconds{status="running"}': '600x60' } },
  RunsNotStarted: { at: '30m', fires: { 'oldest_live_run_seconds{status="queued"}': '301x60' }, calm: { 'oldest_live_run_seconds{status="queued"}': '20x60' } },
  TaskQueueBacklog: { at: '30m', labels: { task_queue: 'workflows' }, fires: { 'temporal_task_queue_backlog{task_queue="workflows",kind="activity"}': '101x60' }, calm: { 'temporal_task_queue_backlog{task_queue="workflows",kind="activity"}': '10x60' } },
  NoWorkers: { at: '30m', labels: { task_queue: 'workflows', kind: 'workflow' }, fires: { 'temporal_task_queue_pollers{task_queue="workflows",kind="workflow"}': '0x60' }, calm: { 'temporal_task_queue_pollers{task_queue="workflows",kind="workflow"}': '1x60' } },
  ApiSlow: { at: '30m', fires: { 'http_request_duration_seconds_bucket{le="0.2",route="/api/v1/runs"}': '0+50x60', 'http_request_duration_seconds_bucket{le="0.5",route="/api/v1/runs"}': '0+100x60', 'http_request_duration_seconds_bucket{le="+Inf",route="/api/v1/runs"}': '0+100x60' }, calm: { 'http_request_duration_seconds_bucket{le="0.2",route="/api/v1/runs"}': '0+100x60', 'http_request_duration_seconds_bucket{le="0.5",route="/api/v1/runs"}': '0+100x60', 'http_request_duration_seconds_bucket{le="+Inf",route="/api/v1/runs"}': '0+100x60' } },
  ApiErrors: { at: '30m', fires: { 'http_request_duration_seconds_count{status="500"}': '0+5x60', 'http_request_duration_seconds_count{status="200"}': '0+95x60' }, calm: { 'http_request_duration_seconds_count{status="404"}': '0+5x60', 'http_request_duration_seconds_count{status="200"}': '0+95x60' } },
  TemporalAway: { at: '30m', fires: { temporal_reachable: '0x60' }, calm: { temporal_reachable: '1x60' } },
  DatabaseAway: { at: '30m', fires: { 'up{job="awp-api"}': '1x60' }, calm: { 'up{job="awp-api"}': '1x60', active_runs: '0x60' } },
  ProcessDown: { at: '30m', labels: { job: 'awp-worker', instance: 'w' }, fires: { 'up{job="awp-worker",instance="w"}': '0x60' }, calm: { 'up{job="awp-worker",instance="w"}': '1x60' } },
  LogErrors: { at: '30m', fires: { 'log_lines_total{level="error"}': '0+20x60' }, calm: { 'log_lines_total{level="error"}': '0+1x60', 'log_lines_total{level="info"}': '0+200x60' } },
  ProviderFailing: { at: '30m', labels: { provider: 'a' }, fires: { 'provider_api_calls_total{provider="a",status="ProviderTimeout"}': '0+3x60', 'provider_api_calls_total{provider="a",status="ok"}': '0+7x60' }, calm: { 'provider_api_calls_total{provider="a",status="cancelled"}': '0+3x60', 'provider_api_calls_total{provider="a",status="ok"}': '0+7x60' } },
  EventLoopLag: { at: '30m', labels: { job: 'awp-api', instance: 'a' }, fires: { 'nodejs_eventloop_lag_p99_seconds{job="awp-api",instance="a"}': '0.2x60' }, calm: { 'nodejs_eventloop_lag_p99_seconds{job="awp-api",instance="a"}': '0.02x60' } },
  DatabaseConnectionsWaiting: { at: '30m', labels: { instance: 'a' }, fires: { 'database_connections{state="waiting",instance="a"}': '3x60' }, calm: { 'database_connections{state="waiting",instance="a"}': '0x60' } },
  MemoryHigh: { at: '30m', labels: { job: 'awp-worker', instance: 'w' }, fires: { 'process_resident_memory_bytes{job="awp-worker",instance="w"}': '1800000000x60' }, calm: { 'process_resident_memory_bytes{job="awp-worker",instance="w"}': '400000000x60' } },
  PossiblyBilled: { at: '90m', fires: { 'ledger_calls_total{outcome="possibly_billed"}': '0+1x120' }, calm: { 'ledger_calls_total{outcome="bought"}': '0+9x120' } },
};

it('there is a story for each alert', () => {
  expect(Object.keys(STORIES).sort()).toEqual(alertRules().map(({ alert }) => alert).sort());
});

it.each(Object.entries(STORIES))('%s fires when it should, and not before', async (alert, story) => {
  const rule = alertRules().find((one) => one.alert === alert);
  const seriesOf = (given: Record<string, string>) => Object.entries(given).map(([series, values]) => ({ series, values }));
  const test = (given: Record<string, string>, expected: object[]) => ({ interval: story.step ?? '1m', input_series: seriesOf(given), alert_rule_test: [{ eval_time: story.at, alertname: alert, exp_alerts: expected }] });
  // The words may hold a figure; promtool compares them exactly, so only the labels are given and the file has none of the words.
  const rules = join(folder, `${alert}-rules.json`);
  writeFileSync(rules, JSON.stringify({ groups: [{ name: 'one', rules: [{ alert, expr: rule?.expr, for: rule?.for, labels: rule?.labels }] }] }));
  const file = join(folder, `${alert}.yml`);
  writeFileSync(file, stringify({ rule_files: [rules], evaluation_interval: story.step ?? '1m', tests: [test(story.fires, [{ exp_labels: { ...story.labels, severity: rule?.labels.severity } }]), test(story.calm, [])] }));
  await run(join(await prometheusFolder(process.env), 'promtool'), ['test', 'rules', file]);
});

it('the file as a whole is accepted', async () => {
  expect((await run(join(await prometheusFolder(process.env), 'promtool'), ['check', 'rules', alertsFile])).stdout).toContain('SUCCESS: 18 rules found');
});
