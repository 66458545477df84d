import type { RunView, StageView, StepView } from '#contracts/run-reducer';
import type { CompletionAnswer, Message } from '#contracts/providers';
import type { Database } from '#platform/db';
import { query, statement } from '#platform/sql';

/** What was asked and answered in each step, as files beside the notes: `steps/03-note-1.json`, one JSON object each, encoded
 * once. The number counts the steps of the run in the order in which they began. */
export interface StepFile { fileName: string; mimeType: string; content: string; stepIndex: number | null; stage: string; summary: string }
export type TraceLevel = 'off' | 'basic' | 'full';

export interface LedgerCallRow { stage: string; step: string; ordinal: number; request: Message[]; answer: CompletionAnswer | null; maxOutputTokens: number }

/** A run of very many steps keeps the first ones as files; the trace has them all. */
const MAX_FILES = 200;
const MAX_BYTES = 64 * 1024 * 1024;

const CALLS = statement('SELECT stage, step, ordinal, request, answer, max_output_tokens AS "maxOutputTokens" FROM completions WHERE run_id = $1 ORDER BY created_at');

export async function ledgerCalls(db: Database, runId: string): Promise<LedgerCallRow[]> {
  return query<LedgerCallRow>(db.pool, CALLS, [runId]);
}

/** @param level  `off`: no files; `basic`: answers; `full`: prompts too */
export function stepFiles(view: RunView, calls: readonly LedgerCallRow[], level: TraceLevel): StepFile[] {
  if (level === 'off') return [];
  const files: StepFile[] = [];
  let bytes = 0;
  const steps = view.stages.flatMap((stage) => stage.steps.map((step) => ({ stage, step }))).filter(({ step }) => step.completions.length + step.tools.length > 0);
  const digits = Math.max(2, String(steps.length).length);
  for (const [index, { stage, step }] of steps.slice(0, MAX_FILES).entries()) {
    const content = `${JSON.stringify(recordOf(stage, step, calls, level), null, 1)}\n`;
    bytes += content.length;
    if (bytes > MAX_BYTES) break;
    files.push({ fileName: `steps/${String(index + 1).padStart(digits, '0')}-${step.step}.json`, mimeType: 'application/json', content, stepIndex: index + 1, stage: stage.stage, summary: `${step.title}: what was asked and answered` });
  }
  return files;
}

function recordOf(stage: StageView, step: StepView, calls: readonly LedgerCallRow[], level: TraceLevel): object {
  return {
    stage: stage.stage, step: step.step, title: step.title, status: step.status, summary: step.summary, started_at: step.startedAt, ended_at: step.endedAt,
    completions: step.completions.map((completion) => {
      const call = calls.findLast((row) => row.stage === stage.stage && row.step === step.step && row.ordinal === completion.ordinal);
      return {
        ordinal: completion.ordinal, provider: completion.provider, model: completion.model, model_served: completion.end?.model_served ?? null, max_output_tokens: completion.maxOutputTokens, attempts: completion.attempt,
        ...(level === 'full' ? { prompt: call?.request ?? null } : {}), response: responseOf(call?.answer?.text ?? completion.end?.text ?? null),
        usage: completion.end ? { input_tokens: completion.end.usage.inputTokens, output_tokens: completion.end.usage.outputTokens } : null, finish_reason: completion.end?.finish_reason ?? null, cost_usd_micros: completion.end?.cost_usd_micros ?? null,
      };
    }),
    tools: step.tools.map((tool) => ({ tool: tool.tool, ...(level === 'full' ? { arguments: tool.arguments } : {}), outcome: tool.status, summary: tool.summary, items: tool.items })),
  };
}

/** An answer that is a JSON object stays one: reading the file once gives the object. */
function responseOf(text: string | null): unknown {
  if (text === null || !text.trimStart().startsWith('{')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The raw text of an answer that never fitted, as it came, whatever the trace level: it is the work that was paid for. */
export function invalidAnswerFile(failedStep: string, calls: readonly LedgerCallRow[]): StepFile | null {
  const last = calls.findLast((row) => row.step === failedStep && row.answer !== null);
  if (!last?.answer) return null;
  return { fileName: `steps/${failedStep}-invalid.txt`, mimeType: 'text/plain', content: last.answer.text, stepIndex: null, stage: last.stage, summary: 'The last answer, which did not have the form that was asked for' };
}
