import { describe, expect, it } from 'vitest';
import { expectFormat } from '#test/support/artifact-formats';
import { weighOptions } from './choice.ts';
import { vectorStoreDecisionDefinition as definition } from './definition.ts';
import { assembleFiles, decisionWords, newDraft, sizingText } from './files.ts';

const request = { provider: 'demo' as const };
const input = definition.input.parse(definition.presets[0]?.inputs);

describe('files', () => {
  it('every preset gives a whole record and figures', () => {
    for (const preset of definition.presets) {
      const given = definition.input.parse(preset.inputs);
      const files = assembleFiles(request, given, { ...newDraft(), date: '2026-11-25', options: weighOptions(given), plan: 'So.', reason: 'Because.' }, 'full', null);
      expect(files.map((file) => file.fileName)).toEqual(['adr.md', 'sizing.csv', 'migration.md', 'memory.svg']);
      for (const file of files) expectFormat(file.fileName, file.content);
      for (const file of files) expect(file.content, preset.key).not.toMatch(/undefined|NaN|\[object/);
      expect(files[0]?.content).toContain('## Recommended next steps');
    }
  });

  it('hostile text stays in its cell, and an unfinished draft keeps what there is', () => {
    const options = weighOptions({ ...input, quotes: [{ store: 'qdrant', usd_month: 1, source: '=cmd|x\n## y' }] });
    const files = assembleFiles(request, { ...input, use_case: '=x\n# z is wanted here', deciders: 'a\n## b' }, { ...newDraft(), options }, 'test', 'Cancelled.');
    expect(files.map((file) => file.fileName)).toEqual(['adr.md', 'sizing.csv', 'memory.svg']);
    for (const file of files) expectFormat(file.fileName, file.content);
    expect(files[0]?.content).not.toMatch(/^#{1,2} [byz]/m);
    expect(files[0]?.content).toContain('> Cancelled.');
    expect(assembleFiles(request, input, newDraft(), 'full', null)).toEqual([]);
  });

  it('says plainly when nothing is left', () => {
    const options = weighOptions({ ...input, budget_usd_month: 1 });
    expect(decisionWords(options)).toContain('Every candidate is out');
    expect(assembleFiles(request, input, { ...newDraft(), options }, 'full', null)[0]?.content).toContain('Loosen the constraint');
  });

  it('the sizes a model reads are those of the table', () => {
    const text = sizingText(input, weighOptions(input));
    expect(text).toContain('3,000,000 vectors of 768 dimensions');
    expect(text).toContain('7,680,000');
  });
});
