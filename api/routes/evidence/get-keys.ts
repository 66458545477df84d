import { EvidenceKeysSchema } from '#contracts/api/evidence.schema';
import { EVIDENCE_SCHEMA } from '#contracts/evidence';
import { defineEndpoint } from '../../endpoint.ts';

export const getEvidenceKeys = defineEndpoint({
  method: 'get', path: '/.well-known/awp-evidence-keys.json', operationId: 'listEvidenceKeys', tag: 'Evidence', summary: 'Public keys of evidence', description: 'A JSON Web Key Set: with it anybody can check a record without asking this installation.', permission: 'public', audit: 'none',
  answers: { 200: { description: 'Ed25519 public keys', schema: EvidenceKeysSchema } }, errors: [],
  handler: (deps) => async () => ({ status: 200, body: { keys: deps.evidenceKeys.publicKeys(), signs: `The bytes of "${EVIDENCE_SCHEMA}", a line feed, and the record as JSON with keys sorted at every level and no blanks, in UTF-8.` }, revalidate: true }),
});
