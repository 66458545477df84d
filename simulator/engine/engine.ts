import type { SimulatedAnswer, SimulatedRequest, SimulatedToolCall } from '../request.ts';
import { buildCorpus } from './corpus.ts';
import { answerFromSchema } from './json-answer.ts';
import { composeNotes } from './notes.ts';
import { parsePrompt } from './parse-prompt.ts';
import { chooseTool } from './tool-choice.ts';
import { countTokens, cutToTokens } from './tokens.ts';

/** The demo engine: deterministic and extractive. It is not a language model and never pretends to be one: each answer is
 * composed only from the material, the inputs and the tool results that the request itself carries. */
export function answer(request: SimulatedRequest): SimulatedAnswer {
  const prompt = parsePrompt(request);
  const corpus = buildCorpus(prompt);
  const inputTokens = countInput(request);
  const chosen = chooseTool(request, corpus);
  if (chosen) {
    const toolCalls: SimulatedToolCall[] = [{ id: `call_${countCalls(request) + 1}`, name: chosen.name, arguments: chosen.arguments }];
    return { text: '', toolCalls, finish: 'tool_calls', usage: { inputTokens, outputTokens: countTokens(chosen.name + JSON.stringify(chosen.arguments)) } };
  }
  const schema = request.json ? request.json.schema ?? prompt.schemaInText ?? { type: 'object' } : prompt.schemaInText;
  const { text, cut } = schema
    ? cutToTokens(answerFromSchema(schema, corpus, request.maxOutputTokens), request.maxOutputTokens)
    : composeNotes(corpus, request.maxOutputTokens);
  return { text, toolCalls: [], finish: cut ? 'length' : 'stop', usage: { inputTokens, outputTokens: countTokens(text) } };
}

function countCalls(request: SimulatedRequest): number {
  return request.turns.reduce((sum, turn) => sum + (turn.role === 'assistant' ? turn.toolCalls.length : 0), 0);
}

/** Everything the request carries: texts, calls, tool definitions and the schema. */
export function countInput(request: SimulatedRequest): number {
  let characters = request.system;
  for (const turn of request.turns) {
    characters += turn.text;
    if (turn.role === 'assistant' && turn.toolCalls.length > 0) characters += JSON.stringify(turn.toolCalls);
  }
  if (request.tools.length > 0) characters += JSON.stringify(request.tools);
  if (request.json?.schema) characters += JSON.stringify(request.json.schema);
  return countTokens(characters);
}
