import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '#contracts/api/common.schema';
import { RerunPreviewSchema, RunCallSchema, type RerunPreviewWire } from '#contracts/api/reruns.schema';
import { RunDetailSchema, type RunDetailWire, type RunEventWire } from '#contracts/api/runs.schema';
import type { RunRequest } from '#contracts/workflow';
import { GOAL } from '../support/api.ts';
import { startPlatform, type PlatformUnderTest } from '../support/platform.ts';

let platform: PlatformUnderTest;
let alice: { id: string; token: string };
let bob: { id: string; token: string };
beforeAll(async () => {
  platform = await startPlatform();
  [alice, bob] = await Promise.all([platform.api.person('researcher'), platform.api.person('researcher')]);
});
afterEach(() => platform.simulator.reset());
afterAll(() => platform.close());

const start = (change: Record<string, unknown> = {}) => platform.run(alice.token, { workflow_id: 'learn_agentic_ai', inputs: { learning_goal: GOAL }, provider: 'openai', ...change });
const rerun = (id: string, json: Record<string, unknown>) => platform.run(alice.token, json, `/api/v1/runs/${id}/rerun`);
async function preview(id: string, json: Record<string, unknown>): Promise<RerunPreviewWire> {
  const reply = await platform.api.call('POST', `/api/v1/runs/${id}/rerun/preview`, { as: alice.token, json });
  expect([reply.status, reply.text]).toEqual([200, expect.anything()]);
  return RerunPreviewSchema.parse(reply.body);
}
const refusal = async (id: string, json: Record<string, unknown>, as = alice.token) => {
  const reply = await platform.api.call('POST', `/api/v1/runs/${id}/rerun`, { as, json });
  return [reply.status, (reply.body as Problem).errors?.[0]?.pointer ?? (reply.body as Problem).code];
};
const failAtCall = (nth: number) => platform.simulator.addFaults({ fault: { kind: 'refusal' }, match: { requestId: '*' }, nth });
const ids = (calls: RerunPreviewWire['calls'], ...states: string[]) => calls.filter((call) => states.includes(call.state)).map((call) => call.call_id ?? call.step);
const ledger = (runId: string) => platform.api.deps.db.completion.findMany({ where: { runId, state: 'done' }, orderBy: { createdAt: 'asc' } });
const events = async (runId: string) => (await platform.api.call('GET', `/api/v1/runs/${runId}/events?limit=200`, { as: alice.token })).body as RunEventWire[];
const ends = async (runId: string) => Object.fromEntries((await events(runId)).filter((event) => event.type === 'completion-end').map((event) => [`${event.stage}/${event.step}/${event.ordinal}`, event.data as { reused: boolean; edited_by?: string; prompt_edited_by?: string; text: string; cost_usd_micros: number | null; model: string }]));
/** A run that the provider refused at the notes, after diagnosis and syllabus were paid. */
async function failedAtNotes(): Promise<RunDetailWire> {
  failAtCall(3);
  const run = await start();
  platform.simulator.reset();
  expect([run.status, run.error?.code]).toEqual(['failed', 'ProviderRefused']);
  return run;
}

