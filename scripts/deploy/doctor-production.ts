// `awp doctor --production`, `npm run doctor -- --production`, or in a container `node scripts/deploy/doctor-production.ts [--json]`: is this installation safe to open to
// people? Reads and asks, and writes nothing but one small file in the artifact storage that it removes. Exit code 1 when something must change.
import { Connection } from '@temporalio/client';
import type { PoolClient } from 'pg';
import { SEARCH_ATTRIBUTES } from '#contracts/search-attributes';
import { masterKey, type Config } from '#platform/config';
import { openDatabase } from '#platform/db';
import { openArtifactStorage } from '#platform/storage/artifact-storage';
import { QUEUE_KINDS, temporalConnectionOptions } from '#platform/temporal';
import { engineWords, inWords } from '../backup/in-words.ts';
import { installationConfig } from '../backup/place.ts';
import floors from '../supply-chain-floors.json' with { type: 'json' };

interface Finding { mark: '✓' | '!' | '✗'; what: string; remedy?: string }
/** Below it the server has known holes in its authorisation. */
const TEMPORAL_FLOOR = (floors.servers.temporal[0] as string).split('.').map(Number);
const DAY_SECONDS = 86_400;
const CLOCK_MS = 5_000;

const good = (what: string): Finding => ({ mark: '✓', what });
const check = (ok: boolean, what: string, wrong: string, remedy: string, mark: '!' | '✗' = '✗'): Finding => (ok ? good(what) : { mark, what: wrong, remedy });

function settings(config: Config): Finding[] {
  const keyFault = (() => { try { masterKey({ ...config, AWP_ENV: 'production' }); return null; } catch (error) { return (error as Error).message; } })();
  const insecure = [config.WEB_ORIGIN, ...config.CORS_ORIGINS].filter((origin) => !origin.startsWith('https://'));
  return [
    check(config.AWP_ENV === 'production', 'AWP_ENV is production', `AWP_ENV is ${config.AWP_ENV}: long sessions, cookies without TLS`, 'set AWP_ENV=production'),
    check(keyFault === null, 'the master key is strong', keyFault ?? '', 'openssl rand -base64 32; keep it in a second place'),
    check(insecure.length === 0, 'people reach it over TLS', `without TLS: ${insecure.join(', ')}`, 'set WEB_ORIGIN and CORS_ORIGINS to https://…'),
    check(config.TRUST_PROXY_HOPS > 0, `${config.TRUST_PROXY_HOPS} proxies are trusted`, 'TRUST_PROXY_HOPS is 0: behind a proxy all people share one address in limits and audit', 'set it to the number of proxies before the API', '!'),
    check(config.AWP_BOOTSTRAP_API_KEY === undefined, 'no bootstrap key', 'AWP_BOOTSTRAP_API_KEY is set: an administrator for whoever knows it', 'make tokens for programs, then take it out', '!'),
    check(config.AWP_RUN_STARTS_PER_MINUTE > 0, 'run starts are limited', 'AWP_RUN_STARTS_PER_MINUTE is 0: no limit', 'leave it at 10 or choose one', '!'),
    check(config.AWP_MAX_CONCURRENT_RUNS > 0, 'runs at once are limited', 'AWP_MAX_CONCURRENT_RUNS is 0: one person may start as many as they like', 'leave it at 20 or choose one', '!'),
  ];
}

/** Neither is guessed: what answers at a default address may be somebody else's. */
async function servers(config: Config): Promise<Finding[]> {
  const { DATABASE_URL } = config;
  if (DATABASE_URL !== undefined) return [...await database({ ...config, DATABASE_URL }), ...await temporal(config)];
  return [{ mark: '✗', what: 'DATABASE_URL is not set here: no database and no Temporal to look at', remedy: 'run this where the API runs, in its container or with its environment. The servers that npm start brings are for one machine: docs/deploy' }];
}

async function database(config: Config & { DATABASE_URL: string }): Promise<Finding[]> {
  const { pool, close } = openDatabase(config);
  let client: PoolClient | undefined;
  try {
    client = await pool.connect();
    const { rows: [working] } = await client.query<{ may_edit_audit: boolean }>("select has_table_privilege(current_user, 'audit_events', 'update, delete, truncate') as may_edit_audit");
    await client.query('reset role'); // who signed in: of them alone the server tells whether the connection is encrypted
    const { rows: [row] } = await client.query<{ now: Date; superuser: boolean; may_change: boolean; ssl: boolean; migrations: number }>(`
      select now(), (select rolsuper from pg_roles where rolname = current_user) as superuser, (select rolcreaterole from pg_roles where rolname = current_user) as may_change,
        coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as ssl, (select count(*)::int from _prisma_migrations where finished_at is not null) as migrations`);
    if (row === undefined || working === undefined) return [];
    const local = /^(localhost|127\.|\[::1\]|postgres$)/.test(new URL(config.DATABASE_URL).hostname);
    return [
      good(`the database answers, ${row.migrations} migrations`),
      check(!row.superuser && !row.may_change, 'its role is no superuser', 'the role of DATABASE_URL is a superuser or may make roles', 'give it a role that owns its database alone'),
      check(!working.may_edit_audit, 'it works as a role that cannot change the audit log', 'it works as the owner of the audit log, who could change it', 'as administrator of the database: create role awp_app nologin; grant awp_app to the role of DATABASE_URL; then run the migrate job and restart', '!'),
      check(row.ssl || local, row.ssl ? 'over TLS' : 'on a private network', 'the connection to the database is not encrypted', 'add ?sslmode=verify-full to DATABASE_URL', '!'),
      check(Math.abs(Date.now() - row.now.getTime()) < CLOCK_MS, 'clocks agree', 'the clocks of this machine and of the database differ by more than 5 s', 'run NTP on both'),
    ];
  } catch (error) {
    return [{ mark: '✗', what: inWords(error) ?? `the database does not answer: ${(error as Error).message}`, remedy: 'DATABASE_URL, network policy, migrate job' }];
  } finally {
    client?.release(true);
    await close();
  }
}

