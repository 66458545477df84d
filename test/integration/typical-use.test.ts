import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WorkflowDetailSchema, WorkflowSummarySchema, type WorkflowSummaryWire } from '#contracts/api/workflows.schema';
import { uuidv7 } from '#platform/ids';
import { GOAL } from '../support/api.ts';
import { startPlatform, type PlatformUnderTest } from '../support/platform.ts';

let platform: PlatformUnderTest;
let alice: { id: string; token: string };
let bob: { id: string; token: string };
beforeAll(async () => {
  platform = await startPlatform();
  [alice, bob] = await Promise.all([platform.api.person('researcher'), platform.api.person('researcher')]);
});
afterAll(() => platform.close());

async function entry(as: string, slug = 'learn_agentic_ai'): Promise<WorkflowSummaryWire> {
  const list = ((await platform.api.call('GET', '/api/v1/workflows?limit=200', { as })).body as unknown[]).map((each) => WorkflowSummarySchema.parse(each));
  return list.find(({ workflow_id: id }) => id === slug) as WorkflowSummaryWire;
}
const body = (change: object = {}) => ({ workflow_id: 'learn_agentic_ai', inputs: { learning_goal: GOAL, timebox_minutes: 30 }, provider: 'demo', ...change });

describe('what the catalog says of a workflow', () => {
  it('medians are of one\'s own runs: a real provider before the demo, Full before Test, waiting taken off', async () => {
    expect((await entry(alice.token)).typical).toBeNull();
    const run = await platform.run(alice.token, body());
    expect(run.status).toBe('completed');
    expect((await entry(alice.token)).typical).toMatchObject({ run_mode: 'test_run', simulated: true, runs: 1, cost_usd_micros: 0 });
    expect((await entry(bob.token)).typical).toBeNull();

    const { db } = platform.api.deps;
    const copy = async (seconds: number, costUsdMicros: bigint | null, waitedSeconds = 0): Promise<void> => {
      const row = await db.run.findUniqueOrThrow({ where: { id: run.id } });
      const startedAt = new Date('2026-11-01T10:00:00Z');
      const id = uuidv7();
      await db.run.create({ data: { ...row, id, inputs: {}, request: {}, error: undefined, simulated: false, provider: 'openai', runMode: 'full_run', costUsdMicros, startedAt, completedAt: new Date(startedAt.getTime() + seconds * 1000) } });
      if (waitedSeconds > 0) await db.runEvent.createMany({ data: (['wait-start', 'wait-end'] as const).map((type, index) => ({ runId: id, sequence: index + 1, idempotencyKey: `t/${index}`, type, at: new Date(startedAt.getTime() + (index * waitedSeconds + 1) * 1000), data: {} })) });
    };
    await copy(10, 100n);
    await copy(3_620, 300n, 3_600);
    await copy(31, 800n);
    expect((await entry(alice.token)).typical).toEqual({ run_mode: 'full_run', simulated: false, runs: 3, seconds: 20, cost_usd_micros: 300 });
    await copy(5, null);
    expect((await entry(alice.token)).typical).toMatchObject({ runs: 4, seconds: 15, cost_usd_micros: null });
  });

  it('needs and the sample are told, and the workflow itself has the sample\'s text', async () => {
    expect(await entry(bob.token, 'ask_my_data')).toMatchObject({ uploads: [{ field: 'data_file', accept: ['csv', 'json', 'parquet'], required: false }], full_approval: null, requires_prior_evidence: false, sample: { file_name: 'memo.md' } });
    const detail = WorkflowDetailSchema.parse((await platform.api.call('GET', '/api/v1/workflows/ask_my_data', { as: bob.token })).body);
    expect(detail.sample_text).toContain('**DEMO**');
  });
});
