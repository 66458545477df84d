import { describe, expect, it } from 'vitest';
import { firstModel, modelGroups, modelNote, modelProblem } from './model-choices';

const known = { id: 'gpt-4o-mini', context_tokens: 128_000, max_output_tokens: 16_384, input_price: 150_000, output_price: 600_000 };
const openai = { display_name: 'OpenAI', default_model: 'gpt-4o-mini', models: [known], listed_models: [{ id: 'gpt-4o-mini', known: true }, { id: 'o9-new', known: false }] };
const ollama = { display_name: 'Endpoint', default_model: 'default', models: [{ ...known, id: 'default', input_price: null, output_price: null }], listed_models: [{ id: 'llama3.2:3b', known: false }, { id: 'qwen3:8b', known: false }] };
const ids = (groups: ReturnType<typeof modelGroups>) => groups.map(({ items }) => items.map(({ id }) => id));

describe('the choices of a model', () => {
  it('are the built-in ones, then those that only the provider named, each once', () => expect(modelGroups(openai)).toEqual([
    { value: 'Built in', items: [{ id: 'gpt-4o-mini', note: '128K tokens of context · $0.15 in, $0.60 out a million tokens' }] },
    { value: 'Listed by OpenAI', items: [{ id: 'o9-new', note: 'price and limits unknown' }] },
  ]));
  it('are narrowed by what is typed, and a group with none is not shown', () => expect([ids(modelGroups(openai, 'O9')), ids(modelGroups(openai, 'nothing'))]).toEqual([[['o9-new']], []]));
  it('any other name is said to be unknown; what is no name has no note but a reason', () => {
    expect([modelNote(openai, 'gpt-4o-mini'), modelNote(openai, 'o9-new'), modelNote(openai, 'mine:7b'), modelNote(openai, ''), modelNote(openai, 'two words')])
      .toEqual([expect.stringContaining('$0.15 in'), 'price and limits unknown', 'not in the list: price and limits unknown', null, null]);
    expect([modelProblem('mine:7b'), modelProblem(''), modelProblem('two words'), modelProblem('x'.repeat(201)), modelProblem('é')])
      .toEqual([null, 'The model is needed: choose one of the list, or write its name', 'The model has no white space in its name', 'The model has at most 200 characters', 'The model has only letters, digits and . / : @ + - _ in its name']);
  });
  it('a form starts with the default, or with what an endpoint really has', () => expect([firstModel(openai), firstModel({ ...openai, listed_models: [] }), firstModel(ollama), firstModel({ ...ollama, listed_models: [] }), firstModel(undefined)]).toEqual(['gpt-4o-mini', 'gpt-4o-mini', 'llama3.2:3b', 'default', '']));
});
