import { CheckBody, CheckSchema } from '#contracts/api/own-workflows.schema';
import { WorkflowParams } from '#contracts/api/workflows.schema';
import type { OwnSnapshot } from '#contracts/own/definition';
import type { Report } from '#contracts/own/check.schema';
import { planOf } from '#contracts/own/sizes';
import { invalidField } from '#platform/coded-error';
import { findWorkflow } from '#platform/repositories/workflows';
import { defineEndpoint } from '../../../endpoint.ts';
import { checkEntry, type EntryReport } from '../check-entry.ts';
import { check, requireOwn, requireVersion } from './own.ts';

const toWire = (slug: string | null, { errors, warnings, plan }: EntryReport) => ({
  valid: errors.length === 0, workflow_id: slug, errors: errors.map(({ pointer, detail }) => ({ pointer, detail })), warnings: warnings.map(({ pointer, detail }) => ({ pointer, detail })),
  plan: plan.map((call) => ({ step: call.step, title: call.title, kind: call.kind, repeat: call.repeat, input_tokens: call.inputTokens, max_output_tokens: call.maxOutputTokens })),
});
const withPlan = ({ report, snapshot }: { report: Report; snapshot: OwnSnapshot | null }): EntryReport => ({ ...report, plan: snapshot ? planOf(snapshot, 'full', {}) : [] });

export const postCheckDefinition = defineEndpoint({
  method: 'post', path: '/api/v1/workflows/validate', operationId: 'validateDefinition', tag: 'Workflows', summary: 'Check a definition that is not saved', description: 'Everything that is wrong, at once, each with its JSON Pointer. Saves nothing, spends nothing.',
  permission: 'workflow:read', audit: 'none', body: CheckBody, answers: { 200: { description: 'What was found', schema: CheckSchema } }, errors: ['InvalidInput'],
  handler: (deps) => async ({ principal, body }) => {
    if (!body.definition) throw invalidField('#/definition', 'is missing');
    return { status: 200, body: toWire(null, withPlan(await check(deps, body.definition, principal))) };
  },
});

export const postCheckWorkflow = defineEndpoint({
  method: 'post', path: '/api/v1/workflows/{id}/validate', operationId: 'validateWorkflow', tag: 'Workflows', summary: 'Check a workflow', description: 'Of a written workflow: its draft, or the definition in the body. Of the catalog: whether it is still there, knows its tools and plans within the caps of this installation.',
  permission: 'workflow:read', audit: 'none', params: WorkflowParams, body: CheckBody, answers: { 200: { description: 'What was found', schema: CheckSchema } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params, body }) => {
    const known = await findWorkflow(deps.db, params.id);
    if (known?.kind === 'catalog' && body.definition === undefined) return { status: 200, body: toWire(known.slug, checkEntry(deps, deps.catalog.find(({ slug }) => slug === known.slug))) };
    const row = await requireOwn(deps, params.id, principal);
    const document = body.definition ?? (await requireVersion(deps, row, principal)).snapshot.definition;
    return { status: 200, body: toWire(row.slug, withPlan(await check(deps, document, principal))) };
  },
});
