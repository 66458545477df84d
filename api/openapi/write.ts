import { writeFileSync } from 'node:fs';
import { endpoints } from '../endpoints.ts';
import { openApiDocument } from './document.ts';
import { matrixMarkdown, permissionMatrix } from './permission-matrix.ts';

/** `node api/openapi/write.ts` writes docs/openapi.json and docs/security/permissions.md anew; tests compare both with what the server serves. */
const document = openApiDocument(endpoints);
writeFileSync(new URL('../../docs/openapi.json', import.meta.url), `${JSON.stringify(document, null, 2)}\n`);
writeFileSync(new URL('../../docs/security/permissions.md', import.meta.url), matrixMarkdown(permissionMatrix(document)));
