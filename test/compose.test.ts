import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DYNAMIC_CONFIG, FAIRNESS_CONFIG } from '#scripts/launch/temporal-server';
import { projectRoot } from '#scripts/launch/paths';
import { composeFile } from './support/deploy/compose-file.ts';
import { importsOf } from './support/imports.ts';

const file = composeFile();
const services = Object.entries(file.services);
const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');
const dependsOn = (name: string) => {
  const given = file.services[name]?.depends_on ?? {};
  return Array.isArray(given) ? given : Object.keys(given);
};

describe('docker-compose.yml', () => {
  it('has the servers, the jobs and our processes; the rest is a profile', () => {
    expect(services.filter(([, { profiles }]) => !profiles).map(([name]) => name).sort()).toEqual(['api', 'databases', 'demo', 'migrate', 'postgres', 'setup', 'temporal', 'temporal-schema', 'temporal-ui', 'web', 'worker']);
    expect(services.filter(([, { profiles }]) => profiles?.includes('observability')).map(([name]) => name).sort()).toEqual(['alertmanager', 'collector', 'grafana', 'loki', 'prometheus', 'traces']);
  });

  it.each(services)('%s has limits, log rotation, a restart rule, no capability and no new privileges', (_name, service) => {
    expect(service.deploy?.resources.limits).toMatchObject({ cpus: expect.any(String), memory: expect.any(String) });
    expect(service.logging).toEqual({ driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } });
    expect(service.restart).toMatch(/^(unless-stopped|on-failure:5)$/);
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
    if (!service.image.includes('grafana/grafana') && !service.image.includes('postgres')) expect(service.cap_drop).toEqual(['ALL']);
  });

  it.each(services.filter(([, { image }]) => image.startsWith('awp-')))('%s runs as uid 1000 with a read-only root, by entry files that exist', (_name, service) => {
    expect(service).toMatchObject({ user: '1000:1000', read_only: true, init: true });
    const [program, ...files] = (service.command ?? []).filter((part) => part !== '--import');
    expect(program).toBe('node');
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(existsSync(join(projectRoot, file)) || file === 'web/server.js', file).toBe(true);
  });

  it('publishes only pages and API, on loopback unless told; databases and Temporal are in networks without a way in or out', () => {
    const published = services.flatMap(([name, { ports }]) => (ports ?? []).map((port) => `${name} ${port}`)).sort();
    expect(published).toEqual(['alertmanager 127.0.0.1:9093:9093', 'api 127.0.0.1:8000:8000', 'grafana 127.0.0.1:3001:3000', 'prometheus 127.0.0.1:9090:9090', 'temporal-ui 127.0.0.1:8233:8080', 'traces 127.0.0.1:16686:16686', 'web 127.0.0.1:3000:3000']);
    for (const name of ['postgres', 'temporal', 'databases', 'migrate', 'demo']) for (const network of file.services[name]?.networks ?? []) expect(file.networks[network], `${name} in ${network}`).toEqual({ internal: true });
  });

  it('web and the demo provider see no secret, and no secret stands in the file', () => {
    for (const name of ['web', 'demo']) expect(JSON.stringify(file.services[name])).not.toMatch(/secrets|_KEY|PASSWORD|DATABASE_URL/);
    for (const [name, { environment = {} }] of services) {
      const inline = Object.entries(environment).filter(([key, value]) => /(KEY|TOKEN|PASSWORD|SECRET|PWD)$/.test(key) && value !== '');
      // Grafana asks for another one at the first sign-in; it is reachable from this machine alone.
      expect(inline.map(([key]) => `${name} ${key}`).filter((entry) => entry !== 'grafana GF_SECURITY_ADMIN_PASSWORD')).toEqual([]);
    }
  });

  it('starts in the order of who needs whom', () => {
    expect(dependsOn('web')).toEqual(['api']);
    expect(dependsOn('api')).toEqual(['migrate']);
    expect(dependsOn('migrate')).toEqual(['databases', 'temporal']);
    expect(file.services['web']?.depends_on).toMatchObject({ api: { condition: 'service_healthy' } });
    for (const [name] of services) for (const other of dependsOn(name)) expect(file.services[other], `${name} needs ${other}`).toBeDefined();
  });

  it('gives a worker longer to stop than its calls in flight get', () => {
    expect(file.services['worker']?.stop_grace_period).toBe('45s');
  });

  it('every file and volume that is mounted is there', () => {
    for (const [name, { volumes = [] }] of services) {
      for (const volume of volumes) {
        const source = volume.split(':')[0] as string;
        if (source.startsWith('./')) expect(existsSync(join(projectRoot, source)), `${name} mounts ${source}`).toBe(true);
        else if (!source.startsWith('/var/lib/docker')) expect(file.volumes, `${name} mounts ${source}`).toHaveProperty(source);
      }
    }
  });

  it('every variable that a person may set is in .env.example or in docs/deploy/compose.md', () => {
    const named = [...read('docker-compose.yml').matchAll(/\$\{([A-Z0-9_]+)/g)].map((match) => match[1] as string);
    const known = read('.env.example') + read('docs/deploy/compose.md');
    expect([...new Set(named)].filter((name) => !new RegExp(`\\b${name}\\b`).test(known))).toEqual([]);
  });
});

