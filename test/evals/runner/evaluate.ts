import { digestOf } from '#platform/ids';
import { inputJsonSchema, type CatalogEntry } from '#contracts/catalog.schema';
import type { Bench } from './bench.ts';
import type { EvalCase, EvalCheck, EvalOutcome } from './eval-case.ts';
import { genericChecks } from './generic-checks.ts';
import { casesOf } from './load-cases.ts';
import { runCase, type Target } from './run-case.ts';

export interface CaseResult {
  slug: string; version: number; /** of form and plan, so that two versions can be told apart */ digest: string; name: string; provider: string; model: string; passed: boolean;
  checks: { name: string; outcome: 'passed' | 'failed' | 'left out'; problems: string[] }[];
  /** null when a call had no known price */
  costUsdMicros: number | null;
  seconds: number; inputTokens: number; outputTokens: number;
}
export interface EvalReport { at: string; commit: string | null; target: Target; results: CaseResult[] }

/** @param tell  called as each case ends */
export async function evaluate(bench: Bench, entries: readonly CatalogEntry[], target: Target, { concurrency = 2, tell = () => {} }: { concurrency?: number; tell?: (result: CaseResult) => void } = {}): Promise<CaseResult[]> {
  const waiting = (await Promise.all(entries.map(async (entry) => (await casesOf(entry)).map((one) => ({ entry, one }))))).flat();
  const results = new Map<number, CaseResult>();
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < waiting.length; index = next++) {
      const { entry, one } = waiting[index] as (typeof waiting)[number];
      const result = await evaluateCase(bench, entry, one, target);
      results.set(index, result);
      tell(result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, waiting.length) }, worker));
  return waiting.map((_, index) => results.get(index) as CaseResult);
}

/** A run that could not be made is a failed case with one failed check. */
export async function evaluateCase(bench: Bench, entry: CatalogEntry, one: EvalCase, target: Target): Promise<CaseResult> {
  const about = { slug: entry.slug, version: entry.version, digest: digestOf([inputJsonSchema(entry), entry.artifacts, entry.testSlice]).slice(0, 12), name: one.name };
  const startedAt = performance.now();
  try {
    const outcome = await runCase(bench, entry, one, target);
    const checks = await Promise.all([...genericChecks(entry), ...one.checks].map((check) => looked(check, outcome)));
    const { totals, startedAt: from, completedAt: to } = outcome.view;
    return {
      ...about, provider: outcome.provider, model: outcome.model, passed: checks.every(({ outcome: found }) => found !== 'failed'), checks, costUsdMicros: totals.costUsdMicros,
      seconds: from && to ? (Date.parse(to) - Date.parse(from)) / 1000 : (performance.now() - startedAt) / 1000, inputTokens: totals.inputTokens, outputTokens: totals.outputTokens,
    };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { ...about, provider: target.provider, model: target.model ?? '', passed: false, checks: [{ name: 'runs', outcome: 'failed', problems: [problem] }], costUsdMicros: 0, seconds: (performance.now() - startedAt) / 1000, inputTokens: 0, outputTokens: 0 };
  }
}

async function looked(check: EvalCheck, outcome: EvalOutcome): Promise<CaseResult['checks'][number]> {
  if (check.realModelOnly && outcome.provider === 'demo') return { name: check.name, outcome: 'left out', problems: [] };
  try {
    const problems = [...(await check.check(outcome))];
    return { name: check.name, outcome: problems.length === 0 ? 'passed' : 'failed', problems };
  } catch (error) {
    return { name: check.name, outcome: 'failed', problems: [error instanceof Error ? error.message : String(error)] };
  }
}
