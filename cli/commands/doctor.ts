import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { ProviderWire } from '#contracts/api/providers.schema';
import type { SessionWire } from '#contracts/api/session.schema';
import { ApiClient } from '../api-client.ts';
import { configFile, findTarget } from '../config.ts';
import { leaf, type CommonOptions, type Host } from '../context.ts';
import { ApiError, CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { localStack, serviceProcess } from '../local-stack.ts';
import type { Terminal } from '../output.ts';

interface Finding { check: string; ok: boolean; detail: string; remedy: string | null }
interface Ready { checks: Record<string, { ok: boolean; latency_ms: number | null; detail: string | null }> }

export function addDoctor(host: Host, program: Command): void {
  const doctor = program.command('doctor').description('What stands between you and a run, and how to mend it').option('--production', 'for who runs it, beside its servers and with their environment: may people use it?');
  leaf<CommonOptions & { production?: boolean }>(host, doctor, ['awp doctor', 'awp doctor --json', 'awp doctor --production'], async ({ output, terminal }, _, options) => {
    if (options.production) return productionDoctor(terminal, output.json);
    const findings = await examine(terminal.env, options.apiUrl);
    if (output.json) output.document(findings);
    else for (const { check, ok, detail, remedy } of findings) output.data(`${output.plain ? (ok ? 'ok' : 'FAIL') : ok ? '✓' : '✗'} ${check}: ${detail}${remedy ? `\n    -> ${remedy}` : ''}`);
    const bad = findings.find((finding) => !finding.ok);
    if (bad) output.say('For this machine and clone: npm run doctor');
    return bad ? (bad.check === 'sign-in' ? EXIT.auth : EXIT.failed) : EXIT.ok;
  });
}

/** Asks the servers themselves, which no API could: the very program that containers run. */
async function productionDoctor(terminal: Terminal, json: boolean): Promise<ExitCode> {
  const script = fileURLToPath(new URL('../../scripts/deploy/doctor-production.ts', import.meta.url));
  const child = spawn(process.execPath, [script, ...(json ? ['--json'] : [])], { env: terminal.env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const name of ['stdout', 'stderr'] as const) child[name].setEncoding('utf8').on('data', (chunk: string) => { terminal[name].write(chunk); });
  const code = await new Promise<number | null>((resolve, reject) => { child.once('error', reject).once('close', resolve); });
  return code === 0 ? EXIT.ok : EXIT.failed;
}

/** In the order in which one needs the other; what cannot be asked is left out. */
async function examine(env: NodeJS.ProcessEnv, apiUrl: string | undefined): Promise<Finding[]> {
  const findings: Finding[] = [];
  const add = (check: string, ok: boolean, detail: string, remedy: string | null = null) => { findings.push({ check, ok, detail, remedy: ok ? null : remedy }); return ok; };
  const keys = loginFileMode(env);
  if (keys !== null) add('login file', keys === 0o600, `${configFile(env)} has mode ${keys.toString(8)}`, `chmod 600 ${configFile(env)}`);
  let client: ApiClient;
  try {
    const target = findTarget(env, apiUrl);
    add('platform', true, `${target.url} (${{ option: 'by --api-url', environment: 'by AWP_API_URL', login: 'by your login', local: 'running in this clone' }[target.source]})`);
    client = new ApiClient(target);
  } catch (error) {
    add('platform', false, words(error), error instanceof CliError ? error.remedy : null);
    return findings;
  }
  const health = await tried(() => client.get<{ version: string; environment: string }>('/health'));
  if (!add('API', 'value' in health, 'value' in health ? `answers, version ${health.value.version}, ${health.value.environment}` : words(health.error), 'value' in health ? null : remedyOf(health.error))) return findings;
  const ready = await tried(() => client.get<Ready>('/ready'));
  if ('value' in ready) for (const [name, check] of Object.entries(ready.value.checks)) add(name, check.ok, check.detail ?? (check.latency_ms === null ? 'answers' : `answers in ${check.latency_ms} ms`), 'See the logs of the launcher.');
  else add('database and Temporal', false, words(ready.error), 'Accepted runs wait and go on; see the logs of the launcher.');
  const stack = localStack(env);
  if (stack && new URL(stack.api).port === new URL(client.target.url).port) {
    const worker = serviceProcess(stack.home, 'worker');
    add('worker', worker !== null, worker === null ? 'its process is gone' : `process ${worker}`, `See ${stack.home}/logs/worker.log`);
  }
  const session = await tried(() => client.get<SessionWire>('/api/v1/session'));
  if (!add('sign-in', 'value' in session, 'value' in session ? `${session.value.user.name} (${session.value.user.role}), by ${session.value.kind.replace('_', ' ')}` : words(session.error), 'value' in session ? null : remedyOf(session.error))) return findings;
  const providers = await tried(() => client.get<ProviderWire[]>('/api/v1/settings/providers'));
  if ('value' in providers) {
    const connected = providers.value.filter((provider) => provider.connected).map((provider) => provider.provider);
    add('providers', connected.length > 0, connected.join(', ') || 'none is connected', 'Add a key on the Providers page; the demo provider needs none.');
  }
  return findings;
}

async function tried<T>(work: () => Promise<T>): Promise<{ value: T } | { error: unknown }> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error };
  }
}
const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const remedyOf = (error: unknown): string | null => (error instanceof ApiError || error instanceof CliError ? error.remedy : null);

function loginFileMode(env: NodeJS.ProcessEnv): number | null {
  try {
    return process.platform === 'win32' ? null : statSync(configFile(env)).mode & 0o777;
  } catch {
    return null;
  }
}
