import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '#platform/ids';
import { createLogger } from '#platform/logger';
import { verifyAuditChain } from '#platform/repositories/audit';
import { newStorageKey } from '#platform/storage/artifact-storage';
import { createDiskStorage } from '#platform/storage/disk-storage';
import type { PurgeResult } from '#contracts/workflow';
import { ensureNamespaceRetention } from '#worker/namespace-retention';
import { utimes } from 'node:fs/promises';
import path from 'node:path';
import { startApi, type ApiUnderTest } from '../support/api.ts';
import { startEngine, type Engine } from '../support/engine.ts';
import { temporalAddress } from '../support/servers.ts';

/** The API and a worker on one database and one artifact folder: time passes by moving the rows, never by waiting. */
let engine: Engine;
let api: ApiUnderTest;
beforeAll(async () => {
  engine = await startEngine();
  api = await startApi({ DATABASE_URL: engine.config.DATABASE_URL ?? '', AWP_MASTER_KEY: engine.config.AWP_MASTER_KEY ?? '', ARTIFACTS_URL: `file:${path.join(engine.config.home, 'artifacts')}` });
});
afterAll(async () => { await api.close(); await engine.close(); });

const purge = (): Promise<PurgeResult> => engine.runner.deps.temporal.workflow.execute('purgeExpired', { workflowId: `purge-${randomUUID()}`, taskQueue: engine.taskQueue, args: [] }) as Promise<PurgeResult>;
const LATE = new Date(Date.now() - 60_000);

