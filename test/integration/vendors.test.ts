import { afterAll, beforeAll, expect, it } from 'vitest';
import { PROVIDER_IDS } from '#contracts/providers';
import { RUN_MODES } from '#contracts/runs';
import { startEngine, type Engine } from '../support/engine.ts';

let engine: Engine;
beforeAll(async () => { engine = await startEngine(); });
afterAll(() => engine.close());

interface Span { name: string; attributes: { key: string; value: { stringValue?: string } }[] }

it.each(PROVIDER_IDS)('%s completes every mode on its own wire format, and the trace lists every call', async (provider) => {
  const started = await Promise.all(RUN_MODES.map((mode) => engine.start({ provider, mode, input: { timebox_minutes: 30 } })));
  for (const { runId } of started) {
    const view = await engine.finished(runId);
    expect(view.error).toBeNull();
    expect(view.status).toBe('completed');
    const trace = JSON.parse(await engine.readArtifact(runId, 'trace.json')) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
    const spans = trace.resourceSpans.flatMap((resource) => resource.scopeSpans.flatMap((scope) => scope.spans));
    const traced = spans.filter((span) => span.name.startsWith('chat ')).map((span) => span.attributes.find((attribute) => attribute.key === 'awp.call')?.value.stringValue);
    const called = Object.keys(engine.simulator.counters().byRequestId).filter((id) => id.startsWith(runId)).map((id) => id.slice(runId.length + 1));
    expect(traced.sort()).toEqual(called.sort());
    const row = await engine.db.run.findUniqueOrThrow({ where: { id: runId } });
    expect({ input: row.inputTokens, output: row.outputTokens, cost: row.costUsdMicros === null ? null : Number(row.costUsdMicros) })
      .toEqual({ input: view.totals.inputTokens, output: view.totals.outputTokens, cost: view.totals.costUsdMicros });
  }
});
