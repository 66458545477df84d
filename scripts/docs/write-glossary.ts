import { writeFileSync } from 'node:fs';
import { glossaryMarkdown } from '#contracts/glossary';

/** Writes docs/glossary.md anew. */
writeFileSync(new URL('../../docs/glossary.md', import.meta.url), glossaryMarkdown());
