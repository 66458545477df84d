import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments, parse } from 'yaml';
import { goTool, kubernetesSchemas } from '#scripts/deploy/tools';
import { projectRoot } from '#scripts/launch/paths';
import { DYNAMIC_CONFIG, FAIRNESS_CONFIG } from '#scripts/launch/temporal-server';
import { KUBERNETES, render, renderText, type Manifest } from '../support/deploy/chart.ts';
import { composeFile } from '../support/deploy/compose-file.ts';

/** What docs/deploy tells a newcomer to type is there: files, scripts, entry files in the image, options of helm, names in the cluster. */
const run = promisify(execFile);
const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');
const PAGES = { kubernetes: read('docs/deploy/kubernetes.md'), compose: read('docs/deploy/compose.md') };
const TRIAL = 'deploy/kubernetes/trial.yaml';
const trial = () => parseAllDocuments(read(TRIAL)).map((document) => document.toJSON() as Manifest);

/** The lines of the shell blocks, continued lines joined, and what stands in backquotes and is a command. */
function commands(page: string): string[] {
  const blocks = [...page.matchAll(/```sh\n([^]*?)```/g)].flatMap((match) => (match[1] as string).replaceAll('\\\n', ' ').split('\n'));
  const inline = [...page.matchAll(/`((?:kubectl|docker|helm|npm|kind) [^`]+)`/g)].map((match) => match[1] as string);
  return [...blocks, ...inline].map((line) => line.replace(/\s+# .*$/, '').trim()).filter(Boolean).flatMap((line) => line.split(' && '));
}
const released = (parse(read('helm/Chart.yaml')) as { appVersion: string }).appVersion;
const dockerfile = read('Dockerfile');
const inImage = (file: string) => existsSync(join(projectRoot, file)) && dockerfile.includes(`COPY --from=build /app/${file.split('/')[0] as string} `);

describe.each(Object.entries(PAGES))('docs/deploy/%s.md', (_name, page) => {
  it('names only files, scripts, targets and entry files that are there', () => {
    const all = commands(page);
    expect(all.length).toBeGreaterThan(5);
    for (const line of all) {
      for (const [, file] of line.matchAll(/ (?:-f|--file|--values) (\S+)/g)) expect(existsSync(join(projectRoot, file as string)) || file === 'my-values.yaml', line).toBe(true);
      for (const [, entry] of line.matchAll(/ node (\S+\.ts)/g)) expect(inImage(entry as string), line).toBe(true);
      for (const [, script] of line.matchAll(/npm run ([\w:-]+)/g)) expect(Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts), line).toContain(script);
      for (const [, target] of line.matchAll(/docker build --target (\w+)/g)) expect(dockerfile, line).toMatch(new RegExp(`^FROM .* AS ${target as string}$`, 'm'));
      for (const [, tag] of line.matchAll(/awp-(?:app|web):(\S+)/g)) expect(tag, line).toBe(released);
    }
  });
});

it('every option of helm is one of the helm that the chart was tried with', async () => {
  const helm = await goTool('helm', process.env);
  const { stdout } = await run(helm, ['upgrade', '--help']);
  const lines = [...commands(PAGES.kubernetes), ...read('.github/workflows/release.yml').replaceAll('\\\n', ' ').split('\n')].filter((line) => line.includes('helm upgrade'));
  expect(lines.length).toBeGreaterThan(6);
  for (const line of lines) for (const [, option] of line.matchAll(/ (--[a-z-]+)/g)) expect(stdout, line).toMatch(new RegExp(`${option as string}(?:,| )`));
});

it('what is waited for, asked and forwarded is made by the chart, or by the file for trials', async () => {
  const made = [...await render(['production']), ...await render(['local'])].map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  const beside = trial().map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  const named = commands(PAGES.kubernetes).flatMap((line) => [...line.matchAll(/ (deploy|svc)\/([a-z-]+)(?= |$)/g)].map(([, kind, name]) => ({ object: `${kind === 'svc' ? 'Service' : 'Deployment'} ${name}`, ours: line.includes('-n agentic-workflows') })));
  expect(named.length).toBeGreaterThan(5);
  for (const { object, ours } of named) expect(ours ? made : beside).toContain(object);
});

it('what the values for production expect of the cluster is on the page', async () => {
  const text = await renderText(['production']);
  const manifests = await render(['production']);
  const foreign = new Set(manifests.filter(({ apiVersion }) => !/^(v1|apps\/v1|batch\/v1|autoscaling\/v2|policy\/v1|networking\.k8s\.io\/v1)$/.test(apiVersion)).map(({ apiVersion }) => apiVersion.split('/')[0]));
  const from: Record<string, string> = { 'external-secrets.io': 'External Secrets', 'keda.sh': 'KEDA', 'monitoring.coreos.com': 'kube-prometheus-stack' };
  expect([...foreign].filter((group) => from[group as string] === undefined)).toEqual([]);
  const wanted = [
    ...[...foreign].map((group) => from[group as string] as string), /cluster-issuer: "(.+)"/.exec(text)?.[1], ...[...text.matchAll(/- host: (\S+)/g)].map((match) => match[1]), ...[...text.matchAll(/secretStoreRef: \{ kind: (\w+), name: ([\w-]+)/g)].flatMap(([, kind, name]) => [kind, name]),
    ...[...text.matchAll(/remoteRef: \{ key: (\S+), property: ([\w-]+)/g)].flatMap(([, key, property]) => [key, property]), ...[...text.matchAll(/claimName: (\S+) /g)].map((match) => match[1]).filter((name) => !made(manifests, 'PersistentVolumeClaim', name)),
    ...[...text.matchAll(/credentials: \{ name: ([\w-]+), key: (\w+)/g)].flatMap(([, name, key]) => [name, key]), ...[...text.matchAll(/kubernetes\.io\/metadata\.name: ([\w-]+)/g)].map((match) => match[1]).filter((name) => !['kube-system', 'postgres'].includes(name as string)),
  ];
  expect(wanted.length).toBeGreaterThan(12);
  for (const name of wanted) expect(PAGES.kubernetes).toMatch(new RegExp(`[\`/ ]${name as string}\\b`));
});
const made = (manifests: readonly Manifest[], kind: string, name: string | undefined) => manifests.some((manifest) => manifest.kind === kind && manifest.metadata.name === name);

