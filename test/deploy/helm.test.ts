import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { goTool, kubernetesSchemas, pythonTool } from '#scripts/deploy/tools';
import { loadConfig } from '#platform/config';
import { vaultOf } from '#platform/secrets/vault-keeper';
import { projectRoot } from '#scripts/launch/paths';
import { alertRules } from '../support/deploy/queries.ts';
import { chartFolder, envOf, KUBERNETES, named, pods, render, renderText, VALUE_SETS, type Manifest } from '../support/deploy/chart.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'awp-helm-'));
afterAll(() => { rmSync(folder, { recursive: true }); });
const sets = Object.entries(VALUE_SETS);
/** Kinds of other projects, whose schemas come with them. */
const FOREIGN = 'ScaledObject,TriggerAuthentication,ExternalSecret,ServiceMonitor,PodMonitor,PrometheusRule';

describe.each(sets)('the chart with the values %s', (_name, files) => {
  it('passes lint, and every manifest the strict schema of its kind', async () => {
    const helm = await goTool('helm', process.env);
    await run(helm, ['lint', chartFolder, '--strict', '--kube-version', `${KUBERNETES}.0`, ...files.flatMap((file) => ['-f', join(chartFolder, 'values', `${file}.yaml`)])]);
    const file = join(folder, `${files.join('-') || 'default'}.yaml`);
    writeFileSync(file, await renderText(files));
    const schemas = `${await kubernetesSchemas(KUBERNETES, process.env)}/{{ .ResourceKind }}{{ .KindSuffix }}.json`;
    const { stdout } = await run(await goTool('kubeconform', process.env), ['-strict', '-summary', '-kubernetes-version', `${KUBERNETES}.0`, '-schema-location', schemas, '-skip', FOREIGN, file]);
    expect(stdout).toMatch(/Invalid: 0, Errors: 0/);
  });

  it('makes only pods of the level "restricted", with limits, probes and no account token', async () => {
    const made = pods(await render(files));
    expect(made.length).toBeGreaterThan(3);
    for (const { owner, spec } of made) {
      expect(spec, owner).toMatchObject({ automountServiceAccountToken: false, securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } } });
      expect(spec.volumes?.some((volume) => volume.hostPath !== undefined) ?? false, owner).toBe(false);
      for (const container of spec.containers) {
        expect(container.securityContext, owner).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsNonRoot: true, runAsUser: 1000, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' } });
        expect(container.resources, owner).toMatchObject({ requests: { cpu: expect.any(String), memory: expect.any(String) }, limits: { cpu: expect.any(String), memory: expect.any(String) } });
        if (owner.startsWith('Deployment')) expect(container, owner).toMatchObject({ livenessProbe: expect.any(Object), readinessProbe: expect.any(Object) });
        for (const mount of container.volumeMounts ?? []) expect(spec.volumes?.map((volume) => volume.name), `${owner} mounts`).toContain(mount.name);
      }
    }
  });

  it('gives api, workers and jobs an environment that the configuration reads, and no secret as a value', async () => {
    for (const { owner, spec } of pods(await render(files))) {
      for (const container of spec.containers) {
        const environment = envOf(container);
        if (/web|demo/.test(owner)) expect(JSON.stringify(environment), owner).not.toMatch(/KEY|DATABASE|SECRET/);
        // Files of mounted secrets are not here.
        expect(() => loadConfig(Object.fromEntries(Object.entries(environment).filter(([key]) => !key.endsWith('_FILE')))), owner).not.toThrow();
        expect(Object.keys(environment).filter((key) => /(_KEY|_TOKEN|_PASSWORD|DATABASE_URL)$/.test(key)), owner).toEqual([]);
      }
    }
  });

  it('no worker is scaled by the memory it keeps, and each has room for a full cache, above the alert that says so', async () => {
    const manifests = await render(files);
    const metrics = (kind: string) => manifests.filter((manifest) => manifest.kind === kind && manifest.metadata.name.includes('worker')).flatMap(({ spec }) => spec['metrics'] as { resource: { name: string } }[]);
    expect(metrics('HorizontalPodAutoscaler').filter(({ resource }) => resource.name !== 'cpu')).toEqual([]);
    const alert = Number(/process_resident_memory_bytes\{[^}]*\}\) > ([\d.e]+)/.exec(readFileSync(join(chartFolder, 'files/alerts.yml'), 'utf8'))?.[1]);
    const workers = pods(manifests).filter(({ labels }) => labels['awp/role'] === 'worker');
    expect(workers.length).toBeGreaterThan(0);
    for (const { owner, spec } of workers) {
      const { requests, limits } = spec.containers[0]?.resources ?? {};
      expect(bytes(limits?.['memory']), owner).toBeGreaterThan(alert);
      // A worker that does nothing yet has 400 MB (docs/benchmarks.md): a smaller request would be a promise to the scheduler that no worker keeps.
      expect(bytes(requests?.['memory']), owner).toBeGreaterThan(400e6);
    }
  });

  it('every backend, scale target, budget and claim exists', async () => {
    const manifests = await render(files);
    const names = (kind: string) => manifests.filter((manifest) => manifest.kind === kind).map((manifest) => manifest.metadata.name);
    const text = JSON.stringify(manifests.filter(({ kind }) => kind === 'Ingress'));
    for (const [, service] of text.matchAll(/"service":\{"name":"([^"]+)"/g)) expect(names('Service')).toContain(service);
    for (const manifest of manifests.filter(({ kind }) => ['HorizontalPodAutoscaler', 'ScaledObject'].includes(kind))) expect(names('Deployment')).toContain((manifest.spec['scaleTargetRef'] as { name: string }).name);
    for (const manifest of manifests.filter(({ kind }) => ['Service', 'PodDisruptionBudget', 'Deployment'].includes(kind))) {
      const selector = (manifest.spec.selector as { matchLabels?: object } & object);
      const labels = selector.matchLabels ?? selector;
      expect(pods(manifests).filter((pod) => Object.entries(labels).every(([key, value]) => pod.labels[key] === value)).length, `${manifest.kind} ${manifest.metadata.name} selects`).toBe(1);
    }
  });
});

