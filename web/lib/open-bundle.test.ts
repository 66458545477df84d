import { strToU8, zipSync } from 'fflate';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { runEventToWire } from '#contracts/wire';
import { RETRIED } from '#test/support/retried-run';
import { openBundle } from './open-bundle';

type Parts = Record<string, string>;
const PARTS: Parts = {
  'run.json': '{}', 'events.jsonl': RETRIED.map((event) => `${JSON.stringify(runEventToWire(event))}\n`).join(''), 'artifacts/notes.md': '# Notes',
  'ledger.json': JSON.stringify([{ stage: 'test', step: 'outline', ordinal: 1, request: [{ role: 'user', content: 'Write an outline' }] }]),
};
function zipped(change: Parts = {}, manifest: object = {}): Uint8Array {
  const entries = Object.entries(PARTS).map(([name, content]) => ({ name, sha256: createHash('sha256').update(content).digest('hex'), bytes: Buffer.byteLength(content) }));
  const files = { 'manifest.json': JSON.stringify({ format: 'awp-run-bundle', format_version: 1, run_id: 'r', entries, ...manifest }), ...PARTS, ...change };
  return zipSync(Object.fromEntries(Object.entries(files).filter(([, content]) => content !== 'GONE').map(([name, content]) => [name, strToU8(content)])));
}

describe('a bundle opened in the browser', () => {
  it('gives the events as they were, prompts by call, and the files', async () => {
    const bundle = await openBundle(zipped());
    expect(bundle.events).toMatchObject(RETRIED);
    expect(bundle.prompts.get('test/outline/1')).toEqual([{ role: 'user', content: 'Write an outline' }]);
    expect(bundle.files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()])).toEqual([['notes.md', '# Notes']]);
    expect(bundle.checked).toBe(true);
  });
  it('is refused when an entry was changed, removed or put in, and the entry is named', async () => {
    await expect(openBundle(zipped({ 'events.jsonl': '{}' }))).rejects.toThrow('events.jsonl does not match its hash');
    await expect(openBundle(zipped({ 'artifacts/notes.md': '# Votes' }))).rejects.toThrow('artifacts/notes.md does not match');
    await expect(openBundle(zipped({ 'ledger.json': 'GONE' }))).rejects.toThrow('ledger.json is missing');
    await expect(openBundle(zipped({ 'artifacts/more.md': 'x' }))).rejects.toThrow('artifacts/more.md is not in its manifest');
  });
  it('says what else it may be', async () => {
    await expect(openBundle(strToU8('no zip'))).rejects.toThrow('not a zip file');
    await expect(openBundle(zipped({}, { format: 'other' }))).rejects.toThrow('not a run bundle');
    await expect(openBundle(zipped({}, { format_version: 2 }))).rejects.toThrow('reads up to 1');
  });
});
