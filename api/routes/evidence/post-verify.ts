import { EvidenceVerdictSchema, VerifyEvidenceBody } from '#contracts/api/evidence.schema';
import { defineEndpoint } from '../../endpoint.ts';
import { verdictOn } from '../../evidence-verdict.ts';

export const postVerifyEvidence = defineEndpoint({
  method: 'post', path: '/api/v1/evidence/verify', operationId: 'verifyEvidence', tag: 'Evidence', summary: 'Is this evidence true?', description: 'Takes the content of an evidence.json and says whether this installation signed it and whether anything in it was changed. Needs no credential; nothing is looked up and nothing is kept.',
  permission: 'public', audit: 'none', body: VerifyEvidenceBody, answers: { 200: { description: 'Valid, or invalid with the reason', schema: EvidenceVerdictSchema } }, errors: ['InvalidInput'],
  handler: (deps) => async ({ body }) => ({ status: 200, body: verdictOn(deps, body) }),
});
