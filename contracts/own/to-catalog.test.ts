import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { snapshotOf } from '#test/support/own-definitions';
import { STARTERS } from './starters/index.ts';
import { toCatalog } from './to-catalog.ts';

/** The committed export is what tsc compiles and lint reads; `UPDATE_EXPORT=1` writes it anew. */
const FOLDER = path.join(import.meta.dirname, '../../test/fixtures/exported-catalog/haiku');

describe('a written workflow as a folder of the catalog', () => {
  const { files, folder, todo } = toCatalog(snapshotOf(STARTERS.find(({ slug }) => slug === 'haiku')), 1);

  it.each(Object.entries(files))('%s is the committed one, which compiles', (name, text) => {
    if (process.env['UPDATE_EXPORT']) { mkdirSync(FOLDER, { recursive: true }); writeFileSync(path.join(FOLDER, name), text); }
    expect(readFileSync(path.join(FOLDER, name), 'utf8')).toBe(text);
  });

  it('is an entry with a type of its own, and says what is left to do', async () => {
    const { haikuDefinition } = await import('#test/fixtures/exported-catalog/haiku/definition') as { haikuDefinition: { slug: string; workflowType: string; input: { safeParse(value: unknown): { success: boolean } } } };
    expect([folder, haikuDefinition.slug, haikuDefinition.workflowType, haikuDefinition.input.safeParse({ topic: 'rain' }).success]).toEqual(['haiku', 'haiku', 'haiku', true]);
    expect(todo).toHaveLength(4);
  });

  it('a name cannot break out of its comment', () => {
    const { files: { 'workflow.ts': code } } = toCatalog(snapshotOf({ ...STARTERS[1], name: 'x */ process.exit() /*' }), 1);
    expect(code).not.toContain('x */ process');
  });
});
