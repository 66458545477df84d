import { z } from 'zod';
import { OwnWorkflowSchema } from '#contracts/api/own-workflows.schema';
import { WorkflowParams, WorkflowSummarySchema } from '#contracts/api/workflows.schema';
import { notFound } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { findWorkflow, switchWorkflow } from '#platform/repositories/workflows';
import type { Deps } from '../../../deps.ts';
import { defineEndpoint, type Answer, type Call } from '../../../endpoint.ts';
import { requirePermission } from '../../../pipeline.ts';
import { entryOfRow, mayManage } from '../catalog-lookup.ts';
import { isMine, ownToWire, refuseSwitchedOff, requireMine, requireOwn, requireVersion } from '../own/own.ts';
import { summaryToWire } from '../workflow-to-wire.ts';

type Switching = Pick<Call<typeof WorkflowParams, undefined, undefined>, 'params' | 'principal' | 'audit'>;

const switched = (word: 'activate' | 'deactivate') => {
  const active = word === 'activate';
  return defineEndpoint({
    method: 'post', path: `/api/v1/workflows/{id}/${word}`, operationId: `${word}Workflow`, tag: 'Workflows', summary: active ? 'Let a workflow be run again' : 'Stop new runs of a workflow',
    description: `Of your own; administrators also ${active ? 'what an administrator switched off' : 'of the catalog, and what others have live'}. Runs under way go on, and old ones stay.${active ? '' : ' What an administrator switched off, only an administrator switches on; a new version of the product does not.'}`,
    permission: 'workflow:write', audit: 'workflow.switched', params: WorkflowParams, answers: { 200: { description: 'As it is now', schema: z.union([OwnWorkflowSchema, WorkflowSummarySchema]) } }, errors: ['NotFound', 'PermissionDenied'],
    handler: (deps) => async (call) => ((await findWorkflow(deps.db, call.params.id))?.kind === 'catalog' ? switchCatalog(deps, call, active) : switchOwn(deps, call, active)),
  });
};
export const postActivateWorkflow = switched('activate');
export const postDeactivateWorkflow = switched('deactivate');

async function switchOwn(deps: Deps, { params, principal, audit }: Switching, active: boolean): Promise<Answer> {
  const found = await requireOwn(deps, params.id, principal);
  // An administrator can stop what is live, whoever wrote it, and lift that again; what its writer switched off stays theirs.
  const byAdministrator = mayManage(principal) && (active ? found.switchedOffAt !== null : !isMine(found, principal));
  const row = byAdministrator ? found : await requireMine(deps, params.id, principal);
  if (active && !byAdministrator) refuseSwitchedOff(row);
  const next = await change(deps, { id: row.id, slug: row.slug, active, byAdministrator }, audit);
  return { status: 200, body: ownToWire(next, await requireVersion(deps, next, principal), principal) };
}

async function switchCatalog(deps: Deps, { params, principal, audit }: Switching, active: boolean): Promise<Answer> {
  requirePermission(principal, 'settings:manage');
  const row = await findWorkflow(deps.db, params.id);
  const found = row && await entryOfRow(deps, row, principal);
  if (!found) throw notFound(`The workflow "${params.id}"`);
  await change(deps, { id: found.row.id, slug: found.row.slug, active, byAdministrator: true }, audit);
  return { status: 200, body: summaryToWire({ ...found.row, isActive: active }, found.entry, null) };
}

async function change({ db }: Pick<Deps, 'db'>, { id, slug, active, byAdministrator }: { id: string; slug: string; active: boolean; byAdministrator: boolean }, audit: Switching['audit']) {
  return db.$transaction(async (tx) => {
    await appendAuditEvent(tx, audit({ type: 'workflow.switched', resource: `workflow/${id}`, data: { workflow: slug, active, by_administrator: byAdministrator } }));
    return switchWorkflow(tx, id, active, byAdministrator);
  });
}
