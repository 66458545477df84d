import type { ArtifactWire } from '#contracts/api/artifacts.schema';
import type { RunEventWire } from '#contracts/api/runs.schema';
import type { CompletionCall } from '#contracts/providers';
import type { ApiClient, ChatBody, SeenCall } from '../client.ts';

export type BareOperation =
  | { kind: 'model'; call: CompletionCall }
  | { kind: 'tool'; tool: string; arguments: Record<string, unknown> }
  | { kind: 'ping' }
  | { kind: 'file'; fileName: string; content: string };
export interface BareBatch { lanes: BareOperation[][] }

/** The topics' steps: all of `find` go on side by side, then all of `note`; within one of them one thing follows the other. */
const TOPIC_STEP = /^(find|note)-\d+$/;

/** What a finished run did, from its own event log and from what the simulator was asked: provider ping, tool calls, model
 * calls, the workflow's own files. Trace, logs, metadata, evidence and the files of single steps are the platform's, so the
 * bare loop does not write them. */
export async function planOf(api: ApiClient, runId: string, calls: readonly SeenCall[]): Promise<BareBatch[]> {
  const bodies = new Map(calls.map((call) => [call.requestId, call.body]));
  const files = await filesOf(api, runId);
  const events = await api.events(runId);
  return batchesOf(events.flatMap((event) => {
    const operation = operationOf(event, runId, bodies, files);
    return operation === null ? [] : [{ stage: event.stage, step: event.step, operation }];
  }));
}

/** @param done in the order of the log @returns the same, with what the topics did side by side in lanes of one batch */
export function batchesOf(done: readonly { stage: string | null; step: string | null; operation: BareOperation }[]): BareBatch[] {
  const batches: BareBatch[] = [];
  let open = '';
  let lanes = new Map<string, BareOperation[]>();
  for (const { stage, step, operation } of done) {
    const phase = TOPIC_STEP.exec(step ?? '')?.[1];
    const batch = phase === undefined ? '' : `${stage} ${phase}`;
    const lane = batch !== '' && batch === open ? lanes.get(step ?? '') : undefined;
    if (lane) { lane.push(operation); continue; }
    const fresh = [operation];
    if (batch === '' || batch !== open) { lanes = new Map(); batches.push({ lanes: [] }); }
    open = batch;
    lanes.set(step ?? '', fresh);
    batches.at(-1)?.lanes.push(fresh);
  }
  return batches;
}

/** The same without tools, ping and files. */
export function modelCallsOnly(batches: readonly BareBatch[]): BareBatch[] {
  return batches.map(({ lanes }) => ({ lanes: lanes.map((lane) => lane.filter(({ kind }) => kind === 'model')).filter((lane) => lane.length > 0) })).filter(({ lanes }) => lanes.length > 0);
}

export const operationsIn = (batches: readonly BareBatch[]): number => batches.flatMap(({ lanes }) => lanes.flat()).length;

function operationOf(event: RunEventWire, runId: string, bodies: ReadonlyMap<string, ChatBody>, files: ReadonlyMap<string, string>): BareOperation | null {
  if (event.type === 'check-end' && event.data['check'] === 'provider') return { kind: 'ping' };
  if (event.type === 'tool-call') return { kind: 'tool', tool: String(event.data['tool']), arguments: event.data['arguments'] as Record<string, unknown> };
  if (event.type === 'completion-start') {
    const requestId = `${runId}/${event.stage}/${event.step}/${event.ordinal}`;
    const body = bodies.get(requestId);
    if (body === undefined) throw new Error(`the simulator was not asked ${requestId}`);
    return { kind: 'model', call: callOf(body, requestId) };
  }
  if (event.type === 'artifact-save') {
    const fileName = String(event.data['file_name']);
    const content = files.get(fileName);
    return content === undefined ? null : { kind: 'file', fileName, content };
  }
  return null;
}

/** The neutral call from which the adapter makes this body again; the benchmark checks that it does. */
function callOf(body: ChatBody, requestId: string): CompletionCall {
  const schema = body.response_format?.json_schema;
  return {
    model: body.model, messages: body.messages, maxOutputTokens: body.max_tokens ?? body.max_completion_tokens ?? 0, requestId,
    ...(body.temperature === undefined ? {} : { temperature: body.temperature }),
    ...(schema === undefined ? {} : { answerSchema: { name: schema.name, schema: schema.schema } }),
  };
}

const PLATFORM_FILES = /^(?:trace\.json|logs\.txt|metadata\.json|evidence\.json|steps\/.*)$/;

async function filesOf(api: ApiClient, runId: string): Promise<Map<string, string>> {
  const own = (await api.get<ArtifactWire[]>(`/runs/${runId}/artifacts?limit=200`)).filter(({ file_name: name }) => !PLATFORM_FILES.test(name));
  return new Map(await Promise.all(own.map(async ({ id, file_name: name }) => [name, await (await fetch(`${api.url}/api/v1/artifacts/${id}/download`, { headers: api.headers })).text()] as const)));
}
