import type { Payload } from '@temporalio/common';
import { CodecBody } from '#contracts/api/codec.schema';
import { CODEC_BODY_BYTES } from '#contracts/limits';
import { CodedError, notFound } from '#platform/coded-error';
import { isUuid } from '#platform/ids';
import { isEncrypted, ownerOfPayload } from '#platform/payloads/encryption';
import { appendAuditEvent } from '#platform/repositories/audit';
import { readableRuns } from '#platform/repositories/run-queries';
import { defineEndpoint } from '../../endpoint.ts';

const fromWire = ({ metadata, data }: { metadata?: Record<string, string>; data?: string }): Payload => ({
  metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value, 'base64')])), data: Buffer.from(data ?? '', 'base64'),
});
const toWire = ({ metadata, data }: Payload) => ({
  metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')])), data: Buffer.from(data ?? []).toString('base64'),
});

/** Temporal's codec server protocol, with the rights of the person who looks. There is no encoding: nothing is sent into a run
 * from Temporal Web. The namespace that the request names is no wall (temporal CVE-2025-14986), so it decides nothing. */
export const postCodecDecode = defineEndpoint({
  method: 'post', path: '/api/v1/codec/decode', operationId: 'decodePayloads', tag: 'System', summary: 'Decode payloads for Temporal Web',
  description: 'Set as the codec endpoint of Temporal Web (`<address of the web>/api/v1/codec`, with credentials). Payloads of runs that the caller may not read come back as they were; 404 when all are such. What was put aside for its size stays a reference.',
  permission: 'run:read', audit: 'payload.decoded', body: CodecBody, bodyCaps: { bytes: CODEC_BODY_BYTES, text: CODEC_BODY_BYTES }, temporalWeb: true,
  answers: { 200: { description: 'In the order they came', schema: CodecBody } }, errors: ['InvalidInput', 'PermissionDenied', 'NotFound', 'PayloadTooLarge', 'UnsupportedMediaType'],
  handler: (deps) => async ({ principal, body, audit }) => {
    const payloads = body.payloads.map(fromWire);
    const owners = [...new Set(payloads.filter(isEncrypted).map(ownerOfPayload))];
    const all = principal.permissions.has('runs:view:all');
    const readable = all ? new Set(owners) : await readableRuns(deps.db, principal.userId, owners.filter(isUuid));
    const refused = owners.filter((owner) => !readable.has(owner));
    const decoded = await Promise.all(payloads.map(async (payload) => {
      if (!isEncrypted(payload) || !readable.has(ownerOfPayload(payload))) return payload;
      const [plain] = await deps.payloadEncryption.decode([payload]).catch(() => { throw new CodedError('InvalidInput', 'A payload was changed, or its key is not loaded.'); });
      return plain as Payload;
    }));
    if (owners.length > 0) {
      // What a stranger wrote into a payload is no text for the log.
      const run = [...readable, ...refused].find(isUuid);
      await deps.db.$transaction((tx) => appendAuditEvent(tx, audit({ type: 'payload.decoded', resource: run ? `run/${run}` : null, outcome: refused.length > 0 ? 'denied' : 'success', data: { payloads: payloads.length, runs: readable.size, refused_runs: refused.length } })));
    }
    if (owners.length > 0 && readable.size === 0) throw notFound('The run of these payloads');
    return { status: 200, body: { payloads: decoded.map(toWire) } };
  },
});
