import { describe, expect, it } from 'vitest';
import { formatAbsolute, formatBudget, formatBytes, formatClock, formatCost, formatDuration, formatRelative, formatTokens, formatDay, formatTimeOfDay, humanize, inWords, writeTimesIn, inputText, middleTruncate, signed } from './format';

describe('money', () => {
  it.each([[null, 'price unknown'], [0, '$0.00'], [4000, '$0.0040'], [20, '< $0.0001'], [42_000, '$0.04'], [1_250_000, '$1.25']])('%s micro-dollars', (micros, text) => expect(formatCost(micros)).toBe(text));
});

describe('time', () => {
  it.each([[0, '0 ms'], [820, '820 ms'], [4260, '4.2 s'], [9999, '9.9 s'], [42_000, '42 s'], [125_000, '2 min 05 s'], [3_720_000, '1 h 02 min']])('%s ms', (ms, text) => expect(formatDuration(ms)).toBe(text));
  it.each([[-5, '0:00'], [7000, '0:07'], [760_000, '12:40'], [3_723_000, '1:02:03']])('clock of %s ms', (ms, text) => expect(formatClock(ms)).toBe(text));
  it('ages grow coarser', () => {
    const now = Date.parse('2026-11-23T12:00:00Z');
    const ago = (ms: number): string => formatRelative(new Date(now - ms).toISOString(), now);
    expect([ago(3000), ago(30_000), ago(240_000), ago(3 * 3_600_000), ago(86_400_000), ago(3 * 86_400_000), ago(20 * 86_400_000)]).toEqual(['just now', '30 s ago', '4 min ago', '3 h ago', 'yesterday', '3 days ago', '3 Nov']);
  });
  it('absolute time names the second and the zone', () => expect(formatAbsolute('2026-11-23T12:00:05Z', 'UTC')).toMatch(/23 Nov 2026.*12:00:05 UTC/));
});

describe('differences', () => {
  it.each([[1200, '+1.2 s'], [-300, '−300 ms']])('%s ms', (ms, text) => expect(signed(ms, formatDuration)).toBe(text));
});

describe('words', () => {
  it.each([[512, '512'], [9999, '9,999'], [12_300, '12.3K']])('%s tokens', (tokens, text) => expect(formatTokens(tokens)).toBe(text));
  it.each([[900, '900 B'], [1500, '1.5 kB'], [48_000, '48 kB'], [2_500_000, '2.5 MB']])('%s bytes', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
  it('identifiers become words', () => expect([humanize('learn_agentic_ai'), humanize('check-citations'), humanize('webSearch'), inWords('read_pdf')]).toEqual(['Learn agentic AI', 'Check citations', 'Web search', 'read PDF']));
  it('long ids keep head and tail', () => expect([middleTruncate('01a2073b-33ae-7b91-a435-5addb2a433bc'), middleTruncate('short')]).toEqual(['01a2073b…33bc', 'short']));
  it('values of inputs fit on a line', () => expect([inputText(['a', 'b']), inputText(true), inputText(null), inputText({ a: 1 })]).toEqual(['a, b', 'yes', '–', '{"a":1}']));
});

it('a budget keeps the digits that matter under a dollar', () => {
  expect([formatBudget(18_000), formatBudget(500_000), formatBudget(900_100), formatBudget(5_000_000), formatBudget(null)]).toEqual(['$0.018', '$0.50', '$0.9001', '$5.00', 'price unknown']);
});

it('one switch sets the zone of all times, and a caller may name another', () => {
  writeTimesIn('Asia/Tokyo');
  expect([formatTimeOfDay('2026-11-23T20:00:05Z'), formatDay('2026-11-23T20:00:05Z'), formatDay('2026-11-23', 'UTC')]).toEqual(['05:00:05', '24 Nov 2026', '23 Nov 2026']);
  writeTimesIn(undefined);
});
