import { clip, neutralise, type MaterialItem } from '#contracts/material';
import type { Asking, OwnDefinition } from '#contracts/own/definition';
import { asText, fillTemplate } from '#contracts/own/templates';
import { PROMPT_OVERHEAD_TOKENS, tokensOf, type StepSizes } from '#contracts/own/sizes';
import { estimateInputTokens } from '../stages/envelope.ts';
import { systemMessage, taskMessage } from '../stages/prompting.ts';
import type { Prompt } from '../stages/step.ts';
import { isToolValue, type Values } from './values.ts';

/** How the prompt of a written step is built: the words of the step are the task; what stands behind a name is data. A short
 * value stands in its place as well, a long one only in its marked block, to which its place points. */
const INLINE_CHARACTERS = 160;
const LEAST_FACTOR = 0.05;

export interface Speaker { definition: OwnDefinition; values: Values; persona: string; sizes: StepSizes; /** marks the results of this room, so that two rooms never share an id */ suffix: string }

export function promptOf(step: Asking, speaker: Speaker): Prompt {
  const own = PROMPT_OVERHEAD_TOKENS + tokensOf(step.prompt) + tokensOf(step.system_prompt);
  const most = own + speaker.sizes.values;
  let factor = 1;
  let messages = messagesOf(step, speaker, factor);
  // Marks and escapes make a text longer than what was cut: once more, shorter.
  while (estimateInputTokens(messages) > most && factor > LEAST_FACTOR) {
    factor *= 0.7;
    messages = messagesOf(step, speaker, factor);
  }
  return { messages, maxOutputTokens: speaker.sizes.output(step.max_tokens), temperature: step.temperature, ...(step.provider && step.model ? { target: { provider: step.provider, model: step.model } } : {}) };
}

function messagesOf(step: Asking, { definition, values, persona, sizes, suffix }: Speaker, factor: number): Prompt['messages'] {
  const inputs: Record<string, string> = {};
  const material = new Map<string, MaterialItem>();
  const put = (path: string): string => {
    const value = values.at(path);
    if (isToolValue(value)) {
      for (const item of value.items) material.set(item.id, item);
      if (value.data !== undefined) material.set(`${path}${suffix}`, { id: `${path}${suffix}`, title: path, url: null, text: asText(value.data) });
      return value.items.length > 0 || value.data !== undefined ? `(see the material of ${path})` : value.summary;
    }
    const text = asText(value);
    if (text.length > INLINE_CHARACTERS || text.includes('\n')) {
      material.set(`${path}${suffix}`, { id: `${path}${suffix}`, title: path.replaceAll('_', ' '), url: null, text });
      return `(see ${path} below)`;
    }
    inputs[path] = text;
    return neutralise(text);
  };
  const task = fillTemplate(step.prompt, put);
  const part = fillTemplate(step.system_prompt, put);
  for (const item of definition.knowledge.filter(({ key }) => step.knowledge.includes(key))) material.set(item.key, { id: item.key, title: item.title, url: null, text: item.text });
  const items = [...material.values()].map((item) => ({ ...item, text: clip(item.text, Math.max(80, Math.floor((sizes.values * 3 * factor) / material.size))) }));
  return [systemMessage(step.persona ?? persona, part), taskMessage(task, inputs, items, 60_000)];
}
