import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sampleOf } from '#api/samples';
import { catalog } from '#workflows/catalog/index';
import { beginOf, MAX_SAMPLE_BYTES } from './evals/runner/sample-text.ts';

describe('sample outputs of the catalog; `npm run samples` makes them', () => {
  it.each(catalog.map((entry) => [entry.slug, entry] as const))('%s has one, short, stamped and of this catalog', (slug, entry) => {
    const sample = sampleOf(entry);
    expect(sample, `npm run samples -- ${slug}`).not.toBeNull();
    expect(Buffer.byteLength(sample?.text ?? '')).toBeLessThanOrEqual(MAX_SAMPLE_BYTES);
    if (sample?.fileName.endsWith('.md')) expect(sample.text).toContain('**DEMO**');
  });
  it('there is none of a workflow that is gone', () => {
    expect(readdirSync(new URL('../workflows/samples/', import.meta.url)).filter((name) => !catalog.some(({ slug }) => slug === name))).toEqual([]);
  });
  it('a long one is cut between paragraphs, with a word about it; what cannot be cut is refused', () => {
    const cut = beginOf('a.md', Array.from({ length: 400 }, (_, index) => `Paragraph ${index} has some words.`).join('\n\n'));
    expect(cut).toMatch(/Paragraph \d+ has some words\.\n\n\*The sample ends here; the run made more\.\*\n$/);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(MAX_SAMPLE_BYTES);
    expect(beginOf('a.md', 'short')).toBe('short');
    expect(() => beginOf('a.json', `[${'1,'.repeat(4_000)}1]`)).toThrow('cannot be cut');
  });
});
