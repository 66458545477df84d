import { describe, expect, it } from 'vitest';
import type { RetrievalEvalData, TrainCharModelData } from '#contracts/data-tools';
import { cut } from '#contracts/chunking';
import { createRetrievalEval, createTrainCharModel } from './lab-tools.ts';
import { runTool, type Tool } from './tool.ts';

const run = (tool: Tool, args: unknown) => runTool(tool, args, { signal: new AbortController().signal, capabilities: { tools: [tool.name], hosts: null } });
const train = (args: object) => run(createTrainCharModel(), args);
const TEXT = 'the cat sat on the mat. the dog sat on the log. a cat and a dog ran to the man. '.repeat(30);

describe('train_char_model', { timeout: 90_000 }, () => {
  it('learns: from chance to better than pairs of letters, and samples of its alphabet', async () => {
    const data = (await train({ text: TEXT, steps: 300 })).data as TrainCharModelData;
    expect(data.loss[0]?.validation).toBeCloseTo(data.uniform_loss, 0);
    expect(data.final_loss).toBeLessThan(data.bigram_loss);
    expect(data.perplexity).toBeCloseTo(Math.exp(data.final_loss), 9);
    expect(data.parameters).toBe(data.vocabulary.length * 8 + 4 * 8 * 32 + 32 + 32 * data.vocabulary.length + data.vocabulary.length);
    for (const sample of data.samples) { expect(sample).toHaveLength(160); expect(Array.from(sample).every((character) => data.vocabulary.includes(character))).toBe(true); }
    expect(data.samples.join('')).toMatch(/ (the|cat|sat|on|dog|a) /);
  });

  it('the pair baseline is the one that counting gives', async () => {
    const text = 'ab'.repeat(150);
    const data = (await train({ text, steps: 1, context: 1 })).data as TrainCharModelData;
    // 270 characters to learn from: 135 times a→b and 134 times b→a, one added to each of two pairs.
    const [ab, ba] = [-Math.log(136 / 137), -Math.log(135 / 136)];
    expect(data.bigram_loss).toBeCloseTo((15 * ab + 15 * ba) / 30, 12);
  });

  it('the same seed gives the same figures, another seed others; 60,000 characters fit in the time', async () => {
    const args = { text: TEXT, steps: 5 };
    expect((await train(args)).data).toEqual((await train(args)).data);
    expect((await train({ ...args, seed: 2 })).data).not.toEqual((await train(args)).data);
    const large = Array.from({ length: 60_000 }, (_, index) => String.fromCodePoint(0x4e00 + ((index * 7919) % 4_000))).join('');
    expect((await train({ text: large, steps: 10, hidden: 64, context: 8, embedding: 16, batch: 128 })).outcome).toBe('ok');
    expect((await train({ text: 'short' })).summary).toMatch(/text/);
  });
});

describe('retrieval_eval', { timeout: 60_000 }, () => {
  const documents = [
    { id: 'paris', text: 'Paris is the capital of France. The Eiffel Tower stands there. '.repeat(4) },
    { id: 'rome', text: 'Rome is the capital of Italy. The Colosseum stands in Rome. '.repeat(4) },
    { id: 'bees', text: 'Bees make honey. A hive holds many bees and one queen. '.repeat(4) },
  ];
  const evaluate = async (args: object) => await run(createRetrievalEval(), { documents, k: 1, variants: [{ chunk_size: 200 }, { chunk_size: 80, overlap: 20, method: 'tfidf', name: 'small' }], ...args });

  it('counts recall, hits and ranks as they are', async () => {
    const questions = [{ question: 'Where is the Colosseum?', relevant_ids: ['rome'] }, { question: 'Who makes honey in a hive?', relevant_ids: ['bees'] }, { question: 'capital cities', relevant_ids: ['paris', 'rome'] }, { question: 'zebra', relevant_ids: ['bees'] }, { question: 'What stands in Paris?', answer: 'eiffel  tower' }];
    const data = (await evaluate({ questions })).data as RetrievalEvalData;
    for (const variant of data.variants) {
      // 1 + 1 + ½ (one of two fits into k = 1) + 0 + 1
      expect(variant.recall_at_k).toBeCloseTo(3.5 / 5, 12);
      expect(variant.hit_rate).toBeCloseTo(4 / 5, 12);
      expect(variant.mrr).toBeCloseTo(4 / 5, 12);
      expect(variant.misses.map(({ question }) => question)).toEqual(['capital cities', 'zebra']);
      expect(variant.misses[1]?.retrieved).toEqual([]);
    }
    expect(data.best).toBe('bm25 200/0');
    expect(((await evaluate({ questions, k: 10 })).data as RetrievalEvalData).variants[0]?.recall_at_k).toBeCloseTo(4 / 5, 12);
  });

  it('chunks cover the text, overlap as asked, and end', () => {
    const text = Array.from({ length: 500 }, (_, index) => `w${index}`).join(' ');
    const pieces = cut(text, { chunk_size: 100, overlap: 30 });
    expect(pieces.every((piece) => piece.length <= 100)).toBe(true);
    expect(new Set(pieces.join(' ').split(' ').filter((word) => /^w\d+$/.test(word)))).toEqual(new Set(text.split(' ')));
    expect(cut('x'.repeat(1_000), { chunk_size: 50, overlap: 49 })).toHaveLength(951);
  });

  it.each([[{ questions: [{ question: 'q', relevant_ids: ['gone'] }] }, /"gone", which is no document/], [{ questions: [{ question: 'q' }] }, /relevant_ids or answer/], [{ questions: [{ question: 'q', answer: 'a' }], variants: [{ chunk_size: 50, overlap: 60 }] }, /overlap/], [{ documents: Array.from({ length: 20 }, (_, index) => ({ id: `${index}`, text: 'x '.repeat(30_000) })), questions: [{ question: 'q', answer: 'a' }] }, /more than 1,000,000/]])('%# says what does not fit', async (args, why) => {
    expect(await evaluate(args)).toMatchObject({ outcome: 'failed', summary: expect.stringMatching(why) });
  });
});