describe('retention', () => {
  it('an artifact past its days loses its bytes and payloads; its row says since when and the API answers 410 with the date', async () => {
    const { runId } = await engine.start();
    await engine.finished(runId);
    const payload = `${runId}/payload-${'a'.repeat(64)}`;
    await engine.runner.deps.storage.put(payload, 'x');
    const bob = await api.person('student');
    await engine.db.run.update({ where: { id: runId }, data: { userId: bob.id } });
    await engine.db.artifact.updateMany({ where: { runId }, data: { userId: bob.id } });
    await engine.db.artifact.updateMany({ where: { runId, fileName: { not: 'notes.md' } }, data: { expiresAt: LATE } });
    const before = await engine.db.artifact.count({ where: { runId } });

    expect(await purge()).toMatchObject({ artifacts: before - 1, more: false });

    const rows = await engine.db.artifact.findMany({ where: { runId } });
    expect(rows).toHaveLength(before);
    for (const row of rows) expect(await engine.runner.deps.storage.stat(row.storageKey) === null).toBe(row.fileName !== 'notes.md');
    expect(await engine.runner.deps.storage.stat(payload)).toBeNull();
    const trace = rows.find((row) => row.fileName === 'trace.json');
    const about = await api.call('GET', `/api/v1/artifacts/${trace?.id}`, { as: bob.token });
    expect(about).toMatchObject({ status: 200, body: { file_name: 'trace.json', sha256: trace?.sha256, expired_at: trace?.expiredAt?.toISOString() } });
    for (const address of ['content', 'download']) {
      const gone = await api.call('GET', `/api/v1/artifacts/${trace?.id}/${address}`, { as: bob.token });
      expect(gone).toMatchObject({ status: 410, body: { code: 'Gone' } });
      expect((gone.body as { detail: string }).detail).toContain(trace?.expiredAt?.toISOString().slice(0, 10));
    }
    // What is still there is still given.
    expect((await api.call('GET', `/api/v1/runs/${runId}/artifacts?format=zip`, { as: bob.token })).status).toBe(200);
    expect(await purge()).toMatchObject({ artifacts: 0 });
    const audited = await engine.db.auditEvent.findMany({ where: { type: 'retention.purged' }, orderBy: { sequence: 'asc' } });
    expect(audited[0]).toMatchObject({ actorKind: 'system', data: { artifacts: before - 1 } });
    expect((await verifyAuditChain(engine.db)).brokenAt).toBeNull();
  });

  it('a run that still waits keeps its files and payloads, however old they are, until it has ended', async () => {
    const { runId } = await engine.start({ mode: 'validate_only' });
    await engine.finished(runId);
    const { storage } = engine.runner.deps;
    const [payload, storageKey] = [`${runId}/payload-${'b'.repeat(64)}`, newStorageKey(runId)];
    for (const key of [payload, storageKey]) await storage.put(key, 'x');
    await engine.db.artifact.create({ data: { id: uuidv7(), runId, userId: engine.userId, artifactType: 'step', fileName: 'draft.md', storageKey, fileSizeBytes: 1n, mimeType: 'text/markdown', sha256: 'x' } });
    await engine.db.artifact.updateMany({ where: { runId }, data: { expiresAt: LATE } });
    await engine.db.run.update({ where: { id: runId }, data: { status: 'waiting', completedAt: null } });
    expect((await purge()).artifacts).toBe(0);
    for (const key of [payload, storageKey]) expect(await storage.stat(key)).not.toBeNull();
    await engine.db.run.update({ where: { id: runId }, data: { status: 'completed', completedAt: new Date() } });
    expect((await purge()).artifacts).toBe(await engine.db.artifact.count({ where: { runId } }));
    for (const key of [payload, storageKey]) expect(await storage.stat(key)).toBeNull();
  });

  it('keys, links, sessions and counters that ran out go; those that did not stay', async () => {
    const { db, userId } = engine;
    const later = new Date(Date.now() + 3_600_000);
    for (const [name, expiresAt] of [['old', LATE], ['new', later]] as const) {
      await db.idempotencyKey.create({ data: { userId, key: name, operation: 'test', requestDigest: 'x', expiresAt } });
      await db.verification.create({ data: { id: uuidv7(), identifier: 'sign-in-link', value: name, expiresAt } });
      await db.session.create({ data: { id: uuidv7(), userId, token: name, expiresAt } });
      await db.rateLimit.create({ data: { key: name, points: 1, expire: BigInt(expiresAt.getTime()) } });
    }
    expect(await purge()).toMatchObject({ idempotencyKeys: 1, signInLinks: 1, sessions: 1, rateLimits: 1 });
    expect(await db.idempotencyKey.findMany({ where: { userId } })).toMatchObject([{ key: 'new' }]);
    expect(await db.session.count({ where: { userId } })).toBe(1);
    expect(await db.rateLimit.findMany({ where: { key: { in: ['old', 'new'] } } })).toMatchObject([{ key: 'new' }]);
  });

  it('bytes of runs that are gone are removed after an hour, those of runs that exist are not', async () => {
    const { storage } = engine.runner.deps;
    const folder = path.join(engine.config.home, 'artifacts');
    const [gone, young] = [uuidv7(), uuidv7()];
    const { runId } = await engine.start({ mode: 'validate_only' });
    await engine.finished(runId);
    for (const owner of [gone, young]) await storage.put(newStorageKey(owner), 'left over');
    const old = new Date(Date.now() - 7_200_000);
    for (const owner of [gone, runId]) await utimes(path.join(folder, owner), old, old);
    expect(await purge()).toMatchObject({ orphanedObjects: 1 });
    expect((await storage.folders('', 1000)).map((entry) => entry.name)).toEqual(expect.arrayContaining([young, runId]));
    expect((await storage.folders('', 1000)).map((entry) => entry.name)).not.toContain(gone);
  });

  it('a purge that dies between bytes and mark is finished by the next one, batch by batch', async () => {
    const { runId } = await engine.start({ mode: 'validate_only' });
    await engine.finished(runId);
    const rows = Array.from({ length: 450 }, (_, index) => ({ id: uuidv7(), runId, userId: engine.userId, artifactType: 'step', fileName: `many-${index}`, storageKey: newStorageKey(runId), fileSizeBytes: 1n, mimeType: 'text/plain', sha256: 'x', expiresAt: LATE }));
    await engine.db.artifact.createMany({ data: rows }); // no bytes: as after a death between the two
    expect(await purge()).toMatchObject({ artifacts: 450, more: false });
    expect(await engine.db.artifact.count({ where: { runId, expiredAt: null, fileName: { startsWith: 'many-' } } })).toBe(0);
  });

  it('Temporal keeps histories as long as artifacts are kept; a longer retention is left alone', async () => {
    const connection = await Connection.connect({ address: temporalAddress() });
    const logger = createLogger(engine.config, 'test');
    try {
      const namespace = `retention-${randomUUID()}`;
      await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: 86_400 as never } });
      const days = async () => Number((await connection.workflowService.describeNamespace({ namespace })).config?.workflowExecutionRetentionTtl?.seconds) / 86_400;
      expect(await ensureNamespaceRetention(connection, namespace, 30, logger)).toBe(30);
      expect(await days()).toBe(30);
      expect(await ensureNamespaceRetention(connection, namespace, 7, logger)).toBe(30);
      expect(await days()).toBe(30);
      expect(await ensureNamespaceRetention(connection, 'not-there', 30, logger)).toBeNull();
    } finally {
      await connection.close();
    }
  });

  it('a folder name that leaves the store is refused', async () => {
    await expect(createDiskStorage(engine.config.home).deleteFolder('../etc')).rejects.toMatchObject({ code: 'InvalidInput' });
  });
});
