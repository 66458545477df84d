import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { GOAL, startApi, type ApiUnderTest } from '../support/api.ts';
import type { LogLine } from '../support/captured-log.ts';

let api: ApiUnderTest;
beforeAll(async () => { api = await startApi(); });
afterAll(() => api.close());

/** @returns the answer, and the lines it left: the last, about the request, is written when its socket is done */
async function linesOf(...call: Parameters<ApiUnderTest['call']>): Promise<{ body: { id: string }; lines: LogLine[] }> {
  const requestId = `test-${Math.random().toString(36).slice(2, 12)}`;
  const [method, address, options] = call;
  const { body } = await api.call(method, address, { ...options, headers: { ...options?.headers, 'X-Request-Id': requestId } });
  const lines = () => api.log.map((line) => JSON.parse(line) as LogLine).filter((line) => line['request_id'] === requestId);
  await vi.waitFor(() => { expect(lines().some((line) => line['msg'] === 'request')).toBe(true); });
  return { body, lines: lines() };
}
const start = async (headers = {}) => linesOf('POST', '/api/v1/runs', { json: { workflow_id: 'learn_agentic_ai', provider: 'demo', inputs: { learning_goal: GOAL } }, headers });
const labels = (runId: string): LogLine => ({ run_id: runId, workflow_id: 'learn_agentic_ai', run_mode: 'test_run', provider: 'demo', model: expect.any(String) as string, user_id: expect.any(String) as string });

it('every line of a request about a run says which run, workflow, mode, provider and model, and whose request it was', async () => {
  const started = await start({ 'Idempotency-Key': 'once-and-again' });
  const again = await start({ 'Idempotency-Key': 'once-and-again' });
  const { id } = started.body;
  expect(again.body.id).toBe(id);
  const others = await Promise.all([`/api/v1/runs/${id}`, `/api/v1/runs/${id}/events`, `/api/v1/runs/${id}/artifacts`].map((address) => linesOf('GET', address)));
  for (const { lines } of [started, again, ...others]) expect(lines).toMatchObject([{ msg: 'request', ...labels(id) }]);
});

it('so does what goes wrong on the way', async () => {
  const { body: { id } } = await start();
  await api.deps.db.run.update({ where: { id }, data: { status: 'completed', completedAt: new Date() } });
  const away = vi.spyOn(api.deps.storage, 'deleteFolder').mockRejectedValueOnce(new Error('away'));
  const { lines } = await linesOf('DELETE', `/api/v1/runs/${id}`);
  away.mockRestore();
  expect(lines).toMatchObject([{ level: 'error', files_left: 1, ...labels(id) }, { msg: 'request', ...labels(id) }]);
  const broken = vi.spyOn(api.deps.views, 'viewOf').mockRejectedValueOnce(new Error('broken'));
  const { body: { id: other } } = await start();
  const { lines: [failed] } = await linesOf('GET', `/api/v1/runs/${other}`);
  broken.mockRestore();
  expect(failed).toMatchObject({ msg: 'request failed', err: { message: 'broken' }, ...labels(other) });
});

it('a request about two runs is of neither, and one about a run that is not there names what was asked for', async () => {
  const ids = [(await start()).body.id, (await start()).body.id];
  const { lines: [two] } = await linesOf('GET', `/api/v1/runs/compare?ids=${ids.join(',')}`);
  expect(two).toMatchObject({ status: 200 });
  expect(two).not.toHaveProperty('run_id');
  const nobody = '01990000-0000-7000-8000-00000000dead';
  const { lines: [none] } = await linesOf('GET', `/api/v1/runs/${nobody}`);
  expect(none).toMatchObject({ status: 404, run_id: nobody });
  expect(none).not.toHaveProperty('workflow_id');
});