describe('a re-run', () => {
  it('of what failed buys only that: recorded answers are referenced, free and marked, and linked both ways', async () => {
    const source = await failedAtNotes();
    const plan = await preview(source.id, { kind: 'failed_only' });
    expect(ids(plan.calls, 'reused')).toEqual(['test/diagnose/1', 'test/syllabus/1']);
    expect(ids(plan.calls, 'to_pay')).toEqual(['test/note-1/1', 'quiz', 'gaps']);
    const again = await rerun(source.id, { kind: 'failed_only' });
    expect(RunDetailSchema.parse(again)).toMatchObject({ status: 'completed', forked_from: { run_id: source.id, kind: 'failed_only' }, metrics: { reused: 2 } });
    expect(platform.bought(again.id)).toEqual({ 'test/note-1/1': 1, 'test/quiz/1': 1, 'test/gaps/1': 1 });
    const rows = await ledger(again.id);
    const sourceRows = await ledger(source.id);
    expect(rows.filter((row) => row.reusedFromId).map((row) => [row.step, row.answer, row.costUsdMicros, row.reusedFromId])).toEqual(sourceRows.map((row) => [row.step, null, 0n, row.id]));
    const paid = rows.filter((row) => !row.reusedFromId).reduce((sum, row) => sum + Number(row.costUsdMicros), 0);
    expect(again.totals.cost_usd_micros).toBe(paid);
    expect(plan.cost_usd_micros?.low).toBeLessThanOrEqual(paid);
    expect(plan.cost_usd_micros?.worst).toBeGreaterThanOrEqual(paid);
    expect((await ends(again.id))['test/diagnose/1']).toMatchObject({ reused: true, cost_usd_micros: 0, text: (sourceRows[0]?.answer as { text: string } | undefined)?.text });
    expect((await platform.ended(alice.token, source.id)).forks).toMatchObject([{ run_id: again.id, kind: 'failed_only', status: 'completed' }]);
    const evidence = await platform.api.deps.db.evidence.findFirstOrThrow({ where: { runId: again.id } });
    // The Test stands on answers of the earlier run: it is not younger than they are.
    expect(evidence.testedAt).toEqual(sourceRows[0]?.completedAt);
  });

  it('of a re-run finds the answers of both, and a third one too: nothing recorded is bought twice along the line', async () => {
    const first = await failedAtNotes();
    failAtCall(2);
    const second = await rerun(first.id, { kind: 'failed_only' });
    expect(second.status).toBe('failed');
    expect(platform.bought(second.id)).toEqual({ 'test/note-1/1': 1, 'test/quiz/1': 1 });
    platform.simulator.reset();
    const third = await rerun(second.id, { kind: 'failed_only' });
    expect(third.status).toBe('completed');
    expect(platform.bought(third.id)).toEqual({ 'test/quiz/1': 1, 'test/gaps/1': 1 });
    const holders = (await ledger(third.id)).flatMap((row) => (row.reusedFromId ? [row.reusedFromId] : []));
    const held = await platform.api.deps.db.completion.findMany({ where: { id: { in: holders } } });
    expect(held.every((row) => row.answer !== null)).toBe(true);
    expect(new Set(held.map((row) => row.runId))).toEqual(new Set([first.id, second.id]));
  });

  it('from a step reuses what is before it and buys the rest; from the start buys everything', async () => {
    const source = await start();
    const plan = await preview(source.id, { kind: 'from_step', from: { stage: 'test', step: 'quiz' } });
    expect([ids(plan.calls, 'reused').length, ids(plan.calls, 'to_pay')]).toEqual([3, ['test/quiz/1', 'test/gaps/1']]);
    expect(plan.counts).toEqual({ reused: 3, maybe: 0, to_pay: 2 });
    const again = await rerun(source.id, { kind: 'from_step', from: { stage: 'test', step: 'quiz' } });
    expect(platform.bought(again.id)).toEqual({ 'test/quiz/1': 1, 'test/gaps/1': 1 });
    const anew = await rerun(source.id, { kind: 'start' });
    expect(Object.keys(platform.bought(anew.id)).length).toBe(5);
    expect(anew).toMatchObject({ status: 'completed', forked_from: { run_id: source.id, kind: 'start' }, metrics: { reused: 0 } });
  });

  it('with an edited answer is marked as that person\'s, pays what builds on it, and is no evidence', async () => {
    const source = await start({ inputs: { learning_goal: `${GOAL}, edited` } });
    const diagnosis = JSON.parse((await ends(source.id))['test/diagnose/1']?.text ?? '') as object;
    const text = JSON.stringify({ ...diagnosis, gaps: ['Knows no way to test an agent'] });
    const wish = { kind: 'from_step', from: { stage: 'test', step: 'quiz' }, edits: { 'test/diagnose/1': { text } } };
    const plan = await preview(source.id, wish);
    expect([ids(plan.calls, 'edited'), ids(plan.calls, 'maybe'), ids(plan.calls, 'to_pay')]).toEqual([['test/diagnose/1'], ['test/syllabus/1', 'test/note-1/1'], ['test/quiz/1', 'test/gaps/1']]);
    expect(plan.notes.join()).toContain('no evidence');
    const again = await rerun(source.id, wish);
    expect(again.status).toBe('completed');
    expect((await ends(again.id))['test/diagnose/1']).toMatchObject({ reused: true, edited_by: alice.id, text });
    const bought = platform.bought(again.id);
    expect([bought['test/diagnose/1'], bought['test/syllabus/1'], bought['test/gaps/1']]).toEqual([undefined, 1, 1]);
    expect(await platform.api.deps.db.evidence.count({ where: { runId: again.id } })).toBe(0);
    expect((await events(again.id)).some((event) => event.type === 'log-write' && String(event.data['message']).includes('an answer in it was edited'))).toBe(true);
    expect(await platform.api.deps.db.auditEvent.count({ where: { type: 'run.output_edited', resource: `run/${again.id}`, subject: alice.id } })).toBe(1);
    // The mark goes on: a re-run of the re-run that keeps the edited answer proves nothing either.
    const heir = await rerun(again.id, { kind: 'from_step', from: { stage: 'test', step: 'gaps' } });
    expect((await ends(heir.id))['test/diagnose/1']).toMatchObject({ reused: true, edited_by: alice.id });
    expect(await platform.api.deps.db.evidence.count({ where: { runId: heir.id } })).toBe(0);
  });

  it('with another prompt asks that, pays it and what builds on it, says so, and is no evidence', async () => {
    const source = await start({ inputs: { learning_goal: `${GOAL}, asked otherwise` }, budget: { cost_usd_micros: 900_000, output_tokens: 900 } });
    const call = async (runId: string, callId: string, as = alice.token) => platform.api.call('GET', `/api/v1/runs/${runId}/calls?call_id=${callId}`, { as });
    const recorded = RunCallSchema.parse((await call(source.id, 'test/quiz/1')).body);
    expect([recorded.step, recorded.messages.length > 0, (recorded.answer ?? '').length > 0, recorded.edited_by, recorded.prompt_edited]).toEqual(['quiz', true, true, null, false]);
    expect([(await call(source.id, 'test/quiz/1', bob.token)).status, (await call(source.id, 'test/none/1')).status]).toEqual([404, 404]);
    const mine = recorded.messages.map((message) => ({ ...message, content: message.role === 'user' ? `${message.content}\nAsk about failures only.` : message.content }));
    const wish = { kind: 'from_step', from: { stage: 'test', step: 'gaps' }, prompts: { 'test/quiz/1': mine, 'test/diagnose/1': RunCallSchema.parse((await call(source.id, 'test/diagnose/1')).body).messages } };
    const plan = await preview(source.id, wish);
    // The one that is as it was recorded is no edit.
    expect([ids(plan.calls, 'reused'), ids(plan.calls, 'to_pay')]).toEqual([['test/diagnose/1', 'test/syllabus/1', 'test/note-1/1'], ['test/quiz/1', 'test/gaps/1']]);
    expect([plan.notes.join().includes('Prompts of yours'), plan.limits]).toEqual([true, { cost_usd_micros: 900_000, output_tokens: 900, seconds: 60 }]);
    const again = await rerun(source.id, wish);
    expect([again.status, platform.bought(again.id)]).toEqual(['completed', { 'test/quiz/1': 1, 'test/gaps/1': 1 }]);
    expect((await ends(again.id))['test/quiz/1']).toMatchObject({ reused: false, prompt_edited_by: alice.id });
    expect(RunCallSchema.parse((await call(again.id, 'test/quiz/1')).body)).toMatchObject({ messages: mine, prompt_edited: true });
    expect(await platform.api.deps.db.evidence.count({ where: { runId: again.id } })).toBe(0);
    expect(await platform.api.deps.db.auditEvent.count({ where: { type: 'run.prompt_edited', resource: `run/${again.id}`, subject: alice.id } })).toBe(1);
    // What is left out stays as it was: the prompt goes on, its answer is found again, and it still proves nothing.
    const heir = await rerun(again.id, { kind: 'from_step', from: { stage: 'test', step: 'gaps' } });
    expect([(await ends(heir.id))['test/quiz/1'], await platform.api.deps.db.evidence.count({ where: { runId: heir.id } })]).toMatchObject([{ reused: true, prompt_edited_by: alice.id }, 0]);
    expect(Object.keys(platform.bought(heir.id))).toEqual(['test/gaps/1']);
    // And can be left behind.
    expect(ids((await preview(again.id, { kind: 'from_step', from: { stage: 'test', step: 'gaps' }, prompts: { 'test/quiz/1': null } })).calls, 'maybe')).toEqual(['test/quiz/1']);
    const clean = await rerun(again.id, { kind: 'from_step', from: { stage: 'test', step: 'gaps' }, prompts: { 'test/quiz/1': null } });
    expect([(await ends(clean.id))['test/quiz/1']?.prompt_edited_by, await platform.api.deps.db.evidence.count({ where: { runId: clean.id } })]).toEqual([undefined, 1]);
  });

  it('of a step that was repaired begins with its first prompt; a later turn is no place for another one', async () => {
    platform.simulator.addFaults({ fault: { kind: 'wrong-schema' }, match: { requestId: '*' }, nth: 1 });
    const source = await start({ inputs: { learning_goal: `${GOAL}, repaired` } });
    expect([source.status, platform.bought(source.id)['test/diagnose/2']]).toEqual(['completed', 1]);
    const prompt = [{ role: 'user', content: 'Something else' }];
    expect(await refusal(source.id, { kind: 'start', prompts: { 'test/diagnose/2': prompt } })).toEqual([400, '#/prompts/test~1diagnose~12']);
    const plan = await preview(source.id, { kind: 'start', prompts: { 'test/diagnose/1': prompt } });
    expect(plan.notes.join()).toContain('Prompts of yours');
  });

  it('with another model keeps what was paid and says whose it is; with other inputs it pays again', async () => {
    const source = await failedAtNotes();
    const again = await rerun(source.id, { kind: 'failed_only', model: 'gpt-4o-mini' });
    expect(again.status).toBe('completed');
    const told = await ends(again.id);
    expect([told['test/diagnose/1']?.model, told['test/note-1/1']?.model]).toEqual([source.model, 'gpt-4o-mini']);
    expect(platform.bought(again.id)['test/diagnose/1']).toBeUndefined();
    expect(await platform.api.deps.db.evidence.count({ where: { runId: again.id } })).toBe(0);
    const inputs = { learning_goal: 'Know how prompt injection works against agents and which guardrails help' };
    const plan = await preview(source.id, { kind: 'failed_only', inputs });
    expect([ids(plan.calls, 'reused'), plan.cost_usd_micros?.low === 0]).toEqual([[], false]);
    const other = await rerun(source.id, { kind: 'failed_only', inputs });
    expect(platform.bought(other.id)['test/diagnose/1']).toBe(1);
  });

  it('of a Full run keeps its own Test honest: another model makes it anew, and only the Full stage takes over', async () => {
    const source = await start({ run_mode: 'full_run', inputs: { learning_goal: `${GOAL}, fully`, timebox_minutes: 30 } });
    expect(source.status).toBe('completed');
    const step = source.stages.find((stage) => stage.stage === 'full')?.steps.at(-1)?.step ?? '';
    const again = await rerun(source.id, { kind: 'from_step', from: { stage: 'full', step } });
    expect([again.status, again.stages.find((stage) => stage.stage === 'test')?.status]).toEqual(['completed', 'skipped']);
    expect(Object.keys(platform.bought(again.id)).every((id) => id.startsWith(`full/${step}/`))).toBe(true);
    const other = await rerun(source.id, { kind: 'from_step', from: { stage: 'full', step }, model: 'gpt-4o-mini' });
    expect(other.stages.find((stage) => stage.stage === 'test')?.status).toBe('passed');
    const bought = Object.keys(platform.bought(other.id));
    expect([bought.filter((id) => id.startsWith('test/')).length, bought.filter((id) => id.startsWith('full/') && !id.startsWith(`full/${step}/`))]).toEqual([5, []]);
  });

  it('keeps the budget and the chain of the run it was made from, unless told otherwise', async () => {
    const source = await start({ run_mode: 'validate_only', budget: { cost_usd_micros: 250_000 }, fallback: [{ provider: 'anthropic' }, { provider: 'gemini' }] });
    const governance = async (json: Record<string, unknown>) => {
      const { request } = await platform.api.deps.db.run.findUniqueOrThrow({ where: { id: (await rerun(source.id, { kind: 'start', ...json })).id }, select: { request: true } }) as unknown as { request: RunRequest };
      return [request.caps.full.costUsdMicros, (request.fallback ?? []).map((link) => link.provider)];
    };
    expect(await governance({})).toEqual([250_000, ['anthropic', 'gemini']]);
    expect(await governance({ provider: 'anthropic' })).toEqual([250_000, ['gemini']]);
    expect(await governance({ budget: null, fallback: [] })).toEqual([null, []]);
    expect(await governance({ budget: { cost_usd_micros: 9_000 }, fallback: [{ provider: 'deepseek' }] })).toEqual([9_000, ['deepseek']]);
  });

  it('keeps its answers when the run it came from is deleted', async () => {
    const source = await failedAtNotes();
    const again = await rerun(source.id, { kind: 'failed_only' });
    expect((await platform.api.call('DELETE', `/api/v1/runs/${source.id}`, { as: alice.token })).status).toBe(204);
    expect((await ledger(again.id)).every((row) => row.answer !== null)).toBe(true);
    const heir = await rerun(again.id, { kind: 'from_step', from: { stage: 'test', step: 'gaps' } });
    expect(platform.bought(heir.id)).toEqual({ 'test/gaps/1': 1 });
    expect((await platform.ended(alice.token, again.id)).forked_from).toBeNull();
  });

  it('is refused with words: another person\'s run, a completed run without failures, unknown steps, edits that may not be', async () => {
    const done = await start();
    expect(await refusal(done.id, { kind: 'start' }, bob.token)).toEqual([404, 'NotFound']);
    expect(await refusal(done.id, { kind: 'failed_only' })).toEqual([409, 'Conflict']);
    expect(await refusal(done.id, { kind: 'from_step' })).toEqual([400, '#/from']);
    expect(await refusal(done.id, { kind: 'from_step', from: { stage: 'test', step: 'nowhere' } })).toEqual([400, '#/from/step']);
    const from = { stage: 'test', step: 'quiz' };
    expect(await refusal(done.id, { kind: 'from_step', from, edits: { 'test/quiz/1': { text: '{}' } } })).toEqual([400, '#/edits/test~1quiz~11']);
    expect(await refusal(done.id, { kind: 'from_step', from, edits: { 'test/diagnose/1': { text: 'no JSON' } } })).toEqual([400, '#/edits/test~1diagnose~11/text']);
    const prompt = [{ role: 'user', content: 'Something else' }];
    expect(await refusal(done.id, { kind: 'start', prompts: { 'test/nowhere/1': prompt } })).toEqual([400, '#/prompts/test~1nowhere~11']);
    expect(await refusal(done.id, { kind: 'start', prompts: { 'test/diagnose/1': [] } })).toEqual([400, '#/prompts/test~1diagnose~11']);
    expect(await refusal(done.id, { kind: 'start', prompts: { 'test/diagnose/1': [{ role: 'tool', content: 'x' }] } })).toEqual([400, '#/prompts/test~1diagnose~11/0/role']);
    expect(await refusal(done.id, { kind: 'start', inputs: { learning_goal: 'short' } })).toEqual([400, '#/inputs/learning_goal']);
    platform.simulator.addFaults({ fault: { kind: 'hang' }, match: { requestId: '*' }, times: 0 });
    const live = await platform.api.call('POST', '/api/v1/runs', { as: alice.token, json: { workflow_id: 'learn_agentic_ai', inputs: { learning_goal: GOAL }, provider: 'openai' } });
    const { id } = live.body as { id: string };
    expect(await refusal(id, { kind: 'start' })).toEqual([409, 'Conflict']);
    await platform.api.call('POST', `/api/v1/runs/${id}/cancel`, { as: alice.token });
    await platform.ended(alice.token, id);
  });
});
