import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseAnswer } from './answers.ts';

const schema = z.strictObject({ topics: z.array(z.strictObject({ title: z.string(), minutes: z.int().min(5) })).min(1) });
const good = { topics: [{ title: 'Tools', minutes: 30 }] };
const json = JSON.stringify(good, null, 2);

describe('an answer as models write it', () => {
  it.each([
    ['bare', json], ['fenced', `\`\`\`json\n${json}\n\`\`\``], ['fenced without a name', `\`\`\`\n${json}\n\`\`\``], ['with a sentence around it', `Here is the syllabus:\n${json}\nI hope it helps.`],
    ['fenced, with prose', `Sure!\n\n\`\`\`json\n${json}\n\`\`\`\n\nTell me more.`], ['with blanks', `\n\n  ${json}\n`],
  ])('is read: %s', (_name, text) => {
    expect(parseAnswer(text, schema)).toEqual({ data: good });
  });

  it('a fence inside a string of the JSON does not mislead', () => {
    const text = JSON.stringify({ topics: [{ title: '```json\n{}\n```', minutes: 5 }] });
    expect(parseAnswer(text, schema)).toEqual({ data: { topics: [{ title: '```json\n{}\n```', minutes: 5 }] } });
  });

  it.each([['nothing', ''], ['prose', 'I cannot do that.'], ['cut off', json.slice(0, -5)], ['single quotes', "{'topics': []}"]])('is not JSON: %s', (_name, text) => {
    expect(parseAnswer(text, schema)).toEqual({ problem: 'it is not valid JSON' });
  });

  it('that does not fit says where and why, in words for the repair turn', () => {
    expect(parseAnswer('{"topics":[{"title":"Tools","minutes":1}]}', schema).problem).toMatch(/^topics\.0\.minutes: /);
    expect(parseAnswer('{"topics":[],"extra":1}', schema).problem).toContain('extra');
    expect(parseAnswer('[1]', schema).problem).toMatch(/^the answer: /);
    expect(parseAnswer('null', schema).problem).toMatch(/^the answer: /);
  });

  it('names at most eight problems', () => {
    const wrong = { topics: Array.from({ length: 30 }, () => ({ title: 1, minutes: 'x' })) };
    expect(parseAnswer(JSON.stringify(wrong), schema).problem?.split('; ')).toHaveLength(8);
  });

  it('prototype keys are dropped', () => {
    const loose = z.looseObject({ a: z.number() });
    const { data } = parseAnswer('{"a":1,"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"deep":{"__proto__":{"admin":true}}}', loose);
    expect(data).toEqual({ a: 1, deep: {} });
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
    expect((data as { admin?: boolean }).admin).toBeUndefined();
  });

  it('without a schema is a problem, not a guess', () => {
    expect(parseAnswer(json, undefined).problem).toContain('no schema');
  });
});
