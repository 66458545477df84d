import type { Problem } from '#contracts/api/common.schema';
import type { CatalogEntry } from '#contracts/catalog.schema';
import type { GateView } from '#contracts/run-reducer';
import type { ProviderId } from '#contracts/providers';
import { isTerminal } from '#contracts/runs';
import type { Bench } from './bench.ts';
import type { EvalCase, EvalOutcome } from './eval-case.ts';

export interface Target { provider: ProviderId; /** the provider's default when left out */ model?: string | undefined }

/** Runs one case to its end, answering what it can. @throws Error with the API's words when the run is not accepted */
export async function runCase(bench: Bench, entry: CatalogEntry, one: EvalCase, target: Target): Promise<EvalOutcome> {
  const { engine, api, token } = bench;
  const inputs = await inputsOf(bench, entry, one);
  const reply = await api.call('POST', '/api/v1/runs', { as: token, json: { workflow_id: entry.slug, run_mode: one.mode ?? 'full_run', provider: target.provider, ...(target.model ? { model: target.model } : {}), inputs } });
  if (reply.status !== 201) throw new Error(`the run was not accepted: ${wordsOf(reply.body)}`);
  const { id } = reply.body as { id: string };
  await answerQuestions(bench, id, one.answers ?? {});
  const view = await engine.finished(id);
  const files = Object.fromEntries(await Promise.all(view.artifacts.map(async ({ fileName }) => [fileName, await engine.readArtifact(id, fileName)] as const)));
  const itemIds = new Set(view.stages.flatMap((stage) => stage.steps).flatMap((step) => step.tools).flatMap((tool) => tool.items).map((item) => item.id));
  return { provider: view.provider ?? target.provider, model: view.model ?? '', mode: view.mode ?? 'full_run', inputs: entry.input.parse(inputs), view, files, itemIds };
}

/** Preset, then the case's own inputs; files are uploaded and named by their ids. */
async function inputsOf({ api, token }: Bench, entry: CatalogEntry, one: EvalCase): Promise<Record<string, unknown>> {
  const preset = one.preset === undefined ? (one.inputs ? undefined : entry.presets[0]) : entry.presets.find(({ key }) => key === one.preset);
  if (one.preset !== undefined && !preset) throw new Error(`there is no preset ${one.preset}`);
  const ids = new Map<string, string>();
  for (const [name, { fileName, content }] of Object.entries(one.uploads ?? {})) {
    const reply = await api.call('POST', `/api/v1/uploads?file_name=${encodeURIComponent(fileName)}`, { as: token, raw: content, headers: { 'Content-Type': 'application/octet-stream' } });
    if (reply.status > 201) throw new Error(`${fileName} was not taken: ${wordsOf(reply.body)}`);
    ids.set(`upload:${name}`, (reply.body as { id: string }).id);
  }
  const named = (value: unknown): unknown => {
    if (typeof value === 'string') return ids.get(value) ?? value;
    if (Array.isArray(value)) return value.map(named);
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, named(inner)])) : value;
  };
  return { ...preset?.inputs, ...(named(one.inputs ?? {}) as Record<string, unknown>) };
}

/** Answers each question of the case once, as it comes up, until the run has ended. */
async function answerQuestions({ engine, api, token }: Bench, runId: string, answers: Readonly<Record<string, unknown>>): Promise<void> {
  if (Object.keys(answers).length === 0) return;
  const seen = new Set<string>();
  for (;;) {
    const open = (gates: readonly GateView[]): GateView | undefined => gates.find((gate) => gate.outcome === null && Object.hasOwn(answers, gate.key) && !seen.has(gate.gateId));
    const view = await engine.until(runId, (now) => isTerminal(now.status) || open(now.gates) !== undefined, 900_000);
    const gate = open(view.gates);
    if (!gate) return;
    seen.add(gate.gateId);
    await api.call('POST', `/api/v1/runs/${runId}/gates/${encodeURIComponent(gate.gateId)}/decision`, { as: token, json: { decision: 'answer', shown_hash: gate.shownHash, answer: answers[gate.key] } });
  }
}

const wordsOf = (problem: Problem): string => [problem.detail ?? problem.title, ...(problem.errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`)].join('; ');
