import { checkDefinition, type World } from '#contracts/own/check.schema';
import type { OwnSnapshot } from '#contracts/own/definition';
import { STARTERS } from '#contracts/own/starters/index';
import { TOOL_RISKS } from '#contracts/tool-policy';

/** Written definitions for tests. */
export const WORLD: World = { tools: Object.keys(TOOL_RISKS), providers: ['demo', 'openai'], subs: {} };

export function snapshotOf(document: unknown, subs: OwnSnapshot['subs'] = {}): OwnSnapshot {
  const { errors, definition } = checkDefinition(document, { ...WORLD, subs });
  if (!definition) throw new Error(JSON.stringify(errors, null, 1));
  return { definition, subs };
}
export const starterSnapshots = (): OwnSnapshot[] => STARTERS.map((starter) => snapshotOf(starter));

export const SUB = {
  slug: 'shorten', name: 'Shorten', personas: ['student'], inputs: { schema: { type: 'object', properties: { text: { type: 'string', maxLength: 9000 } }, required: ['text'] } },
  steps: [{ type: 'prompt', key: 'short', prompt: 'Shorten this to one sentence: {{text}}', max_tokens: 80, output_variable: 'short' }],
};

/** One of every step type, and both a taken and an untaken arm. */
export const EVERYTHING = {
  slug: 'everything', name: 'Everything', personas: ['student'], knowledge: [{ key: 'house', title: 'House rules', text: 'A tool call is checked before it runs. Agents stop after a number of turns.' }],
  inputs: { schema: { type: 'object', properties: { topic: { type: 'string', minLength: 3 }, items: { type: 'array', items: { type: 'string' }, default: ['tools', 'memory'] } }, required: ['topic'] }, presets: [{ key: 'try', title: 'Try', inputs: { topic: 'agents that call tools' } }] },
  steps: [
    { type: 'tool', key: 'look', tool: 'library_search', arguments: { query: '{{topic}}', limit: 2 }, output_variable: 'found' },
    { type: 'prompt', key: 'think', prompt: 'List points on {{topic}} from {{found}}.', knowledge: ['house'], max_tokens: 200, output_variable: 'points', answer_schema: { type: 'object', properties: { points: { type: 'array', minItems: 1, maxItems: 2, items: { type: 'string', maxLength: 200 } } }, required: ['points'] } },
    { type: 'agent', key: 'dig', prompt: 'Find out more on {{topic}}.', tools: ['library_search'], max_turns: 2, max_tokens: 150, output_variable: 'dug' },
    { type: 'transform', key: 'count', operation: 'expression', expression: 'size(points.points) + 1', output_variable: 'count' },
    { type: 'branch', key: 'many', when: 'count > 100', do: [{ type: 'prompt', key: 'never', prompt: 'Never {{topic}}', output_variable: 'note' }], else: [{ type: 'transform', key: 'few', operation: 'template', template: 'Only {{count}} on {{topic}}.', output_variable: 'note' }] },
    { type: 'parallel', key: 'both', branches: [{ steps: [{ type: 'prompt', key: 'left', prompt: 'For {{topic}}', max_tokens: 60, output_variable: 'left' }] }, { steps: [{ type: 'prompt', key: 'right', prompt: 'Against {{topic}}', max_tokens: 60, output_variable: 'right' }] }] },
    { type: 'map', key: 'each', over: 'items', item: 'part', output_variable: 'each', steps: [{ type: 'prompt', key: 'about', prompt: 'About {{part}} in {{topic}}', max_tokens: 60, output_variable: 'about' }] },
    { type: 'ask', key: 'style', title: 'Which style?', show: '{{note}}', answer_schema: { type: 'object', properties: { style: { type: 'string', enum: ['plain', 'formal'] } }, required: ['style'] }, otherwise: { style: 'plain' }, output_variable: 'style' },
    { type: 'approval', key: 'go', title: 'Go on?', show: '{{left}}' },
    { type: 'validate', key: 'ok', source: 'note', rules: [{ rule: 'not_empty' }, { rule: 'regex', pattern: 'Only \\d+' }, { rule: 'max_length', value: 5, soft: true }] },
    { type: 'workflow', key: 'sub', workflow: 'shorten', version: 1, inputs: { text: '{{left}}' }, output_variable: 'sub' },
    { type: 'artifact', key: 'list', file_name: 'points.csv', from: 'points.points' },
  ],
  outputs: [{ file_name: 'result.md', title: 'Everything', content: '{{note}}\n\n{{left}}\n\n{{right}}\n\n{{sub.short}}\n\nStyle: {{style.style}}' }],
};