it('the servers for trials pass the schemas, and are where the values for a trial look for them', async () => {
  const schemas = `${await kubernetesSchemas(KUBERNETES, process.env)}/{{ .ResourceKind }}{{ .KindSuffix }}.json`;
  const { stdout } = await run(await goTool('kubeconform', process.env), ['-strict', '-summary', '-kubernetes-version', `${KUBERNETES}.0`, '-schema-location', schemas, join(projectRoot, TRIAL)]);
  expect(stdout).toMatch(/Valid: 4, Invalid: 0, Errors: 0/);
  const local = parse(read('helm/values/local.yaml')) as { secrets: { databaseUrl: string }; temporal: { address: string } };
  const environment = Object.fromEntries((trial()[0]?.spec.template?.spec.containers[0]?.env ?? []).map(({ name, value }) => [name, value]));
  expect(local.secrets.databaseUrl).toBe(`postgresql://${environment['POSTGRES_USER']}:${environment['POSTGRES_PASSWORD']}@postgres.default.svc:5432/${environment['POSTGRES_DB']}`);
  expect(local.temporal.address).toBe('temporal.default.svc:7233');
  const settings = [...read(TRIAL).matchAll(/--dynamic-config-value=(\S+)=(\S+)/g)].map(([, key, value]) => [key, value]);
  expect(Object.fromEntries(settings)).toEqual({ ...DYNAMIC_CONFIG, ...FAIRNESS_CONFIG });
  expect(read(TRIAL)).toContain(`image: ${/POSTGRES_IMAGE:-([^}]+)/.exec(read('docker-compose.yml'))?.[1] ?? 'none'}\n`);
});

