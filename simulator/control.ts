import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { CallLog } from './counters.ts';
import type { Fault, FaultRule, FaultScript } from './faults.ts';
import { sendJson } from './respond.ts';
import { readBody } from './read-body.ts';

/** The test's remote control over HTTP. It is mounted only when the simulator was started with `control: true`. */
export const CONTROL_PATH = '/__control/';

const FaultKinds = ['status', 'quota', 'context-too-long', 'refusal', 'hang', 'slow-drip', 'truncated', 'error-event', 'malformed-json', 'html', 'wrong-schema', 'huge-body', 'disconnect', 'text', 'tool-call', 'latency'] as const satisfies readonly Fault['kind'][];
const Rule = z.strictObject({
  fault: z.looseObject({ kind: z.enum(FaultKinds) }),
  match: z.strictObject({ requestId: z.string().optional(), model: z.string().optional(), vendor: z.string().optional(), health: z.boolean().optional() }).optional(),
  nth: z.int().min(1).optional(),
  times: z.int().min(0).optional(),
});
const Rules = z.union([Rule.transform((rule) => [rule]), z.array(Rule)]);

/** `POST rules` (one or a list of FaultRule) · `GET counters` · `GET requests` · `POST reset` */
export async function handleControl(incoming: IncomingMessage, response: ServerResponse, path: string, parts: { script: FaultScript; log: CallLog }): Promise<void> {
  const { script, log } = parts;
  const route = `${incoming.method ?? ''} ${path.slice(CONTROL_PATH.length)}`;
  if (route === 'GET counters') { sendJson(response, 200, log.counters); return; }
  if (route === 'GET requests') { sendJson(response, 200, log.seen); return; }
  if (route === 'POST reset') { script.clear(); log.reset(); sendJson(response, 200, {}); return; }
  if (route === 'POST rules') {
    const parsed = Rules.safeParse(parseJson(await readBody(incoming)));
    if (!parsed.success) { sendJson(response, 400, { error: z.prettifyError(parsed.error) }); return; }
    script.add(...(parsed.data as FaultRule[]));
    sendJson(response, 200, { added: parsed.data.length });
    return;
  }
  sendJson(response, 404, { error: 'POST rules, GET counters, GET requests, POST reset' });
}

function parseJson(text: string): unknown {
  try { return JSON.parse(text) as unknown; } catch { return undefined; }
}
