import type { SimulatedRequest, SimulatedTool } from '../request.ts';
import { subjectOf, type Corpus } from './corpus.ts';
import { fillSchema } from './json-answer.ts';
import { isReadable } from './parse-prompt.ts';
import { keywords, wordsOf, type Weights } from './score.ts';

/** Decides whether a tool is called now: a fitting one, each at most once, arguments from the inputs. After a result with
 * something to read is there the engine answers from it; one that brought nothing makes it try the next. */
export function chooseTool(request: SimulatedRequest, corpus: Corpus): { name: string; arguments: Record<string, unknown> } | null {
  const { toolChoice, tools } = request;
  if (toolChoice === 'none' || tools.length === 0) return null;
  if (typeof toolChoice === 'object') {
    const forced = tools.find((tool) => tool.name === toolChoice.name);
    return forced ? callOf(forced, corpus, request.maxOutputTokens) : null;
  }
  const called = new Set(request.turns.flatMap((turn) => (turn.role === 'assistant' ? turn.toolCalls.map((call) => call.name) : [])));
  const fresh = tools.filter((tool) => !called.has(tool.name));
  if (toolChoice === 'any') { const next = fresh[0] ?? tools.at(-1); return next ? callOf(next, corpus, request.maxOutputTokens) : null; }
  if (called.size > 0 && request.turns.some((turn) => turn.role === 'tool' && isReadable(turn.text))) return null;
  const best = fresh.map((tool, index) => ({ tool, index, fit: fit(tool, corpus.weights) })).sort((a, b) => b.fit - a.fit || a.index - b.index)[0];
  const needed = called.size > 0 || corpus.prompt.materials.length === 0 || (best?.fit ?? 0) > 0;
  return best && needed ? callOf(best.tool, corpus, request.maxOutputTokens) : null;
}

function fit(tool: SimulatedTool, weights: Weights): number {
  return keywords(`${tool.name} ${tool.description}`).reduce((sum, word) => sum + (weights.get(word) ?? 0), 0);
}

function callOf(tool: SimulatedTool, corpus: Corpus, maxOutputTokens: number): { name: string; arguments: Record<string, unknown> } {
  const subject = subjectOf(corpus.prompt);
  const value = fillSchema(tool.parameters, corpus, {
    maxCharacters: maxOutputTokens * 4,
    text: (name) => {
      const own = corpus.prompt.inputs.find((input) => wordsOf(input.name).join('_') === wordsOf(name).join('_'));
      if (own) return own.value;
      return /query|question|search|topic|term|keyword|subject|text|prompt/.test(name.toLowerCase()) ? subject : undefined;
    },
  });
  const filled = (value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {}) as Record<string, unknown>;
  // What may be left out and nobody named stays as the tool has it.
  const required = Array.isArray(tool.parameters['required']) ? tool.parameters['required'] : Object.keys(filled);
  const named = new Set(corpus.prompt.inputs.map((input) => wordsOf(input.name).join('_')));
  return { name: tool.name, arguments: Object.fromEntries(Object.entries(filled).filter(([name]) => required.includes(name) || named.has(wordsOf(name).join('_')))) };
}
