import { afterAll, beforeAll, expect, it } from 'vitest';
import { endpoints } from '#api/endpoints';
import { GOAL, startApi, type ApiUnderTest } from '../support/api.ts';
import { endEvent, writeEvents } from '../support/runs.ts';
import { fuzz, type FuzzReport } from '../support/security/schemathesis.ts';

/** Every operation of the served OpenAPI document against input that nobody would think of, as two people. `npm run test:security`
 * gives each operation 500 cases in all phases, `npm test` a few. */
const FULL = process.env['SECURITY'] === 'full';
/** `FUZZ_PART=2/5`: every fifth operation, from the second on; for a machine that others wait for. */
const [PART = 1, PARTS = 1] = (process.env['FUZZ_PART'] ?? '1/1').split('/').map(Number);
/** `FUZZ_ONLY=listRuns,getRun`: these operations, after their document was mended. */
const ONLY = process.env['FUZZ_ONLY']?.split(',') ?? [];
const WHOLE = PARTS === 1 && ONLY.length === 0;
/** Requests at the same moment. One after the other a run of everything takes hours of waiting and little of the processor. */
const WORKERS = Number(process.env['FUZZ_WORKERS'] ?? (FULL ? 3 : 1));
const CASES = FULL ? 500 : 6;
/** These can end the credential that asks: they come last, with people of their own. */
const ENDING = ['signOut', 'endSession', 'endOtherSessions', 'revokeToken', 'signOutUser', 'changeUser', 'eraseUser', 'changePassword', 'resetUserPassword'];

/** Starters are written workflows of everybody, and the fuzzer takes what alice sees first for hers. That written workflows of a
 * person stay theirs is in test/integration/ownership.test.ts. */
const ofEverybody = (failure: string): boolean => /^\w+ \/api\/v1\/workflows\/\{id\}\/\S+ · failure: ST402$/.test(failure);

/** No worker runs beside the fuzzed API: the test of a key that is stored nowhere says 503, as the document does. */
const ofNoWorker = (failure: string): boolean => failure === 'POST /api/v1/settings/providers/{provider}/test · failure: ST101';

let api: ApiUnderTest;
let reports: FuzzReport[];
beforeAll(async () => {
  // In production also what an operator sees needs a credential.
  api = await startApi({ AWP_ENV: 'production', WEB_ORIGIN: 'https://awp.example', AWP_EXECUTE_WAIT_SECONDS: '0', AWP_MAX_CONCURRENT_RUNS: '0', AWP_KEY_TEST_TIMEOUT_MS: '50', LOG_LEVEL: 'warn' });
  const ids: Record<string, string> = {};
  const pair = async () => {
    const [alice, bob] = await Promise.all([api.person('admin'), api.person('admin')]);
    for (const { token } of [alice, bob]) {
      const { id } = (await api.call('POST', '/api/v1/runs', { as: token, json: { workflow_id: 'learn_agentic_ai', run_mode: 'validate_only', inputs: { learning_goal: GOAL } } })).body as { id: string };
      // No worker is here to end it, and each look at the stream of a live run would take until the client's patience is over.
      await writeEvents(api.deps, id, [endEvent()]);
      ids['/api/v1/runs'] ??= id;
      ids['/api/v1/artifacts/run'] ??= id;
    }
    const make = async (address: string, json: unknown): Promise<void> => { ids[address] ??= ((await api.call('POST', address, { as: alice.token, json })).body as { id: string }).id; };
    await make('/api/v1/settings', { provider: 'openai', api_key: 'sk-fuzz-0123456789abcdef' });
    await make('/api/v1/workflows', { workflow_id: 'fuzzed', name: 'Fuzzed', persona: 'student', definition: { steps: [{ type: 'prompt', prompt: 'A draft' }] } });
    return [{ name: 'alice', token: alice.token }, { name: 'bob', token: bob.token }] as const;
  };
  const common = { cases: CASES, workers: WORKERS, phases: FULL ? 'examples,coverage,fuzzing,stateful' : 'examples,fuzzing' };
  const part = endpoints.map(({ operationId }) => operationId).filter((id, index) => !ENDING.includes(id) && index % PARTS === PART - 1);
  const which = WHOLE ? { without: ENDING } : { only: ONLY.length > 0 ? ONLY : part };
  const peers = await pair();
  // The short form stays short: what is there makes each request a longer one.
  reports = [await fuzz(api.url, { ...common, ...(FULL ? { ids } : {}), peers, ...which })];
  if (PART === PARTS && ONLY.length === 0) reports.push(await fuzz(api.url, { ...common, phases: FULL ? 'coverage,fuzzing' : 'fuzzing', peers: await pair(), only: ENDING }));
}, FULL ? 7_200_000 : 300_000);
afterAll(() => api?.close());

it('no generated request gets an answer of 5xx, one that the document does not know, or what is another person\'s', () => {
  if (process.env['FUZZ_OUTPUT']) console.log(reports.map(({ output }) => output).join('\n'));
  expect(reports.flatMap(({ failures }) => failures).filter((failure) => !ofEverybody(failure) && !ofNoWorker(failure))).toEqual([]);
});

it('every operation was asked, by somebody who is signed in, with as many cases as promised', () => {
  const sum = (of: (report: FuzzReport) => number) => reports.reduce((total, report) => total + of(report), 0);
  expect(sum(({ operations }) => operations)).toBeGreaterThan(ONLY.length > 0 ? ONLY.length - 1 : 100 / PARTS);
  expect(sum(({ cases }) => cases)).toBeGreaterThanOrEqual(sum(({ operations }) => operations) * (FULL ? 100 : 3));
  // A credential that ended on the way would make all that follows a proof of nothing.
  expect(reports[0]?.output).not.toContain('401 Unauthorized (');
});

it('the server logged no fault of its own', () => {
  expect(api.log.filter((line) => line.includes('"level":"error"')).map((line) => line.slice(0, 600))).toEqual([]);
});
