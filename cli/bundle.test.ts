import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { ZipFile } from 'yazl';
import { describe, expect, it } from 'vitest';
import { reduceRunEvents } from '#contracts/run-reducer';
import type { RunEvent } from '#contracts/run-events';
import { runEventToWire } from '#contracts/wire';
import { ended, queued, runLog, stored } from '../test/support/run-log.ts';
import { openBundle } from './bundle.ts';
import { compareRuns } from './compare.ts';

type Parts = Record<string, string>;

function parts(events: readonly RunEvent[] = stored([queued, ended('completed')])): Parts {
  return { 'run.json': '{"id":"r","inputs":{"goal":"x"}}', 'events.jsonl': events.map((event) => `${JSON.stringify(runEventToWire(event))}\n`).join(''), 'ledger.json': '[]', 'history.json': '{"events":[]}', 'artifacts/notes.md': '# Notes' };
}

/** @param change  of the bytes after their hashes were taken */
async function zipped(content: Parts, change: Parts = {}, manifest: Record<string, unknown> = {}): Promise<Buffer> {
  const entries = Object.entries(content).map(([name, text]) => ({ name, sha256: createHash('sha256').update(text).digest('hex'), bytes: Buffer.byteLength(text) }));
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(JSON.stringify({ format: 'awp-run-bundle', format_version: 1, entries, missing: [], masked: 0, ...manifest })), 'manifest.json');
  for (const [name, text] of Object.entries({ ...content, ...change })) if (text !== 'GONE') zip.addBuffer(Buffer.from(text), name);
  zip.end();
  return buffer(zip.outputStream);
}

const refused = (words: string) => expect.objectContaining({ exitCode: 3, message: expect.stringContaining(words) as string }) as Error;

describe('a run bundle', () => {
  it('opens with everything in it, and reduces to the same run as the log it was made of', async () => {
    await fc.assert(fc.asyncProperty(runLog, async ({ events }) => {
      const bundle = await openBundle(await zipped(parts(events)));
      expect(bundle.view).toEqual(reduceRunEvents(events));
      expect(bundle.files.get('notes.md')?.toString()).toBe('# Notes');
      expect(bundle.history).toEqual({ events: [] });
    }), { numRuns: 30 });
  });

  it('is refused when an entry was changed, removed, added or cut, and the entry is named', async () => {
    for (const name of Object.keys(parts())) {
      await expect(openBundle(await zipped(parts(), { [name]: '[ ]' }))).rejects.toThrow(refused(`${name} does not match its hash`));
      await expect(openBundle(await zipped(parts(), { [name]: 'GONE' }))).rejects.toThrow(refused(`${name} is missing`));
    }
    await expect(openBundle(await zipped(parts(), { 'artifacts/more.md': 'x' }))).rejects.toThrow(refused('artifacts/more.md is not in its manifest'));
    await expect(openBundle((await zipped(parts())).subarray(0, 300))).rejects.toThrow(refused('zip'));
    await expect(openBundle(Buffer.from('not a zip'))).rejects.toThrow(refused('zip'));
  });

  it('of a newer format, or of another kind, is refused in words', async () => {
    await expect(openBundle(await zipped(parts(), {}, { format_version: 2 }))).rejects.toThrow(refused('format 2'));
    await expect(openBundle(await zipped(parts(), {}, { format: 'other' }))).rejects.toThrow(refused('not a run bundle'));
    const { 'ledger.json': _, ...without } = parts();
    await expect(openBundle(await zipped(without))).rejects.toThrow(refused('ledger.json is missing'));
  });
});

describe('runs side by side', () => {
  it('a run beside itself differs nowhere; beside a changed one the first other step is named', () => {
    fc.assert(fc.property(runLog, ({ events }) => {
      const run = { label: 'a', view: reduceRunEvents(events), inputs: { goal: 'x' } };
      expect(compareRuns([run, { ...run, label: 'b' }])).toMatchObject({ first_divergence: null, runs: ['a', 'b'] });
      expect(compareRuns([run, run]).rows.every((row) => row.same)).toBe(true);
    }), { numRuns: 50 });
    const step = (text: string) => reduceRunEvents(stored([
      queued, { type: 'stage-start', stage: 'test', data: { stages: ['test'] } }, { type: 'step-start', stage: 'test', step: 'note', data: { title: 'Note', index: 1, total: 1 } },
      { type: 'completion-start', stage: 'test', step: 'note', ordinal: 1, attempt: 1, data: { provider: 'openai', model: 'm', max_output_tokens: 1 } }, { type: 'text-delta', stage: 'test', step: 'note', ordinal: 1, attempt: 1, data: { text } },
    ]));
    const comparison = compareRuns([{ label: 'a', view: step('one'), inputs: {} }, { label: 'b', view: step('two'), inputs: { goal: 1 } }]);
    expect(comparison.first_divergence).toBe('test/note');
    expect(comparison.rows.find((row) => row.what === 'input goal')).toEqual({ what: 'input goal', values: [null, '1'], same: false });
  });
});
