import { z } from 'zod';
import { Uuid } from '#contracts/api/common.schema';
import { KEY_ACCESS_LIMIT, KeyAccessSchema, type KeyAccessWire } from '#contracts/api/providers.schema';
import { RUN_MODES } from '#contracts/runs';
import { notFound } from '#platform/coded-error';
import { listKeyAccess } from '#platform/repositories/key-access';
import { findSetting } from '#platform/repositories/settings';
import { defineEndpoint } from '../../../endpoint.ts';

type Row = Awaited<ReturnType<typeof listKeyAccess>>[number];

function toWire({ type, outcome, resource, actorKind, ipAddress, data, at }: Row): KeyAccessWire {
  const run = resource?.startsWith('run/') ? resource.slice('run/'.length) : null;
  const mode = (data as { mode?: unknown } | null)?.mode;
  return { at: at.toISOString(), what: type.slice('secret.'.length), outcome: outcome as KeyAccessWire['outcome'], run_id: run, run_mode: RUN_MODES.find((known) => known === mode) ?? null, by: actorKind as KeyAccessWire['by'], ip_address: ipAddress };
}

export const getSettingAccess = defineEndpoint({
  method: 'get', path: '/api/v1/settings/{id}/access', operationId: 'listKeyAccess', tag: 'Providers and secrets', summary: 'Who and what used this key', permission: 'secret:read', audit: 'none', params: z.strictObject({ id: Uuid }),
  description: `The last ${KEY_ACCESS_LIMIT} entries of the audit log about it: a run that read it (once a run), tests, and every change. Newest first.`, answers: { 200: { description: 'Newest first', schema: z.array(KeyAccessSchema) } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params }) => {
    const setting = await findSetting(deps.db, principal.userId, { id: params.id });
    if (!setting) throw notFound('This setting');
    return { status: 200, body: (await listKeyAccess(deps.db, principal.userId, setting, KEY_ACCESS_LIMIT)).map(toWire) };
  },
});
