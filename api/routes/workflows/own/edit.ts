import { OwnWorkflowBody, OwnWorkflowSchema } from '#contracts/api/own-workflows.schema';
import { WorkflowParams } from '#contracts/api/workflows.schema';
import { invalidField } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { createOwn, removeOwn, saveOwn } from '#platform/repositories/own-workflows';
import { switchWorkflow } from '#platform/repositories/workflows';
import { defineEndpoint } from '../../../endpoint.ts';
import { checkedSnapshot, documentOf, etagOf, matchedVersion, ownToWire, refuseSwitchedOff, requireMine, requireVersion } from './own.ts';

export const postWorkflow = defineEndpoint({
  method: 'post', path: '/api/v1/workflows', operationId: 'createWorkflow', tag: 'Workflows', summary: 'Write a workflow of your own', description: 'Checked whole before anything is saved: every problem comes back at once with its JSON Pointer. What is saved is version 1, on the draft channel.',
  permission: 'workflow:write', audit: 'workflow.created', body: OwnWorkflowBody, answers: { 201: { description: 'The workflow', schema: OwnWorkflowSchema } }, errors: ['InvalidInput', 'Conflict'],
  handler: (deps) => async ({ principal, body, audit }) => {
    const { snapshot, warnings } = await checkedSnapshot(deps, documentOf(body), principal);
    if (deps.catalog.some(({ slug }) => slug === snapshot.definition.slug)) throw invalidField('#/workflow_id', `${snapshot.definition.slug} is a workflow of the catalog; choose another name`);
    const row = await deps.db.$transaction(async (tx) => {
      const made = await createOwn(tx, snapshot, { ownerId: principal.userId, note: body.note ?? null });
      if (body.is_active === false) await tx.workflow.update({ where: { id: made.id }, data: { isActive: false } });
      await appendAuditEvent(tx, audit({ type: 'workflow.created', resource: `workflow/${made.id}`, data: { workflow: made.slug } }));
      return { ...made, isActive: body.is_active ?? true };
    });
    return { status: 201, body: ownToWire(row, await requireVersion(deps, row, principal, 1), principal, warnings), headers: { ETag: etagOf(1), Location: `/api/v1/workflows/${row.slug}` } };
  },
});

export const putWorkflow = defineEndpoint({
  method: 'put', path: '/api/v1/workflows/{id}', operationId: 'changeWorkflow', tag: 'Workflows', summary: 'Save a workflow of your own', description: 'Makes a new immutable version on the draft channel; the same content again makes none. Send If-Match with the ETag of the version you edited: when somebody saved meanwhile, nothing is lost and 412 says so.',
  permission: 'workflow:write', audit: ['workflow.saved', 'workflow.switched'], params: WorkflowParams, body: OwnWorkflowBody, answers: { 200: { description: 'As it is now', schema: OwnWorkflowSchema } }, errors: ['InvalidInput', 'NotFound', 'PermissionDenied', 'PreconditionFailed', 'Conflict'],
  handler: (deps) => async ({ principal, params, body, req, audit }) => {
    const row = await requireMine(deps, params.id, principal);
    if (body.is_active) refuseSwitchedOff(row, '#/is_active');
    const expected = matchedVersion(req.get('if-match'));
    const { snapshot: before } = await requireVersion(deps, row, principal);
    const document = documentOf(body, before.definition);
    if (document['slug'] !== row.slug) throw invalidField('#/definition/slug', `cannot change; this is ${row.slug}`);
    const { snapshot, warnings } = await checkedSnapshot(deps, document, principal);
    const saved = await deps.db.$transaction(async (tx) => {
      const { record, created } = await saveOwn(tx, row.id, snapshot, { authorId: principal.userId, note: body.note ?? null }, expected);
      const active = body.is_active ?? record.isActive;
      const next = active === record.isActive ? record : await switchWorkflow(tx, row.id, active, false);
      if (active !== record.isActive) await appendAuditEvent(tx, audit({ type: 'workflow.switched', resource: `workflow/${row.id}`, data: { workflow: row.slug, active } }));
      if (created) await appendAuditEvent(tx, audit({ type: 'workflow.saved', resource: `workflow/${row.id}`, data: { workflow: row.slug, version: next.currentVersion } }));
      return next;
    });
    return { status: 200, body: ownToWire(saved, await requireVersion(deps, saved, principal), principal, warnings), headers: { ETag: etagOf(saved.currentVersion) } };
  },
});

export const deleteWorkflow = defineEndpoint({
  method: 'delete', path: '/api/v1/workflows/{id}', operationId: 'deleteWorkflow', tag: 'Workflows', summary: 'Remove a workflow of your own', description: 'When runs were made with it, it is archived: no new runs, and the old ones keep their version.',
  permission: 'workflow:write', audit: 'workflow.removed', params: WorkflowParams, answers: { 204: { description: 'Removed or archived' } }, errors: ['NotFound', 'PermissionDenied'],
  handler: (deps) => async ({ principal, params, audit }) => {
    const row = await requireMine(deps, params.id, principal);
    await deps.db.$transaction(async (tx) => {
      const how = await removeOwn(tx, row.id);
      await appendAuditEvent(tx, audit({ type: 'workflow.removed', resource: `workflow/${row.id}`, data: { workflow: row.slug, how } }));
    });
    return { status: 204 };
  },
});