const UNITS = { Mi: 2 ** 20, Gi: 2 ** 30 };
const bytes = (quantity = ''): number => parseFloat(quantity) * UNITS[quantity.slice(-2) as keyof typeof UNITS];

it('the policy scan finds nothing in production', async () => {
  const file = join(folder, 'scan', 'production.yaml');
  await run('mkdir', ['-p', join(folder, 'scan')]);
  // A release gives digests; the scan asks for them.
  const digest = `sha256:${'0'.repeat(64)}`;
  writeFileSync(file, await renderText(['production'], { image: { app: { digest }, web: { digest } } }));
  const checkov = join(await pythonTool('checkov', process.env), 'bin/checkov');
  const { stdout } = await run(checkov, ['--framework', 'kubernetes', '--skip-download', '--file', file, '--compact', '--quiet', '--output', 'json', '--soft-fail', ...SKIPPED.flatMap((id) => ['--skip-check', id])], { maxBuffer: 64e6 });
  const report = JSON.parse(stdout) as { summary: { passed: number; failed: number }; results: { failed_checks: { check_id: string; check_name: string; resource: string }[] } };
  expect(report.results.failed_checks.map(({ check_id, check_name, resource }) => `${check_id} ${check_name}: ${resource}`)).toEqual([]);
  expect(report.summary.passed).toBeGreaterThan(300);
});

/** Why each is not asked for: */
const SKIPPED = [
  'CKV_K8S_40', // a user id above 10000: the images and the volumes of compose have 1000, as the requirement names it
  'CKV_K8S_15', // pull policy Always: images are named by digest, which never changes
];

