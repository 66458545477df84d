import { stringify } from 'yaml';
import { EXPORT_FORMAT, ExportQuery, ImportBody, ImportedSchema } from '#contracts/api/own-workflows.schema';
import { WorkflowParams } from '#contracts/api/workflows.schema';
import { inOrder } from '#contracts/own/order';
import { CodedError, invalidField } from '#platform/coded-error';
import { canonicalJson } from '#platform/ids';
import { appendAuditEvent } from '#platform/repositories/audit';
import { createOwn } from '#platform/repositories/own-workflows';
import { defineEndpoint, HANDLED } from '../../../endpoint.ts';
import { checkedSnapshot, etagOf, ownToWire, requireOwn, requireVersion } from './own.ts';

/** The name of the form goes first, so that a signature over something else can never pass for a workflow. */
const bytesOf = (definition: unknown): Buffer => Buffer.from(`${EXPORT_FORMAT}\n${canonicalJson(definition)}`, 'utf8');

export const getWorkflowExport = defineEndpoint({
  method: 'get', path: '/api/v1/workflows/{id}/export', operationId: 'exportWorkflow', tag: 'Workflows', summary: 'Export a written workflow', description: 'JSON or YAML, signed (Ed25519) by this installation. It holds the definition and nothing else: no key, no run, no person.',
  permission: 'workflow:read', audit: 'none', params: WorkflowParams, query: ExportQuery, answers: { 200: { description: 'The file', contentType: ['application/json', 'application/yaml'] } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params, query, res }) => {
    const row = await requireOwn(deps, params.id, principal);
    const { version, contentHash, snapshot: { definition } } = await requireVersion(deps, row, principal, query.version);
    const { keyId, signature } = deps.evidenceKeys.sign(bytesOf(definition));
    const file = { format: EXPORT_FORMAT, version, content_hash: contentHash, definition: inOrder({ ...definition }), algorithm: 'Ed25519', key_id: keyId, signature };
    const yaml = query.format === 'yaml';
    res.status(200).set({ 'Content-Disposition': `attachment; filename="${row.slug}-v${version}.${yaml ? 'yaml' : 'json'}"`, 'Cache-Control': 'private, no-store' }).type(yaml ? 'application/yaml' : 'application/json').send(yaml ? stringify(file, { aliasDuplicateObjects: false }) : JSON.stringify(file, null, 2));
    return HANDLED;
  },
});

export const postImport = defineEndpoint({
  method: 'post', path: '/api/v1/workflows/import', operationId: 'importWorkflow', tag: 'Workflows', summary: 'Import a written workflow', description: 'Takes the JSON of an export (the command line reads YAML too). Everything is checked first and nothing is half saved; nothing is fetched. A file that was changed after it was signed by this installation is refused.',
  permission: 'workflow:write', audit: 'workflow.imported', body: ImportBody, answers: { 201: { description: 'The new draft', schema: ImportedSchema } }, errors: ['InvalidInput', 'Conflict'],
  handler: (deps) => async ({ principal, body, audit }) => {
    const verdict = body.key_id && body.signature ? deps.evidenceKeys.verify(body.key_id, bytesOf(body.definition), body.signature) : null;
    if (verdict === false) throw new CodedError('InvalidInput', 'The signature does not fit: the definition was changed after it was signed.', { remedy: 'Take the signature out to import it as a definition of your own.', errors: [{ pointer: '#/signature', detail: 'does not fit the definition' }] });
    const { snapshot, warnings } = await checkedSnapshot(deps, body.workflow_id === undefined ? body.definition : { ...body.definition, slug: body.workflow_id }, principal);
    if (deps.catalog.some(({ slug }) => slug === snapshot.definition.slug)) throw invalidField('#/workflow_id', `${snapshot.definition.slug} is a workflow of the catalog; choose another name`);
    const signedBy = verdict === null ? 'nobody' as const : verdict ? 'this_installation' as const : 'another_installation' as const;
    const row = await deps.db.$transaction(async (tx) => {
      const made = await createOwn(tx, snapshot, { ownerId: principal.userId, note: `Imported; signed by ${signedBy.replaceAll('_', ' ')}` });
      await appendAuditEvent(tx, audit({ type: 'workflow.imported', resource: `workflow/${made.id}`, data: { workflow: made.slug, signed_by: signedBy } }));
      return made;
    });
    return { status: 201, body: { ...ownToWire(row, await requireVersion(deps, row, principal, 1), principal, warnings), signed_by: signedBy }, headers: { ETag: etagOf(1), Location: `/api/v1/workflows/${row.slug}` } };
  },
});
