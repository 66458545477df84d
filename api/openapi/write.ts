import { writeFileSync } from 'node:fs';
import { endpoints } from '../endpoints.ts';
import { openApiDocument } from './document.ts';

/** `node api/openapi/write.ts` writes docs/openapi.json anew; a test compares it with what the server serves. */
writeFileSync(new URL('../../docs/openapi.json', import.meta.url), `${JSON.stringify(openApiDocument(endpoints), null, 2)}\n`);
