import { describe, expect, it } from 'vitest';
import { envOf, named, render, type Manifest } from '../support/deploy/chart.ts';

/** How many workers there are, of which build, and what a release means for runs under way. */
describe('the workers of the chart', () => {
  it('workers: one Deployment a group, which serves its queues, scaled by their backlog; time to end the longest call', async () => {
    const manifests = await render(['production', 'temporal-cloud']);
    expect(envOf(named(manifests, 'Deployment', 'awp-worker-models').spec.template?.spec.containers[0] as never)).toMatchObject({ WORKER_SERVES: 'openai,anthropic', AWP_PROVIDER_QUEUES: 'openai,anthropic', WORKER_SHUTDOWN_GRACE_MS: '60000', WORKER_VERSIONING: 'auto_upgrade' });
    expect(named(manifests, 'Deployment', 'awp-worker-main').spec.template?.spec.terminationGracePeriodSeconds).toBe(75);
    const triggers = (name: string) => (named(manifests, 'ScaledObject', name).spec['triggers'] as { type: string; metadata: Record<string, string>; authenticationRef?: object }[]);
    expect(triggers('awp-worker-main').map(({ metadata }) => [metadata['taskQueue'], metadata['queueTypes']])).toEqual([['workflows', 'workflow,activity']]);
    expect(triggers('awp-worker-models').map(({ metadata }) => metadata['taskQueue'])).toEqual(['llm-openai', 'llm-anthropic']);
    expect(triggers('awp-worker-main')[0]?.authenticationRef).toEqual({ name: 'awp-temporal' });
    // Temporal counts by build: a trigger that names none sees nothing (KEDA before 2.20), or what other builds have to do as well.
    const { WORKER_DEPLOYMENT, WORKER_BUILD_ID } = envOf(named(manifests, 'Deployment', 'awp-worker-main').spec.template?.spec.containers[0] as never);
    expect(WORKER_BUILD_ID).toBe('0.1.0');
    for (const { metadata } of [...triggers('awp-worker-main'), ...triggers('awp-worker-models')]) expect(metadata).toMatchObject({ workerDeploymentName: WORKER_DEPLOYMENT, workerDeploymentBuildId: WORKER_BUILD_ID });
    expect(JSON.stringify(named(await render(['production'], { workerVersioning: { mode: 'off' } }), 'ScaledObject', 'awp-worker-main').spec)).not.toContain('workerDeployment');
    expect(named(await render([]), 'HorizontalPodAutoscaler', 'awp-worker-main').spec).toMatchObject({ minReplicas: 2 });
  });

  it('KEDA reaches Temporal as the workers do: certificate, authority and server name', async () => {
    const manifests = await render(['production'], { temporal: { tlsSecret: 'temporal-tls', tlsCa: true, serverName: 'temporal.example.org' } });
    expect((named(manifests, 'TriggerAuthentication', 'awp-temporal').spec['secretTargetRef'] as object[])).toEqual([['cert', 'tls.crt'], ['key', 'tls.key'], ['ca', 'ca.crt']].map(([parameter, key]) => ({ parameter, name: 'temporal-tls', key })));
    expect(JSON.stringify(named(manifests, 'ScaledObject', 'awp-worker-main').spec)).toContain('"tlsServerName":"temporal.example.org"');
  });

  it('a release leaves no run without workers: the new build takes over by itself, a pinned one stays beside it', async () => {
    const production = await render(['production']);
    const promote = named(production, 'Job', 'awp-promote');
    expect(promote.metadata.annotations).toMatchObject({ 'helm.sh/hook': 'post-install,post-upgrade,post-rollback' });
    const versioning = (spec: Manifest['spec']) => Object.fromEntries(Object.entries(envOf(spec.template?.spec.containers[0] as never)).filter(([name]) => /^WORKER_(?:VERSIONING|DEPLOYMENT|BUILD_ID)$/.test(name)));
    // Pods of the build before are gone once the roll-out ends: runs must not be pinned to it.
    expect(versioning(promote.spec)).toEqual({ WORKER_VERSIONING: 'auto_upgrade', WORKER_DEPLOYMENT: 'awp', WORKER_BUILD_ID: '0.1.0' });
    expect(versioning(named(production, 'Deployment', 'awp-worker-main').spec)).toEqual(versioning(promote.spec));
    for (const set of ['local', 'small', 'staging']) expect((await render([set])).some(({ metadata }) => metadata.name === 'awp-promote'), set).toBe(false);

    const digest = `sha256:${'ab'.repeat(32)}`;
    const pinned = await render(['production'], { workerVersioning: { mode: 'pinned', draining: [{ tag: '0.0.9', buildId: 'nine' }, { digest }] }, secretStore: { kind: 'vault', vault: { address: 'https://vault.vault.svc:8200', role: 'awp' } } });
    const image = (name: string) => named(pinned, 'Deployment', name).spec.template?.spec.containers[0]?.image;
    expect([image('awp-worker-main-0-0-9'), image('awp-worker-models-abababab'), image('awp-worker-main')]).toEqual(['registry.example.org/awp-app:0.0.9', `registry.example.org/awp-app@${digest}`, 'registry.example.org/awp-app:0.1.0']);
    expect(named(pinned, 'Deployment', 'awp-worker-main-0-0-9').spec['replicas']).toBe(3);
    expect(versioning(named(pinned, 'Deployment', 'awp-worker-main-0-0-9').spec)).toEqual({ WORKER_VERSIONING: 'pinned', WORKER_DEPLOYMENT: 'awp', WORKER_BUILD_ID: 'nine' });
    expect(versioning(named(pinned, 'Deployment', 'awp-worker-models-abababab').spec)['WORKER_BUILD_ID']).toBe('ab'.repeat(10));
    const [who] = (named(pinned, 'NetworkPolicy', 'awp-vault').spec['podSelector'] as { matchExpressions: { values: string[] }[] }).matchExpressions;
    expect(who?.values).toEqual(expect.arrayContaining(['worker-main-0-0-9', 'worker-models-abababab']));
  });
});
