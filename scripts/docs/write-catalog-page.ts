import { writeFileSync } from 'node:fs';
import { catalog } from '#workflows/catalog/index';
import { catalogPage } from './catalog-page.ts';

/** `node scripts/docs/write-catalog-page.ts` writes docs/catalog.md anew. */
writeFileSync(new URL('../../docs/catalog.md', import.meta.url), catalogPage(catalog));