describe('network policies', () => {
  it('deny everything first, and select every pod; nobody but workers reaches the internet', async () => {
    const manifests = await render(['production'], { demo: { enabled: true } });
    const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
    expect(named(policies, 'NetworkPolicy', 'awp-deny').spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'] });
    expect(Object.keys(named(policies, 'NetworkPolicy', 'awp-deny').spec)).toEqual(['podSelector', 'policyTypes']);
    const selects = (policy: Manifest, labels: Record<string, string>) => Object.entries((policy.spec['podSelector'] as { matchLabels: Record<string, string> }).matchLabels).every(([key, value]) => labels[key] === value);
    for (const { owner, labels } of pods(manifests)) expect(selects(named(policies, 'NetworkPolicy', 'awp-deny'), labels), owner).toBe(true);
    const open = policies.filter((policy) => JSON.stringify(policy.spec['egress'] ?? '').includes('0.0.0.0/0')).map(({ metadata }) => metadata.name);
    expect(open).toEqual(['awp-worker']);
    expect(JSON.stringify(named(policies, 'NetworkPolicy', 'awp-worker').spec)).toMatch(/169\.254\.0\.0\/16.*168\.63\.129\.16|168\.63\.129\.16.*169\.254\.0\.0\/16/);
  });
});

describe('provider keys in Vault', () => {
  const store = (vault: object) => ({ secretStore: { kind: 'vault', vault: { address: 'https://vault.vault.svc:8200', ...vault } }, networkPolicy: { vault: { peers: [{ ipBlock: { cidr: '10.20.0.9/32' } }], port: 8201 } } });

  it('open the way to Vault for api and workers alone, who sign in with a token that nobody else takes', async () => {
    const manifests = await render(['production'], store({ role: 'awp', caSecret: 'vault-ca' }));
    const policy = named(manifests, 'NetworkPolicy', 'awp-vault');
    expect(policy.spec).toMatchObject({ policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '10.20.0.9/32' } }], ports: [{ protocol: 'TCP', port: 8201 }] }] });
    const [who] = (policy.spec['podSelector'] as { matchExpressions: { values: string[] }[] }).matchExpressions;
    const users = pods(manifests).filter(({ labels }) => who?.values.includes(labels['app.kubernetes.io/component'] as string));
    expect(users.map(({ owner }) => owner).sort()).toEqual(['Deployment awp-api', 'Deployment awp-worker-main', 'Deployment awp-worker-models']);
    for (const { owner, spec } of pods(manifests)) {
      const environment = envOf(spec.containers[0] as never);
      if (!users.some((user) => user.owner === owner)) { expect(JSON.stringify([environment, spec.volumes]), owner).not.toMatch(/vault/i); continue; }
      expect(environment, owner).toMatchObject({ AWP_SECRET_STORE: 'vault', VAULT_ADDR: 'https://vault.vault.svc:8200', VAULT_KUBERNETES_ROLE: 'awp', VAULT_KUBERNETES_TOKEN_FILE: '/run/vault/token', NODE_EXTRA_CA_CERTS: '/run/vault-ca/ca.crt' });
      expect(spec.volumes, owner).toContainEqual({ name: 'vault-token', projected: expect.objectContaining({ sources: [{ serviceAccountToken: { path: 'token', audience: 'vault', expirationSeconds: 3600 } }] }) as object });
      expect(spec.containers[0]?.volumeMounts, owner).toContainEqual({ name: 'vault-token', mountPath: '/run/vault', readOnly: true });
      // The configuration reads what the chart writes.
      expect(vaultOf(loadConfig(Object.fromEntries(Object.entries(environment).filter(([key]) => !/^(?:AWP_MASTER_KEY|DATABASE_URL|.*_API_KEY)_FILE$/.test(key))))), owner).not.toBeNull();
    }
  });

  it('or by an AppRole, whose secret comes as a file and from the store of the others', async () => {
    const manifests = await render(['production'], store({ roleId: 'r-1' }));
    expect(envOf(named(manifests, 'Deployment', 'awp-api').spec.template?.spec.containers[0] as never)).toMatchObject({ VAULT_ROLE_ID: 'r-1', VAULT_SECRET_ID_FILE: '/run/secrets/awp/vault-secret-id' });
    expect(JSON.stringify(named(manifests, 'ExternalSecret', 'awp-secrets').spec)).toContain('vault-secret-id');
    expect(JSON.stringify(manifests)).not.toContain('vault-token');
  });

  it('need an address and a way to sign in; without them nothing of Vault is there', async () => {
    await expect(renderText(['production'], store({}))).rejects.toThrow(/values don't meet|schema/);
    await expect(renderText(['production'], store({ address: '', role: 'awp' }))).rejects.toThrow(/values don't meet|schema/);
    expect(await renderText(['production'])).not.toMatch(/vault/i);
  });
});

