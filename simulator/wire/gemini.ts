import { WireError, type SimulatedAnswer, type SimulatedRequest, type SimulatedToolCall, type SimulatedTurn } from '../request.ts';
import { GenerateRequest, toJsonSchema } from './gemini-request.ts';
import { checkKey, frame, parseWith, pieces, type ErrorShape, type Frame, type Wire } from './wire.ts';

/** Gemini generateContent (v1beta). @source ai.google.dev/api/generate-content, read 2026-11 */
const DEFAULT_OUTPUT_TOKENS = 8192;
const PATH = /^\/v1beta\/models\/([^/:]+):(generateContent|streamGenerateContent)$/;

export const geminiWire: Wire = {
  vendor: 'gemini',
  readKey(headers, url) {
    const header = headers['x-goog-api-key'];
    const key = typeof header === 'string' ? header : url.searchParams.get('key') ?? '';
    // The real endpoint answers 403 without a key and 400 API_KEY_INVALID with a wrong one.
    if (!key) throw new WireError(403, 'permission', 'Method doesn\'t allow unregistered callers.');
    if (key.startsWith('bad-')) throw new WireError(400, 'authentication', 'API key not valid. Please pass a valid API key.');
    return checkKey(key);
  },
  parse(body, _headers, url) {
    const [, model = '', task] = PATH.exec(url.pathname) ?? [];
    const call = parseWith(GenerateRequest, body);
    const stream = task === 'streamGenerateContent';
    if (stream && url.searchParams.get('alt') !== 'sse') throw new WireError(400, 'invalid_request', 'This simulator streams only with alt=sse.');
    checkRules(call);
    const config = call.generationConfig;
    const tools = (call.tools ?? []).flatMap((tool) => tool.functionDeclarations).map((tool) => ({ name: tool.name, description: tool.description, parameters: tool.parameters ? toJsonSchema(tool.parameters) : { type: 'object' } }));
    const mode = call.toolConfig?.functionCallingConfig.mode;
    return {
      vendor: 'gemini', model, turns: readTurns(call), tools, toolChoice: mode === 'ANY' ? 'any' : mode === 'NONE' ? 'none' : 'auto',
      system: (call.systemInstruction?.parts ?? []).map((part) => part.text).join('\n\n'),
      json: config?.responseMimeType === 'application/json' ? { schema: config.responseSchema ? toJsonSchema(config.responseSchema) : null } : null,
      maxOutputTokens: config?.maxOutputTokens ?? DEFAULT_OUTPUT_TOKENS, stream, includeUsage: true,
    };
  },
  renderFull(request, answer, id) {
    return body(request, answer, id, [...(answer.text ? [{ text: answer.text }] : []), ...calls(answer)], finishReason(answer));
  },
  *renderStream(request, answer, id): Generator<Frame> {
    const words = pieces(answer.text);
    // Gemini sends a few words in each event.
    for (let at = 0; at < words.length; at += 4) {
      const last = at + 4 >= words.length && answer.toolCalls.length === 0;
      yield frame(body(request, answer, id, [{ text: words.slice(at, at + 4).join('') }], last ? finishReason(answer) : undefined), { paced: true });
    }
    if (answer.toolCalls.length > 0 || words.length === 0) yield frame(body(request, answer, id, answer.toolCalls.length > 0 ? calls(answer) : [{ text: '' }], finishReason(answer)));
  },
  renderError({ status, reason, message, retryAfterSeconds }: ErrorShape) {
    const names: Record<string, string> = {
      authentication: 'INVALID_ARGUMENT', permission: 'PERMISSION_DENIED', not_found: 'NOT_FOUND', rate_limit: 'RESOURCE_EXHAUSTED', quota: 'RESOURCE_EXHAUSTED', overloaded: 'UNAVAILABLE',
      server_error: 'INTERNAL', timeout: 'DEADLINE_EXCEEDED', conflict: 'ABORTED',
    };
    const code = reason === 'authentication' && status === 401 ? 400 : status;
    return { error: { code, message, status: names[reason] ?? (status >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT'), details: details(reason, retryAfterSeconds) } };
  },
  renderModels: (ids) => ({ models: ids.map((id) => ({ name: `models/${id}`, displayName: id, supportedGenerationMethods: ['generateContent'] })) }),
};

function details(reason: string, retryAfterSeconds: number | undefined): unknown[] {
  const type = (name: string) => `type.googleapis.com/google.rpc.${name}`;
  if (reason === 'authentication') return [{ '@type': type('ErrorInfo'), reason: 'API_KEY_INVALID', domain: 'googleapis.com', metadata: { service: 'generativelanguage.googleapis.com' } }];
  const violation = (per: string) => ({ '@type': type('QuotaFailure'), violations: [{ quotaMetric: 'generativelanguage.googleapis.com/generate_content_requests', quotaId: `GenerateRequestsPer${per}PerProjectPerModel` }] });
  if (reason === 'quota') return [violation('Day')];
  if (reason !== 'rate_limit') return [];
  return [violation('Minute'), ...(retryAfterSeconds === undefined ? [] : [{ '@type': type('RetryInfo'), retryDelay: `${retryAfterSeconds}s` }])];
}

function body(request: SimulatedRequest, answer: SimulatedAnswer, id: string, parts: unknown[], reason: string | undefined) {
  const { inputTokens, outputTokens } = answer.usage;
  return {
    candidates: [{ content: { role: 'model', parts }, index: 0, ...(reason && { finishReason: reason }) }],
    usageMetadata: { promptTokenCount: inputTokens, totalTokenCount: inputTokens + outputTokens, ...(reason && { candidatesTokenCount: outputTokens }) },
    modelVersion: request.model, responseId: id,
  };
}

function calls(answer: SimulatedAnswer) {
  return answer.toolCalls.map((call) => ({ functionCall: { name: call.name, args: call.arguments } }));
}

function finishReason(answer: SimulatedAnswer): string {
  if (answer.finish === 'refusal') return 'SAFETY';
  return answer.finish === 'length' ? 'MAX_TOKENS' : 'STOP';
}

function readTurns(call: GenerateRequest): SimulatedTurn[] {
  let counter = 0;
  const waiting: { name: string; id: string }[] = [];
  return call.contents.flatMap((content): SimulatedTurn[] => {
    const text = content.parts.map((part) => ('text' in part ? part.text : '')).filter(Boolean).join('\n');
    if (content.role === 'model') {
      const toolCalls = content.parts.flatMap((part): SimulatedToolCall[] => ('functionCall' in part ? [{ id: `call_${(counter += 1)}`, name: part.functionCall.name, arguments: part.functionCall.args ?? {} }] : []));
      waiting.push(...toolCalls.map(({ id, name }) => ({ id, name })));
      return [{ role: 'assistant', text, toolCalls }];
    }
    const results = content.parts.flatMap((part): SimulatedTurn[] => {
      if (!('functionResponse' in part)) return [];
      const { name, response } = part.functionResponse;
      const at = waiting.findIndex((open) => open.name === name);
      const [open] = at < 0 ? [] : waiting.splice(at, 1);
      const said = typeof response.content === 'string' ? response.content : typeof response.result === 'string' ? response.result : JSON.stringify(response);
      return [{ role: 'tool', toolCallId: open?.id ?? '', name, text: said }];
    });
    return text ? [...results, { role: 'user', text }] : results;
  });
}

function checkRules(call: GenerateRequest): void {
  const refuse = (message: string): never => { throw new WireError(400, 'invalid_request', message); };
  const config = call.generationConfig;
  if (config?.responseSchema && config.responseMimeType !== 'application/json') refuse('responseSchema needs responseMimeType application/json');
  if (call.tools && config?.responseMimeType === 'application/json') refuse("Function calling with a response mime type: 'application/json' is unsupported");
  let open = 0;
  for (const content of call.contents) {
    const results = content.parts.filter((part) => 'functionResponse' in part).length;
    if (results !== open) refuse('Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.');
    open = content.parts.filter((part) => 'functionCall' in part).length;
    if (open > 0 && content.role !== 'model') refuse('Function calls come from the model.');
  }
  if (open > 0) refuse('Please ensure that function call turn comes immediately before a function response turn.');
}
