import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startEngine, type Engine } from '../support/engine.ts';
import { assertInvariants } from '../support/invariants.ts';

/** F13 · a provider that is overloaded (529) while many runs come at once. */
const RUNS = process.env['FAULTS'] === 'full' ? 50 : 10;
/** Tries that the error table gives one call. */
const TRIES = 4;

let engine: Engine;
beforeAll(async () => { engine = await startEngine({ AWP_BREAKER_OPEN_MS: '1000' }); });
afterEach(async () => { engine.simulator.reset(); await assertInvariants(engine); });
afterAll(() => engine.close());

it('the breaker opens, the calls stop, one probe at a time finds the provider back, and every run completes', async () => {
  engine.simulator.addFaults({ fault: { kind: 'status', status: 529 }, match: { requestId: '*' }, times: 0 });
  await engine.finished((await engine.start({ mode: 'validate_only' })).runId); // writes the workflow's row
  const runs = await Promise.all(Array.from({ length: RUNS }, () => engine.start({ provider: 'openai', timings: { outageWaitMs: 3_600_000, retryBaseMs: 200 } })));
  for (const { runId } of runs) await engine.until(runId, (view) => view.waitReason === 'provider', 120_000);
  const storm = engine.simulator.counters().total;
  // Without a breaker each run alone makes its four tries, and again after each wait.
  expect(storm).toBeLessThan(RUNS * TRIES);
  const health = await engine.db.providerHealth.findFirstOrThrow();
  expect([health.provider, health.opens > 0]).toEqual(['openai', true]);
  // From here on only probes go: no more calls than the breaker had turns.
  await expect.poll(async () => (await engine.db.providerHealth.findFirstOrThrow()).opens, { timeout: 60_000 }).toBeGreaterThan(health.opens + 1);
  const later = await engine.db.providerHealth.findFirstOrThrow();
  expect(engine.simulator.counters().total - storm).toBeLessThanOrEqual(later.opens - health.opens + 1);
  engine.simulator.reset();
  for (const { runId } of runs) expect((await engine.finished(runId)).status).toBe('completed');
  expect(await engine.db.providerHealth.findFirstOrThrow()).toMatchObject({ failures: 0, openUntil: null });
}, 600_000);