async function temporal(config: Config): Promise<Finding[]> {
  const connection = Connection.lazy(temporalConnectionOptions(config));
  const { TEMPORAL_NAMESPACE: namespace } = config;
  try {
    const [info, described, attributes, queue] = await connection.withDeadline(Date.now() + 10_000, () => Promise.all([
      connection.workflowService.getSystemInfo({}), connection.workflowService.describeNamespace({ namespace }),
      connection.operatorService.listSearchAttributes({ namespace }).catch(() => null), connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name: config.WORKER_TASK_QUEUE }, taskQueueType: QUEUE_KINDS.workflow }),
    ]));
    const version = (info.serverVersion ?? '').split('.').map(Number);
    const kept = Number(described.config?.workflowExecutionRetentionTtl?.seconds ?? 0) / DAY_SECONDS;
    const missing = attributes === null ? [] : SEARCH_ATTRIBUTES.filter((name) => !(name in (attributes.customAttributes ?? {})));
    return [
      check(atLeast(version, TEMPORAL_FLOOR), `Temporal ${info.serverVersion}`, `Temporal ${info.serverVersion} is older than ${TEMPORAL_FLOOR.join('.')}: known holes`, 'upgrade the server'),
      check(kept >= config.AWP_RETENTION_DAYS, `histories are kept ${kept} days`, `histories are kept ${kept} days, runs ${config.AWP_RETENTION_DAYS}`, 'raise the retention of the namespace', '!'),
      check(missing.length === 0, 'search attributes are there', `search attributes are missing: ${missing.join(', ')}`, 'run the migrate job, or make them with Temporal Cloud\'s tools'),
      check((queue.pollers?.length ?? 0) > 0, `${queue.pollers?.length} pollers of ${config.WORKER_TASK_QUEUE}`, `no worker polls ${config.WORKER_TASK_QUEUE}`, 'start workers; docs/runbooks/no-workers.md'),
    ];
  } catch (error) {
    return [{ mark: '✗', what: `${engineWords(error) ?? `Temporal does not answer as it should: ${(error as Error).message}`} (${config.TEMPORAL_ADDRESS})`, remedy: 'TEMPORAL_ADDRESS, certificates or key, network policy' }];
  } finally {
    await connection.close();
  }
}

const atLeast = (version: readonly number[], floor: readonly number[]): boolean => {
  const at = floor.findIndex((part, index) => (version[index] ?? 0) !== part);
  return at === -1 || (version[at] ?? 0) > (floor[at] as number);
};

async function storage(config: Config): Promise<Finding> {
  try {
    const store = openArtifactStorage(config);
    await store.put('doctor/probe', 'x');
    await store.delete('doctor/probe');
    return good('artifacts can be written');
  } catch (error) {
    return { mark: '✗', what: `artifacts cannot be written: ${(error as { detail?: string }).detail ?? (error as Error).message}`, remedy: 'ARTIFACTS_URL, the volume and its owner (uid 1000)' };
  }
}

/** A wrong variable stops the start of every process, and so it does here, in words. */
function configuration(): Config {
  try {
    return installationConfig();
  } catch (error) {
    console.error(`  ✗ ${(error as Error).message.replaceAll('\n', '\n      ')}`);
    return process.exit(1);
  }
}

const config = configuration();
const findings = [...settings(config), ...await servers(config), await storage(config)];
const json = process.argv.includes('--json');
if (json) console.log(JSON.stringify(findings.map(({ mark, what, remedy }) => ({ level: { '✓': 'ok', '!': 'warning', '✗': 'error' }[mark], finding: what, remedy: remedy ?? null })), null, 1));
else for (const { mark, what, remedy } of findings) console.log(`  ${mark} ${what}${remedy === undefined ? '' : `\n      → ${remedy}`}`);
const blocked = findings.filter(({ mark }) => mark === '✗').length;
if (!json) console.log(blocked > 0 ? `\n  ${blocked} must change before people may use it.\n` : '\n  Nothing stands against it.\n');
process.exit(blocked > 0 ? 1 : 0);