describe('Prometheus of compose', () => {
  interface Source { job_name: string; static_configs?: { targets: string[] }[]; dns_sd_configs?: { names: string[]; type: string; port: number }[] }
  const config = parse(read('deploy/observability/prometheus.yml')) as { scrape_configs: Source[]; alerting: { alertmanagers: Source[] } };
  const fixed = (sources: Source[]) => sources.flatMap(({ static_configs = [] }) => static_configs.flatMap(({ targets }) => targets));
  const networks = (name: string) => file.services[name]?.networks ?? [];

  it('finds every worker that `--scale` makes, not one of them by turns', () => {
    expect(config.scrape_configs.find(({ job_name }) => job_name === 'awp-worker')).toMatchObject({ dns_sd_configs: [{ names: ['worker'], type: 'A', port: Number(file.services['worker']?.environment?.['WORKER_METRICS_PORT']) }] });
    expect(fixed(config.scrape_configs)).toEqual(['api:8000', 'temporal:9090']);
  });

  it('shares a network with all that it scrapes, and with who tells people', () => {
    for (const target of ['worker', ...fixed([...config.scrape_configs, ...config.alerting.alertmanagers]).map((address) => address.split(':')[0] as string)]) expect(networks(target).filter((network) => networks('prometheus').includes(network)), target).not.toEqual([]);
    expect(fixed(config.alerting.alertmanagers)).toEqual(['alertmanager:9093']);
  });
});

describe('Alertmanager of compose', () => {
  const home = mkdtempSync(join(tmpdir(), 'awp-alertmanager-'));
  afterAll(() => { rmSync(home, { recursive: true }); });
  /** The script, with a program in Alertmanager's place that shows the configuration it was given. */
  function started(address: string, script = 'deploy/observability/alertmanager/start.sh') {
    writeFileSync(join(home, 'alertmanager'), '#!/bin/sh\ncat "${1#--config.file=}"\n', { mode: 0o755 });
    return parse(execFileSync('sh', [resolve(projectRoot, script)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], env: { PATH: `${home}:${process.env['PATH']}`, TMPDIR: home, ALERTS_WEBHOOK_URL: address } })) as { route: { receiver: string }; receivers: { name: string; webhook_configs?: { url: string }[] }[] };
  }

  it('tells the address of the environment, whatever signs are in it, and nobody without one', () => {
    const address = "https://hooks.example.org/a?b='c'&d=$e";
    const { route, receivers } = started(address);
    expect([route.receiver, receivers.find(({ name }) => name === 'webhook')?.webhook_configs?.[0]?.url]).toEqual(['webhook', address]);
    expect(started('').route.receiver).toBe('nobody');
  });

  it('takes a configuration that lies beside its script', () => {
    copyFileSync(join(projectRoot, 'deploy/observability/alertmanager/start.sh'), join(home, 'start.sh'));
    writeFileSync(join(home, 'alertmanager.yml'), 'route: { receiver: mine }\n');
    expect(started('https://hooks.example.org', join(home, 'start.sh')).route.receiver).toBe('mine');
  });
});

