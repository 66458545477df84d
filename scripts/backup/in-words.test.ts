import { describe, expect, it } from 'vitest';
import { LaunchError } from '../launch/ports.ts';
import { engineWords, inWords } from './in-words.ts';

describe('what ends a command is told in words', () => {
  it.each([
    ['a mistake of ours to tell', new LaunchError('there is no a.tar'), /^there is no a\.tar$/],
    ['an option nobody knows', Object.assign(new TypeError("Unknown option '--foo'"), { code: 'ERR_PARSE_ARGS_UNKNOWN_OPTION' }), /--foo/],
    ['a disk that is full', Object.assign(new Error('write'), { code: 'ENOSPC' }), /disk is full/],
    ['a database that is away', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), /DATABASE_URL/],
    ['a wrong password', Object.assign(new Error('password authentication failed'), { code: '28P01' }), /refuses this role or password/],
    ['Temporal away', Object.assign(new Error('4 DEADLINE_EXCEEDED: after 0.000s, waiting for metadata filters'), { code: 4 }), /^Temporal gives no answer: TEMPORAL_ADDRESS/],
    ['Temporal away, wrapped', Object.assign(new Error('Failed to connect'), { cause: { code: 14 } }), /^Temporal cannot be reached/],
  ])('%s', (_what, error, words) => { expect(inWords(error)).toMatch(words); });

  it('what nobody foresaw keeps its stack', () => {
    for (const error of [new TypeError('x is not a function'), Object.assign(new Error('syntax error'), { code: '42601' })]) expect(inWords(error)).toBeNull();
    expect(engineWords(new Error('x'))).toBeNull();
  });
});
