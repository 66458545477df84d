import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunWire } from '#contracts/api/runs.schema';
import type { BundleManifest } from '#contracts/bundle';
import { openBundle } from '#cli/bundle';
import { GOAL, startApi, type ApiUnderTest } from '../support/api.ts';
import { endEvent, writeArtifact, writeEvents } from '../support/runs.ts';

let api: ApiUnderTest;
let alice: { id: string; token: string };
beforeAll(async () => {
  api = await startApi();
  alice = await api.person('researcher');
});
afterAll(() => api.close());

async function endedRun(): Promise<string> {
  const reply = await api.call('POST', '/api/v1/runs', { as: alice.token, json: { workflow_id: 'learn_agentic_ai', inputs: { learning_goal: GOAL } } });
  const { id } = reply.body as RunWire;
  await writeEvents(api.deps, id, [endEvent()]);
  return id;
}

async function bundleOf(id: string): ReturnType<typeof openBundle> {
  const response = await fetch(`${api.url}/api/v1/runs/${id}/export`, { headers: { authorization: `Bearer ${alice.token}` } });
  expect([response.status, response.headers.get('content-type'), response.headers.get('content-disposition')]).toEqual([200, 'application/zip', expect.stringContaining('.awp.zip')]);
  return openBundle(Buffer.from(await response.arrayBuffer()));
}

describe('GET /runs/{id}/export', () => {
  it('holds run, events, ledger, files and history, each with its hash, and is audited', async () => {
    const id = await endedRun();
    await writeArtifact(api.deps, { id, userId: alice.id }, { fileName: 'notes.md', mimeType: 'text/markdown', content: '# Notes' });
    const bundle = await bundleOf(id);
    expect(bundle.manifest.entries.map((entry) => entry.name)).toEqual(['run.json', 'events.jsonl', 'ledger.json', 'history.json', 'artifacts/notes.md']);
    expect(bundle.files.get('notes.md')?.toString()).toBe('# Notes');
    expect(bundle.view.status).toBe('completed');
    const audit = await api.deps.db.auditEvent.findMany({ where: { type: 'run.exported', resource: `run/${id}` } });
    expect(audit).toEqual([expect.objectContaining({ subject: alice.id, outcome: 'success', data: { entries: 5, missing: 0, masked: 0 } })]);
  });

  it('says what is missing: a file that the store lost, a history that Temporal no longer has', async () => {
    const id = await endedRun();
    await writeArtifact(api.deps, { id, userId: alice.id }, { fileName: 'lost.md', mimeType: 'text/markdown', content: 'x' });
    const { storageKey } = await api.deps.db.artifact.findFirstOrThrow({ where: { runId: id } });
    await api.deps.storage.delete(storageKey);
    await api.deps.temporal.workflowService.deleteWorkflowExecution({ namespace: api.deps.config.TEMPORAL_NAMESPACE, workflowExecution: { workflowId: id } });
    let manifest: BundleManifest | undefined;
    await expect.poll(async () => { ({ manifest } = await bundleOf(id)); return manifest.missing.length; }, { timeout: 20_000 }).toBe(2);
    expect(manifest?.missing).toEqual([{ name: 'artifacts/lost.md', reason: 'no longer in the artifact store' }, { name: 'history.json', reason: expect.stringContaining('no longer has this execution') as string }]);
  });

  it('refuses a live run, another person\'s, an id that is none, and a token that may not read files', async () => {
    const id = await endedRun();
    const live = await api.call('POST', '/api/v1/runs', { as: alice.token, json: { workflow_id: 'learn_agentic_ai', inputs: { learning_goal: GOAL } } });
    const get = async (run: string, as: string) => { const { status, body } = await api.call('GET', `/api/v1/runs/${run}/export`, { as }); return [status, (body as { code: string } | undefined)?.code]; };
    expect(await get((live.body as RunWire).id, alice.token)).toEqual([409, 'Conflict']);
    expect(await get(id, (await api.person('admin')).token)).toEqual([404, 'NotFound']);
    expect(await get('odd', alice.token)).toEqual([400, 'InvalidInput']);
    expect(await get(id, (await api.person('student', ['run:read'])).token)).toEqual([403, 'PermissionDenied']);
  });
});
