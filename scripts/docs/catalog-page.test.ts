import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { catalog } from '#workflows/catalog/index';
import { catalogPage } from './catalog-page.ts';

it('docs/catalog.md is what the definitions say; else: node scripts/docs/write-catalog-page.ts', () => {
  expect(readFileSync(new URL('../../docs/catalog.md', import.meta.url), 'utf8')).toBe(catalogPage(catalog));
});