describe('Temporal of compose', () => {
  it('has the settings of the server that npm start runs, but for its pace on one shard', () => {
    const given = parse(read('deploy/temporal/dynamicconfig.yaml')) as Record<string, { value: unknown }[]>;
    const wanted = Object.fromEntries(Object.entries({ ...DYNAMIC_CONFIG, ...FAIRNESS_CONFIG }).filter(([key]) => !key.startsWith('history.')));
    expect(Object.fromEntries(Object.entries(given).map(([key, [first]]) => [key, String(first?.value)]))).toEqual(wanted);
  });
});

describe('Dockerfile', () => {
  const dockerfile = read('Dockerfile');
  it('builds on one pinned base that a release gives by digest, and runs as uid 1000', () => {
    expect(dockerfile).toMatch(/^ARG NODE_IMAGE=node:24\.\d+\.\d+-bookworm-slim$/m);
    expect([...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1])).toEqual(['${NODE_IMAGE}', 'base', 'base', 'base', 'base']);
    expect([...dockerfile.matchAll(/^USER (\S+)$/gm)].map((match) => match[1])).toEqual(['1000:1000', '1000:1000']);
  });

  it('keeps connections longer than the proxies before it, pages as well as API', () => {
    expect(Number(/KEEP_ALIVE_TIMEOUT=(\d+)/.exec(dockerfile)?.[1])).toBeGreaterThan(60_000);
    expect(Number(/keepAliveTimeout: ([\d_]+)/.exec(read('api/server.ts'))?.[1]?.replaceAll('_', ''))).toBeGreaterThan(60_000);
  });

  it('has the Node of package.json, and copies only folders that are there', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    expect(dockerfile).toContain(`node:${dependencies['node']}-bookworm-slim`);
    for (const [, folder] of dockerfile.matchAll(/--from=build \/app\/([a-z]+) \.\//g)) if (folder !== 'build') expect(existsSync(join(projectRoot, folder as string)), folder).toBe(true);
  });

  it('every folder of the import map is in the image of our processes, or is a test', () => {
    const { imports } = JSON.parse(read('package.json')) as { imports: Record<string, string> };
    const folders = Object.values(imports).map((path) => path.split('/')[1] as string).filter((folder) => folder !== 'test');
    for (const folder of new Set(folders)) expect(dockerfile, folder).toContain(`COPY --from=build /app/${folder} `);
  });

  it('what its commands reach is in the image: no package of development, none that it removes, no folder that it leaves out', () => {
    const charted = globSync('helm/templates/*.yaml', { cwd: projectRoot }).map(read).concat(read('docs/deploy/kubernetes.md'), read('docs/deploy/compose.md'), dockerfile.split('AS app')[1] ?? '');
    // What `node cli/awp.mjs` of the pages loads is not in its name.
    const entries = ['cli/main.ts', ...services.flatMap(([, { command = [] }]) => command), ...charted.flatMap((text) => [...text.matchAll(/([\w./-]+\/[\w-]+\.ts)\b/g)].map((match) => match[1] as string))].filter((part) => part.endsWith('.ts')).map((part) => part.replace(/^\.\//, ''));
    expect(entries).toEqual(expect.arrayContaining(['api/main.ts', 'worker/main.ts', 'worker/fast-threads.ts', 'worker/promote.ts', 'scripts/deploy/migrate.ts', 'scripts/backup/backup.ts', 'scripts/deploy/doctor-production.ts']));
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    const removed = [...dockerfile.matchAll(/node_modules\/(@?[\w-]+)(?= |$)/gm)].map((match) => match[1] as string);
    const [seen, wrong, open] = [new Set<string>(), new Set<string>(), [...new Set(entries)]];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      if (!dockerfile.includes(`COPY --from=build /app/${file.split('/')[0] as string} `)) wrong.add(`${file} is in no folder of the image`);
      for (const { target, specifier, typeOnly } of importsOf(file)) {
        if (typeOnly || specifier.startsWith('node:')) continue;
        const own = ['', '.ts', '.mjs', '.tsx'].map((ending) => target + ending).find((path) => /\.\w+$/.test(path) && existsSync(join(projectRoot, path)));
        if (own !== undefined) open.push(own);
        else if (!/^[.#]|^prisma\/generated/.test(specifier)) {
          const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
          if (dependencies[name] === undefined || removed.includes(name) || removed.includes(name.split('/')[0] as string)) wrong.add(`${file}: ${name}`);
        }
      }
    }
    expect(seen.size).toBeGreaterThan(300);
    expect([...wrong]).toEqual([]);
  });
});
