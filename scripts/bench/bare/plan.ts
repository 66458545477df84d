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

/** Steps of the topics go on side by side, `find-2` before `note-2`. */
const TOPIC_STEP = /^(?:find|note)-(\d+)$/;

/** What a finished run did, from its own event log and from what the simulator was asked: provider ping, tool calls, model
 * calls, the workflow's own files. Trace, logs and metadata are the platform's, so the bare loop does not write them. */
export async function planOf(api: ApiClient, runId: string, calls: readonly SeenCall[]): Promise<BareBatch[]> {
  const bodies = new Map(calls.map((call) => [call.requestId, call.body]));
  const files = await filesOf(api, runId);
  const batches: BareBatch[] = [];
  const topics = new Map<string, BareOperation[]>();
  for (const event of await api.events(runId)) {
    const operation = operationOf(event, runId, bodies, files);
    if (operation === null) continue;
    const topic = TOPIC_STEP.exec(event.step ?? '')?.[1];
    if (topic === undefined) {
      topics.clear();
      batches.push({ lanes: [[operation]] });
      continue;
    }
    const lane = topics.get(topic);
    if (lane) { lane.push(operation); continue; }
    const fresh = [operation];
    if (topics.size === 0) batches.push({ lanes: [] });
    topics.set(topic, fresh);
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

const PLATFORM_FILES = new Set(['trace.json', 'logs.txt', 'metadata.json']);

async function filesOf(api: ApiClient, runId: string): Promise<Map<string, string>> {
  const own = (await api.get<ArtifactWire[]>(`/runs/${runId}/artifacts?limit=200`)).filter(({ file_name: name }) => !PLATFORM_FILES.has(name));
  return new Map(await Promise.all(own.map(async ({ id, file_name: name }) => [name, await (await fetch(`${api.url}/api/v1/artifacts/${id}/download`, { headers: api.headers })).text()] as const)));
}