it('what lies beside the chart for a cluster that stays is what its values look for', async () => {
  const { server } = parse(read('deploy/kubernetes/temporal.yaml')) as { server: { dynamicConfig: unknown } };
  expect(server.dynamicConfig).toEqual(parse(read('deploy/temporal/dynamicconfig.yaml')));
  const beside = parseAllDocuments(read('deploy/kubernetes/production.yaml')).map((document) => document.toJSON() as Manifest);
  const text = await renderText(['production']);
  expect(beside.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(['PersistentVolumeClaim awp-backups', 'ClusterIssuer letsencrypt']);
  expect(text).toMatch(/claimName: awp-backups [^]*cluster-issuer: "letsencrypt"/);
  const schemas = `${await kubernetesSchemas(KUBERNETES, process.env)}/{{ .ResourceKind }}{{ .KindSuffix }}.json`;
  const { stdout } = await run(await goTool('kubeconform', process.env), ['-strict', '-summary', '-kubernetes-version', `${KUBERNETES}.0`, '-schema-location', schemas, '-skip', 'ClusterIssuer', join(projectRoot, 'deploy/kubernetes/production.yaml')]);
  expect(stdout).toMatch(/Valid: 1, Invalid: 0, Errors: 0/);
});

it('the claim for backups has room for the archives that the page names, with two more', async () => {
  const [claim] = parseAllDocuments(read('deploy/kubernetes/production.yaml')).map((document) => document.toJSON() as Manifest);
  const gibibytes = parseInt((claim as unknown as { spec: { resources: { requests: { storage: string } } } }).spec.resources.requests.storage, 10);
  const days = Number(/--keep-days, "(\d+)"/.exec(await renderText(['production']))?.[1]);
  expect(PAGES.kubernetes).toContain(`The ${gibibytes}Gi of \`deploy/kubernetes/production.yaml\` are for ${days} archives of 3 GB`);
  expect(gibibytes * 2 ** 30).toBeGreaterThan((days + 2) * 3e9);
});

it("the nightly script of docs/deploy/compose.md removes Temporal's dumps after 30 days, when the new ones are whole, and nothing else", async () => {
  const script = [...PAGES.compose.matchAll(/```sh\n([^]*?)```/g)].map((match) => match[1] as string).find((block) => block.includes('pg_dump')) ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'awp-dumps-'));
  const age = (name: string, days: number) => { writeFileSync(join(folder, name), 'x'); utimesSync(join(folder, name), new Date(), new Date(Date.now() - days * 86_400_000)); };
  const old = ['temporal-2026-10-01.dump', 'temporal_visibility-2026-10-01.dump', 'temporal-2026-10-02.partial', 'docker-compose.yml', 'other.dump'];
  try {
    for (const name of old) age(name, 40);
    age('temporal-2026-11-20.dump', 5);
    const night = (docker: string) => run('sh', ['-c', `docker() { ${docker}; }\n${script}`], { cwd: folder });
    await expect(night('case "$*" in *visibility*) return 1;; esac')).rejects.toThrow(/Command failed/);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(old));
    await night('echo dumped');
    const today = new Date().toISOString().slice(0, 10);
    expect(readdirSync(folder).filter((name) => !name.includes(today)).sort()).toEqual(['docker-compose.yml', 'other.dump', 'temporal-2026-11-20.dump']);
    expect(readdirSync(folder).filter((name) => name.endsWith('.dump') && name.includes('temporal'))).toHaveLength(3);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('every service, profile and variable that docs/deploy/compose.md names is in docker-compose.yml', () => {
  const { services } = composeFile();
  const page = PAGES.compose;
  for (const [, name] of page.matchAll(/docker compose (?:exec|logs) (\w+)/g)) expect(Object.keys(services)).toContain(name);
  for (const [, name] of page.matchAll(/--scale (\w+)=/g)) expect(Object.keys(services)).toContain(name);
  for (const [, name] of page.matchAll(/--profile (\w+)/g)) expect(Object.values(services).flatMap(({ profiles = [] }) => profiles)).toContain(name);
  const rows = (heading: string) => page.split(`## ${heading}`)[1]?.split('\n## ')[0]?.match(/^\| .*$/gm) ?? [];
  const first = (heading: string) => rows(heading).slice(1).flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([\w-]+)`/g)].map((match) => match[1] as string));
  expect(first('What runs').sort()).toEqual(Object.keys(services).sort());
  const file = read('docker-compose.yml') + dockerfile;
  for (const name of first('Settings')) expect(file, name).toContain(name);
});