describe('what the requirements name', () => {
  it('api: 3 to 10 at 70 % and 80 %, one more and none less while rolling, probes and sizes', async () => {
    const manifests = await render(['production']);
    const api = named(manifests, 'Deployment', 'awp-api');
    expect(api.spec).toMatchObject({ strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } });
    expect(named(manifests, 'HorizontalPodAutoscaler', 'awp-api').spec).toMatchObject({ minReplicas: 3, maxReplicas: 10, metrics: [{ resource: { name: 'cpu', target: { averageUtilization: 70 } } }, { resource: { name: 'memory', target: { averageUtilization: 80 } } }] });
    expect(api.spec.template?.spec.containers[0]).toMatchObject({
      resources: { requests: { cpu: '500m', memory: '512Mi' }, limits: { cpu: '2000m', memory: '2Gi' } },
      livenessProbe: { httpGet: { path: '/health' }, initialDelaySeconds: 30, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
      readinessProbe: { httpGet: { path: '/ready?for=reads' }, initialDelaySeconds: 10, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 },
      lifecycle: { preStop: { sleep: { seconds: 5 } } },
    });
    // Balancers notice for five seconds, kept connections end in five, five are for requests in flight, the rest is slack.
    for (const name of ['awp-api', 'awp-web']) {
      const pod = named(manifests, 'Deployment', name).spec.template?.spec;
      expect([pod?.terminationGracePeriodSeconds, pod?.containers[0]?.lifecycle, envOf(pod?.containers[0] as never)['AWP_DRAIN_SECONDS']], name).toEqual([25, { preStop: { sleep: { seconds: 5 } } }, '5']);
    }
  });

  it('migrations run before anything of a release, with all they need made before them', async () => {
    const manifests = await render(['small']);
    const weight = (kind: string, name: string) => Number(named(manifests, kind, name).metadata.annotations?.['helm.sh/hook-weight']);
    expect(named(manifests, 'Job', 'awp-migrate').metadata.annotations).toMatchObject({ 'helm.sh/hook': 'pre-install,pre-upgrade' });
    expect(weight('Secret', 'awp-secrets')).toBeLessThan(weight('Job', 'awp-migrate'));
    const mounted = pods(manifests).find(({ owner }) => owner === 'Job awp-migrate')?.spec.volumes?.map((volume) => volume.secret ?? volume.emptyDir);
    expect(mounted?.every((volume) => volume !== undefined)).toBe(true);
  });

  it('live streams pass the ingress for an hour, over TLS alone; metrics stay inside', async () => {
    const ingress = named(await render(['production']), 'Ingress', 'awp');
    expect(ingress.metadata.annotations).toEqual({
      'cert-manager.io/cluster-issuer': 'letsencrypt', 'haproxy.org/ssl-redirect': 'true', 'haproxy.org/timeout-server': '3600s',
      'haproxy.org/rate-limit-period': '10s', 'haproxy.org/rate-limit-requests': '1000', 'haproxy.org/rate-limit-status-code': '429',
    });
    expect(ingress.spec).toMatchObject({ ingressClassName: 'haproxy', tls: [{ hosts: ['awp.example.org', 'api.awp.example.org'] }] });
    expect(JSON.stringify(ingress.spec)).not.toContain('/metrics');
  });

  it('each class of ingress is told the same in its own words, an unknown one nothing but what one writes, and one may write otherwise', async () => {
    const annotations = async (ingress: object) => named(await render(['production'], { ingress }), 'Ingress', 'awp').metadata.annotations;
    expect(await annotations({ className: 'nginx', requestsPerSecond: 20 })).toMatchObject({
      'nginx.org/ssl-redirect': 'true', 'nginx.org/proxy-buffering': 'false', 'nginx.org/proxy-read-timeout': '3600s', 'nginx.org/client-max-body-size': '110m', 'nginx.org/limit-req-rate': '20r/s', 'nginx.org/limit-req-burst': '100',
      'nginx.ingress.kubernetes.io/force-ssl-redirect': 'true', 'nginx.ingress.kubernetes.io/proxy-buffering': 'off', 'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600', 'nginx.ingress.kubernetes.io/proxy-body-size': '110m', 'nginx.ingress.kubernetes.io/limit-rps': '20',
    });
    expect(await annotations({ className: 'traefik', annotations: { 'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure' } })).toEqual({ 'cert-manager.io/cluster-issuer': 'letsencrypt', 'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure' });
    expect(await annotations({ annotations: { 'haproxy.org/timeout-server': '2h' } })).toMatchObject({ 'haproxy.org/timeout-server': '2h', 'haproxy.org/ssl-redirect': 'true' });
    expect(await annotations({ byClass: { own: { 'example.org/rate': '{{ .Values.ingress.requestsPerSecond }}' } }, className: 'own' })).toMatchObject({ 'example.org/rate': '100' });
  });

  it('the alerts of the cluster are the ones that were tried, and Prometheus may read what they need', async () => {
    const manifests = await render(['production']);
    expect((named(manifests, 'PrometheusRule', 'awp').spec['groups'] as { rules: object[] }[]).flatMap(({ rules }) => rules)).toEqual(alertRules());
    expect(named(manifests, 'ServiceMonitor', 'awp-api').spec).toMatchObject({ endpoints: [{ path: '/metrics', authorization: { credentials: { name: 'awp-metrics', key: 'token' } } }] });
    expect(JSON.stringify(named(await render(['production'], { environment: 'local' }), 'ServiceMonitor', 'awp-api').spec)).not.toContain('authorization');
  });

  it('a generated master key has 32 bytes', async () => {
    const secret = named(await render(['small']), 'Secret', 'awp-secrets');
    const key = Buffer.from(secret.data?.['master-key'] ?? '', 'base64').toString();
    expect(Buffer.from(key, 'base64')).toHaveLength(32);
  });

  it('backup: daily at 02:00, 30 days, to another place, which must be named', async () => {
    const backup = named(await render(['production']), 'CronJob', 'awp-backup');
    expect(backup.spec).toMatchObject({ schedule: '0 2 * * *', concurrencyPolicy: 'Forbid' });
    expect(backup.spec.jobTemplate?.spec.template.spec.containers[0]?.command).toEqual(['node', 'scripts/backup/backup.ts', '--to', '/backups', '--keep-days', '30']);
    expect(await renderText(['production'], { backup: { artifacts: false } })).toContain('--keep-days, "30", --without-artifacts]');
    await expect(render([], { backup: { enabled: true } })).rejects.toThrow(/existingClaim/);
  });

  it('restore: one Job with the archive, its place and the artifacts, while api and workers are at 0 and nothing scales them up', async () => {
    const archive = 'awp-2026-11-25T02-00-00.tar';
    const manifests = await render(['production'], { backup: { restore: archive } });
    const job = manifests.find(({ kind, metadata }) => kind === 'Job' && metadata.name.startsWith('awp-restore-'));
    const pod = job?.spec.template?.spec;
    expect(pod?.containers[0]?.command).toEqual(['node', 'scripts/backup/restore.ts', `/backups/${archive}`]);
    expect(pod?.containers[0]?.volumeMounts?.map(({ mountPath }) => mountPath)).toEqual(expect.arrayContaining(['/backups', '/data/artifacts', '/run/secrets/awp']));
    const replicas = Object.fromEntries(manifests.filter(({ kind }) => kind === 'Deployment').map(({ metadata, spec }) => [metadata.name, spec['replicas']]));
    expect(replicas).toEqual({ 'awp-api': 0, 'awp-worker-main': 0, 'awp-worker-models': 0, 'awp-web': undefined });
    expect(manifests.filter(({ kind }) => ['HorizontalPodAutoscaler', 'ScaledObject'].includes(kind)).map(({ metadata }) => metadata.name)).toEqual(['awp-web']);
    await expect(renderText(['production'], { backup: { restore: '../other.tar' } })).rejects.toThrow(/values don't meet|schema/);
    await expect(renderText([], { backup: { restore: archive } })).rejects.toThrow(/existingClaim/);
  });

  it('while the master key is changed, every process that reads it reads the one of before as well, by file', async () => {
    const manifests = await render(['production'], { secrets: { previousMasterKeys: true, databaseCa: true } });
    const keyed = pods(manifests).map(({ owner, spec }) => ({ owner, environment: envOf(spec.containers[0] as never) })).filter(({ environment }) => 'AWP_MASTER_KEY_FILE' in environment);
    expect(keyed.length).toBeGreaterThan(4);
    for (const { owner, environment } of keyed) expect(environment['AWP_PREVIOUS_MASTER_KEYS_FILE'], owner).toBe('/run/secrets/awp/previous-master-keys');
    expect(JSON.stringify(named(manifests, 'ExternalSecret', 'awp-secrets').spec)).toMatch(/"property":"database-ca\.crt"[^]*"property":"previous-master-keys"/);
    expect(await renderText(['production'])).not.toContain('PREVIOUS');
  });
});

it('the values that docs/deploy/kubernetes.md and docs/security/vault.md show are accepted as they stand', async () => {
  const blocks = [...['docs/deploy/kubernetes.md', 'docs/security/vault.md'].map((path) => readFileSync(join(projectRoot, path), 'utf8')).join('\n').matchAll(/```yaml\n([^]*?)```/g)].map((match) => (match[1] as string).replaceAll('sha256:…', `sha256:${'0'.repeat(64)}`));
  expect(blocks.length).toBeGreaterThan(2);
  // Alertmanager is another chart's.
  for (const block of blocks.filter((text) => !text.startsWith('alertmanager:'))) expect(await renderText(['production'], parse(block) as Record<string, unknown>)).toContain('kind: Deployment');
});

describe('values.schema.json', () => {
  it.each([
    ['an unknown name', { apii: {} }], ['a secret among extraEnv', { extraEnv: { OPENAI_API_KEY: 'sk-x' } }], ['a wrong mode', { secrets: { mode: 'plain' } }],
    ['a digest that is none', { image: { app: { digest: 'latest' } } }], ['no worker', { workers: null }], ['workers scaled by memory', { workers: { main: { autoscaling: { memory: 80 } } } }], ['a provider nobody knows', { providerQueues: ['nobody'] }],
  ])('refuses %s', async (_what, values) => {
    await expect(renderText([], values)).rejects.toThrow(/values don't meet|schema/);
  });
});

describe('artifacts in a bucket, and live traces', () => {
  const more = { artifacts: { url: 's3://awp-artifacts/prod', persistence: { enabled: false }, s3: { endpoint: 'https://s3.example.org', credentials: true } }, tracing: { endpoint: 'http://otel-collector.monitoring.svc:4318' }, secrets: { mode: 'external', external: { storeName: 'vault' } }, serviceAccount: { annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/awp' } } };

  it('give every process what it needs, the keys as files, and a way out to just these two', async () => {
    const manifests = await render(['production'], more);
    for (const { owner, spec } of pods(manifests).filter((pod) => /api|worker/.test(pod.owner))) {
      const environment = envOf(spec.containers[0] as never);
      expect(environment, owner).toMatchObject({ ARTIFACTS_URL: 's3://awp-artifacts/prod', S3_ENDPOINT: 'https://s3.example.org', S3_ACCESS_KEY_ID_FILE: '/run/secrets/awp/s3-access-key', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel-collector.monitoring.svc:4318' });
      expect(spec.volumes?.some((volume) => 'persistentVolumeClaim' in volume), owner).toBe(false);
    }
    const web = pods(manifests).find((pod) => pod.owner.includes('web'));
    expect(envOf(web?.spec.containers[0] as never)).toMatchObject({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel-collector.monitoring.svc:4318', OTEL_TRACES_SAMPLER_ARG: '1' });
    expect(JSON.stringify(named(manifests, 'NetworkPolicy', 'awp-tracing').spec)).toContain('"port":4318');
    expect(JSON.stringify(named(manifests, 'NetworkPolicy', 'awp-servers').spec)).toContain('"port":443');
    expect(JSON.stringify(named(manifests, 'ExternalSecret', 'awp-secrets').spec)).toContain('s3-secret-key');
    expect(JSON.stringify(named(manifests, 'ServiceAccount', 'awp').metadata)).toContain('role-arn');
  });

  it('leave nothing behind where they are off', async () => {
    const text = JSON.stringify(await render(['production']));
    for (const trace of ['S3_', 'OTEL_', 'awp-tracing', '8200']) expect(text).not.toContain(trace);
  });
});
