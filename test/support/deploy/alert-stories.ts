type Series = Record<string, string>;
/** Series by the minute or `step` (`start+step x count`) that must make each alert fire, and the minute at which it does; `calm`: that must not.
 * `more` are told by their words: other series at the same minute, with the labels of what fires, or null. */
export interface Story { step?: string; at: string; fires: Series; calm: Series; labels?: Record<string, string>; more?: Record<string, { series: Series; fires: Record<string, string> | null }> }
/** One for each alert of helm/files/alerts.yml; promtool plays them in test/deploy/alerts.test.ts. */
export const STORIES: Record<string, Story> = {
  RunFailureRate: {
    at: '90m',
    fires: { 'workflow_runs_total{workflow_id="a",status="failed",run_mode="test_run"}': '0+1x120', 'workflow_runs_total{workflow_id="a",status="completed",run_mode="test_run"}': '0+9x120' },
    calm: { 'workflow_runs_total{workflow_id="a",status="failed",run_mode="test_run"}': '0x120', 'workflow_runs_total{workflow_id="a",status="completed",run_mode="test_run"}': '0+9x120' },
    more: {
      'three keys that Validate refused in a quiet hour': { fires: null, series: { 'workflow_runs_total{workflow_id="a",status="failed",run_mode="test_run"}': '0x60 1+1x2 3x60', 'workflow_validation_failures_total{workflow_id="a"}': '0x60 1+1x2 3x60', 'workflow_runs_total{workflow_id="a",status="completed",run_mode="test_run"}': '0x120' } },
      'three that failed after Validate, beside as many that failed in it': { fires: {}, series: { 'workflow_runs_total{workflow_id="a",status="failed",run_mode="test_run"}': '0x60 2+2x2 6x60', 'workflow_validation_failures_total{workflow_id="a"}': '0x60 1+1x2 3x60' } },
    },
  },
  ValidationFailureBurst: { at: '30m', fires: { 'workflow_validation_failures_total{workflow_id="a"}': '0+1x60' }, calm: { 'workflow_validation_failures_total{workflow_id="a"}': '0+1x3 3x60' } },
  UnusualSpend: {
    step: '1h', at: '160h',
    fires: { 'up{job="awp-worker",instance="w"}': '1x180', 'provider_cost_usd_micros_total{provider="a"}': '0+6000x144 864000+600000x30' },
    calm: { 'up{job="awp-worker",instance="w"}': '1x180', 'provider_cost_usd_micros_total{provider="a"}': '0+300000x180' },
    more: {
      'a new installation on its second day spends steadily': { fires: null, series: { 'up{job="awp-worker",instance="w"}': '_x112 1x60', 'provider_cost_usd_micros_total{provider="a"}': '_x112 0+300000x60' } },
      'a new installation on its fifth day spends steadily': { fires: null, series: { 'up{job="awp-worker",instance="w"}': '_x55 1x120', 'provider_cost_usd_micros_total{provider="a"}': '_x55 0+300000x120' } },
      'a new installation spends four times as much on its fifth day': { fires: {}, series: { 'up{job="awp-worker",instance="w"}': '_x55 1x120', 'provider_cost_usd_micros_total{provider="a"}': '_x55 0+300000x80 25200000+1200000x40' } },
      'nothing was spent for a week, then a leaked token is used': { fires: {}, series: { 'up{job="awp-worker",instance="w"}': '1x180', 'provider_cost_usd_micros_total{provider="a"}': '_x150 0+300000x30' } },
    },
  },
  RunStuck: { at: '30m', fires: { 'oldest_live_run_seconds{status="running"}': '3601x60' }, calm: { 'oldest_live_run_seconds{status="running"}': '600x60' } },
  RunsNotStarted: { at: '30m', fires: { 'oldest_live_run_seconds{status="queued"}': '301x60' }, calm: { 'oldest_live_run_seconds{status="queued"}': '20x60' } },
  WebhooksNotSent: { at: '30m', fires: { webhook_oldest_due_seconds: '301x60' }, calm: { webhook_oldest_due_seconds: '20x60' } },
  TaskQueueBacklog: { at: '30m', labels: { task_queue: 'workflows' }, fires: { 'temporal_task_queue_backlog{task_queue="workflows",kind="activity"}': '101x60' }, calm: { 'temporal_task_queue_backlog{task_queue="workflows",kind="activity"}': '10x60' } },
  NoWorkers: { at: '30m', labels: { task_queue: 'workflows', kind: 'workflow' }, fires: { 'temporal_task_queue_pollers{task_queue="workflows",kind="workflow"}': '0x60' }, calm: { 'temporal_task_queue_pollers{task_queue="workflows",kind="workflow"}': '1x60' } },
  ApiSlow: { at: '30m', fires: { 'http_request_duration_seconds_bucket{le="0.2",route="/api/v1/runs"}': '0+50x60', 'http_request_duration_seconds_bucket{le="0.5",route="/api/v1/runs"}': '0+100x60', 'http_request_duration_seconds_bucket{le="+Inf",route="/api/v1/runs"}': '0+100x60' }, calm: { 'http_request_duration_seconds_bucket{le="0.2",route="/api/v1/runs"}': '0+100x60', 'http_request_duration_seconds_bucket{le="0.5",route="/api/v1/runs"}': '0+100x60', 'http_request_duration_seconds_bucket{le="+Inf",route="/api/v1/runs"}': '0+100x60' } },
  ApiErrors: { at: '30m', fires: { 'http_request_duration_seconds_count{status="500"}': '0+5x60', 'http_request_duration_seconds_count{status="200"}': '0+95x60' }, calm: { 'http_request_duration_seconds_count{status="404"}': '0+5x60', 'http_request_duration_seconds_count{status="200"}': '0+95x60' } },
  TemporalAway: { at: '30m', fires: { temporal_reachable: '0x60' }, calm: { temporal_reachable: '1x60' } },
  DatabaseAway: { at: '30m', labels: { job: 'awp-worker' }, fires: { 'database_up{job="awp-worker",instance="w"}': '0x60', 'database_up{job="awp-api",instance="a"}': '1x60' }, calm: { 'up{job="awp-api"}': '1x60', 'database_up{job="awp-worker",instance="w"}': '0x60', 'database_up{job="awp-worker",instance="v"}': '1x60' } },
  ProcessDown: { at: '30m', labels: { job: 'awp-worker', instance: 'w' }, fires: { 'up{job="awp-worker",instance="w"}': '0x60' }, calm: { 'up{job="awp-worker",instance="w"}': '1x60' } },
  LogErrors: { at: '30m', fires: { 'log_lines_total{level="error"}': '0+20x60' }, calm: { 'log_lines_total{level="error"}': '0+1x60', 'log_lines_total{level="info"}': '0+200x60' } },
  ProviderFailing: { at: '30m', labels: { provider: 'a' }, fires: { 'provider_api_calls_total{provider="a",status="ProviderTimeout"}': '0+3x60', 'provider_api_calls_total{provider="a",status="ok"}': '0+7x60' }, calm: { 'provider_api_calls_total{provider="a",status="cancelled"}': '0+3x60', 'provider_api_calls_total{provider="a",status="ok"}': '0+7x60' } },
  EventLoopLag: { at: '30m', labels: { job: 'awp-api', instance: 'a' }, fires: { 'nodejs_eventloop_lag_p99_seconds{job="awp-api",instance="a"}': '0.2x60' }, calm: { 'nodejs_eventloop_lag_p99_seconds{job="awp-api",instance="a"}': '0.02x60' } },
  DatabaseConnectionsWaiting: { at: '30m', labels: { instance: 'a' }, fires: { 'database_connections{state="waiting",instance="a"}': '3x60' }, calm: { 'database_connections{state="waiting",instance="a"}': '0x60' } },
  MemoryHigh: {
    at: '30m', labels: { job: 'awp-worker', instance: 'w' },
    fires: { 'process_resident_memory_bytes{job="awp-worker",instance="w"}': '1800000000x60' },
    calm: { 'process_resident_memory_bytes{job="awp-worker",instance="w"}': '400000000x60', 'process_resident_memory_bytes{job="prometheus",instance="p"}': '3000000000x60' },
    more: {
      'a pod near its limit of 1 GiB': { fires: { namespace: 'n', pod: 'p', container: 'c' }, series: { 'up{job="awp-api",namespace="n"}': '1x60', 'container_memory_working_set_bytes{namespace="n",pod="p",container="c"}': '950000000x60', 'kube_pod_container_resource_limits{namespace="n",pod="p",container="c",resource="memory"}': '1073741824x60', 'kube_pod_container_resource_limits{namespace="n",pod="p",container="c",resource="cpu"}': '2x60' } },
      'a pod with room below its limit of 4 GiB': { fires: null, series: { 'up{job="awp-worker",namespace="n"}': '1x60', 'process_resident_memory_bytes{job="awp-worker",instance="w",namespace="n",pod="p",container="c"}': '1800000000x60', 'container_memory_working_set_bytes{namespace="n",pod="p",container="c"}': '1900000000x60', 'kube_pod_container_resource_limits{namespace="n",pod="p",container="c",resource="memory"}': '4294967296x60' } },
      'a pod without a limit': { fires: { job: 'awp-worker', instance: 'w', namespace: 'n', pod: 'p', container: 'c' }, series: { 'up{job="awp-worker",namespace="n"}': '1x60', 'process_resident_memory_bytes{job="awp-worker",instance="w",namespace="n",pod="p",container="c"}': '1800000000x60', 'container_memory_working_set_bytes{namespace="n",pod="p",container="c"}': '1900000000x60' } },
      'somebody else\'s pod near its limit': { fires: null, series: { 'up{job="awp-worker",namespace="ours"}': '1x60', 'container_memory_working_set_bytes{namespace="n",pod="p",container="c"}': '950000000x60', 'kube_pod_container_resource_limits{namespace="n",pod="p",container="c",resource="memory"}': '1073741824x60' } },
    },
  },
  PossiblyBilled: { at: '90m', fires: { 'ledger_calls_total{outcome="possibly_billed"}': '0+1x120' }, calm: { 'ledger_calls_total{outcome="bought"}': '0+9x120' } },
  BackupStale: {
    step: '10m', at: '28h', labels: { namespace: 'n', cronjob: 'awp-backup' },
    fires: { 'up{job="awp-api",namespace="n"}': '1x180', 'kube_cronjob_created{namespace="n",cronjob="awp-backup"}': '0x180', 'kube_cronjob_status_last_successful_time{namespace="n",cronjob="awp-backup"}': '3600x180' },
    calm: { 'up{job="awp-api",namespace="n"}': '1x180', 'kube_cronjob_created{namespace="n",cronjob="awp-backup"}': '0x180', 'kube_cronjob_status_last_successful_time{namespace="n",cronjob="awp-backup"}': '3600x150 93600x30' },
    more: {
      'a CronJob that never succeeded': { fires: { namespace: 'n', cronjob: 'awp-backup' }, series: { 'up{job="awp-api",namespace="n"}': '1x180', 'kube_cronjob_created{namespace="n",cronjob="awp-backup"}': '0x180' } },
      'no CronJob of ours': { fires: null, series: { 'up{job="awp-api",namespace="n"}': '1x180', 'kube_cronjob_status_last_successful_time{namespace="other",cronjob="weekly-backup"}': '3600x180', 'kube_cronjob_status_last_successful_time{namespace="n",cronjob="other"}': '3600x180' } },
    },
  },
  VolumeFull: {
    at: '30m', labels: { namespace: 'n', persistentvolumeclaim: 'awp-data' },
    fires: { 'kubelet_volume_stats_available_bytes{namespace="n",persistentvolumeclaim="awp-data"}': '9x60', 'kubelet_volume_stats_capacity_bytes{namespace="n",persistentvolumeclaim="awp-data"}': '100x60' },
    calm: { 'kubelet_volume_stats_available_bytes{namespace="n",persistentvolumeclaim="awp-data"}': '11x60', 'kubelet_volume_stats_capacity_bytes{namespace="n",persistentvolumeclaim="awp-data"}': '100x60' },
    more: { 'a claim that the backup mounted for five minutes': { fires: { namespace: 'n', persistentvolumeclaim: 'awp-backups' }, series: { 'kubelet_volume_stats_available_bytes{namespace="n",persistentvolumeclaim="awp-backups"}': '5x5 stale', 'kubelet_volume_stats_capacity_bytes{namespace="n",persistentvolumeclaim="awp-backups"}': '100x5 stale' } } },
  },
};
