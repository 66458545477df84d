import { z } from 'zod';
import { ListQuery } from '#contracts/api/common.schema';
import { ChannelBody, ChannelParams, DefinitionQuery, DiffQuery, DiffSchema, OwnWorkflowSchema, VersionSchema } from '#contracts/api/own-workflows.schema';
import { WorkflowParams } from '#contracts/api/workflows.schema';
import { diffOf } from '#contracts/own/diff';
import { CodedError } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { CHANNELS, listVersions, setChannel, versionOn } from '#platform/repositories/own-workflows';
import { numberedPageFrom } from '#platform/repositories/paging';
import { defineEndpoint } from '../../../endpoint.ts';
import { pagedAnswer } from '../../../paged.ts';
import { requirePermission } from '../../../pipeline.ts';
import { checkedSnapshot, etagOf, isMine, ownToWire, requireMine, requireOwn, requireVersion } from './own.ts';

export const getDefinition = defineEndpoint({
  method: 'get', path: '/api/v1/workflows/{id}/definition', operationId: 'getWorkflowDefinition', tag: 'Workflows', summary: 'The definition of a written workflow', description: 'A version, what a channel shows, or your youngest draft. The ETag is for If-Match when you save.',
  permission: 'workflow:read', audit: 'none', params: WorkflowParams, query: DefinitionQuery, answers: { 200: { description: 'The definition', schema: OwnWorkflowSchema } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params, query }) => {
    const row = await requireOwn(deps, params.id, principal);
    const wanted = query.version ?? (query.channel ? versionOn(row, query.channel) ?? 0 : undefined);
    const version = await requireVersion(deps, row, principal, wanted);
    return { status: 200, body: ownToWire(row, version, principal), headers: { ETag: etagOf(version.version) } };
  },
});

export const getVersions = defineEndpoint({
  method: 'get', path: '/api/v1/workflows/{id}/versions', operationId: 'listWorkflowVersions', tag: 'Workflows', summary: 'The versions of a written workflow', description: 'Youngest first. Others see only what is live.', permission: 'workflow:read', audit: 'none', params: WorkflowParams, query: ListQuery,
  answers: { 200: { description: 'Versions', schema: z.array(VersionSchema) } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params, query, req }) => {
    const row = await requireOwn(deps, params.id, principal);
    const found = await listVersions(deps.db, row.id, isMine(row, principal) ? null : row.liveVersion, numberedPageFrom(query));
    return pagedAnswer(req, found, (version) => ({ version: version.version, content_hash: version.contentHash, note: version.note, author_id: version.authorId, created_at: version.createdAt.toISOString(), channels: CHANNELS.filter((channel) => versionOn(row, channel) === version.version) }));
  },
});

export const getDiff = defineEndpoint({
  method: 'get', path: '/api/v1/workflows/{id}/diff', operationId: 'diffWorkflowVersions', tag: 'Workflows', summary: 'What changed between two versions', description: 'Steps are matched by their keys, so that one which moved is not a change of all.', permission: 'workflow:read', audit: 'none', params: WorkflowParams, query: DiffQuery,
  answers: { 200: { description: 'Changes', schema: DiffSchema } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params, query }) => {
    const row = await requireOwn(deps, params.id, principal);
    const [from, to] = await Promise.all([requireVersion(deps, row, principal, query.from), requireVersion(deps, row, principal, query.to)]);
    return { status: 200, body: { from: from.version, to: to.version, same: from.contentHash === to.contentHash, changes: diffOf(from.snapshot.definition, to.snapshot.definition) } };
  },
});

export const putChannel = defineEndpoint({
  method: 'put', path: '/api/v1/workflows/{id}/channels/{channel}', operationId: 'publishWorkflow', tag: 'Workflows', summary: 'Put a version on a channel', description: 'live is what everybody runs, and needs workflow:publish. Setting an older version rolls back; null takes the channel down. The version is checked again: tools and sub-runs may have gone since it was saved.',
  permission: 'workflow:write', audit: 'workflow.published', params: ChannelParams, body: ChannelBody, answers: { 200: { description: 'As it is now', schema: OwnWorkflowSchema } }, errors: ['InvalidInput', 'NotFound', 'PermissionDenied', 'Conflict'],
  handler: (deps) => async ({ principal, params, body, audit }) => {
    const row = await requireMine(deps, params.id, principal);
    if (params.channel === 'live') requirePermission(principal, 'workflow:publish');
    if (body.version !== null) {
      const { snapshot } = await requireVersion(deps, row, principal, body.version);
      await checkedSnapshot(deps, snapshot.definition, principal);
    } else if (versionOn(row, params.channel) === null) throw new CodedError('Conflict', `Nothing is on the channel ${params.channel}.`);
    const next = await deps.db.$transaction(async (tx) => {
      await appendAuditEvent(tx, audit({ type: 'workflow.published', resource: `workflow/${row.id}`, data: { workflow: row.slug, channel: params.channel, from_version: versionOn(row, params.channel), to_version: body.version } }));
      return setChannel(tx, row.id, params.channel, body.version);
    });
    return { status: 200, body: ownToWire(next, await requireVersion(deps, next, principal, body.version ?? undefined), principal) };
  },
});
