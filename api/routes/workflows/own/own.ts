import type { OwnWorkflowWire } from '#contracts/api/own-workflows.schema';
import { checkDefinition, type Problem, type Report } from '#contracts/own/check.schema';
import type { OwnDefinition, OwnSnapshot } from '#contracts/own/definition';
import { TOOL_RISKS } from '#contracts/tool-policy';
import { CodedError, invalidField, notFound } from '#platform/coded-error';
import { isUuid } from '#platform/ids';
import { findOwn, findVersion, isOwnedBy, subsFor, type OwnRecord, type OwnVersion, type Viewer } from '#platform/repositories/own-workflows';
import { findWorkflow } from '#platform/repositories/workflows';
import type { Deps } from '../../../deps.ts';
import type { Principal } from '../../../endpoint.ts';
import { mayManage } from '../catalog-lookup.ts';

/** What the endpoints of written workflows share. */
export const viewerOf = (principal: Principal): Viewer => ({ userId: principal.userId, mayManage: mayManage(principal) });
export const isMine = (row: OwnRecord, principal: Principal): boolean => isOwnedBy(row, viewerOf(principal));

/** @throws CodedError NotFound also for what this person may not see */
export async function requireOwn(deps: Pick<Deps, 'db'>, ref: string, principal: Principal): Promise<OwnRecord> {
  const row = await findOwn(deps.db, isUuid(ref) ? { id: ref } : { slug: ref }, viewerOf(principal));
  if (!row || row.archivedAt) throw notFound('This workflow');
  return row;
}

/** @throws CodedError PermissionDenied when it is somebody else's, or the catalog's, which everybody sees */
export async function requireMine(deps: Pick<Deps, 'db'>, ref: string, principal: Principal): Promise<OwnRecord> {
  const known = await findWorkflow(deps.db, ref);
  if (known?.kind === 'catalog') throw new CodedError('PermissionDenied', `"${known.slug}" comes with the product: it is not changed or deleted here.`, { remedy: 'An administrator can switch it off. Write a workflow of your own beside it.' });
  const row = await requireOwn(deps, ref, principal);
  if (!isMine(row, principal)) throw new CodedError('PermissionDenied', 'Only the one who wrote this workflow may change it.', { remedy: 'Export it and import it under a name of your own.' });
  return row;
}

/** @throws CodedError PermissionDenied when an administrator has it switched off */
export function refuseSwitchedOff(row: Pick<OwnRecord, 'switchedOffAt'>, pointer?: string): void {
  if (row.switchedOffAt) throw new CodedError('PermissionDenied', `An administrator switched this workflow off on ${row.switchedOffAt.toISOString().slice(0, 10)}.`, { remedy: 'Ask an administrator to switch it on again.', ...(pointer ? { errors: [{ pointer, detail: 'is an administrator\'s to set now' }] } : {}) });
}

/** @throws CodedError NotFound; drafts of others are not told from what is not there */
export async function requireVersion(deps: Pick<Deps, 'db'>, row: OwnRecord, principal: Principal, version?: number): Promise<OwnVersion> {
  const wanted = version ?? (isMine(row, principal) ? row.currentVersion : row.liveVersion);
  const found = wanted === null || (!isMine(row, principal) && wanted !== row.liveVersion) ? null : await findVersion(deps.db, row.id, wanted);
  if (!found) throw notFound('This version');
  return found;
}

export async function check(deps: Pick<Deps, 'db' | 'secrets'>, document: unknown, principal: Principal): Promise<{ report: Report; snapshot: OwnSnapshot | null }> {
  const [subs, sources] = await Promise.all([subsFor(deps.db, document, viewerOf(principal)), deps.secrets.sources(principal.userId)]);
  const report = checkDefinition(document, { tools: Object.keys(TOOL_RISKS), providers: [...sources.keys(), 'demo'], subs });
  return { report, snapshot: report.definition && { definition: report.definition, subs } };
}

/** @throws CodedError InvalidInput with every error at its place; nothing is saved */
export async function checkedSnapshot(deps: Pick<Deps, 'db' | 'secrets'>, document: unknown, principal: Principal): Promise<{ snapshot: OwnSnapshot; warnings: Problem[] }> {
  const { report, snapshot } = await check(deps, document, principal);
  const errors = report.errors.map(({ pointer, detail }) => ({ pointer: pointer.replace(/^#/, '#/definition'), detail }));
  if (!snapshot) throw new CodedError('InvalidInput', errors.length === 1 ? `The definition: ${errors[0]?.pointer} ${errors[0]?.detail}` : `The definition has ${errors.length} problems.`, { errors });
  return { snapshot, warnings: report.warnings };
}

/** `If-Match: "v3"`: the version that was edited. @returns null without the header @throws CodedError InvalidInput */
export function matchedVersion(header: string | undefined): number | null {
  if (header === undefined || header === '*') return null;
  const version = /^(?:W\/)?"v(\d{1,9})"$/.exec(header.trim())?.[1];
  if (!version) throw invalidField('#/header/If-Match', 'must be the ETag of a definition, like "v3"');
  return Number(version);
}
export const etagOf = (version: number): string => `"v${version}"`;

export function ownToWire(row: OwnRecord, version: OwnVersion, principal: Principal, warnings: readonly Problem[] = []): OwnWorkflowWire {
  const { definition } = version.snapshot;
  return {
    id: row.id, workflow_id: row.slug, name: definition.name, description: definition.description, persona: definition.personas[0] ?? '', personas: definition.personas, tags: definition.tags, is_active: row.isActive, is_mine: isMine(row, principal),
    version: version.version, content_hash: version.contentHash, channels: { draft: row.currentVersion, test: row.testVersion, live: row.liveVersion }, definition: definition as unknown as Record<string, unknown>,
    warnings: warnings.map(({ pointer, detail }) => ({ pointer, detail })), created_at: row.createdAt.toISOString(), updated_at: row.updatedAt.toISOString(),
  };
}

export const slugOf = (name: string): string => name.toLowerCase().normalize('NFKD').replace(/[^a-z0-9]+/g, '_').replace(/^[^a-z]+|_+$/g, '').slice(0, 50) || 'my_workflow';

/** A body's own fields over those of the definition: both spellings of the older API are understood. */
export function documentOf(body: { workflow_id?: string | undefined; name?: string | undefined; description?: string | undefined; persona?: string | undefined; personas?: string[] | undefined; tags?: string[] | undefined; definition?: Record<string, unknown> | undefined }, base: Partial<OwnDefinition> = {}): Record<string, unknown> {
  const { workflow_id: slug, name, description, persona, personas, tags } = body;
  const set = Object.fromEntries(Object.entries({ slug, name, description, personas: personas ?? (persona === undefined ? undefined : [persona]), tags }).filter(([, value]) => value !== undefined));
  const whole: Record<string, unknown> = { ...base, ...body.definition, ...set };
  return { ...whole, slug: whole['slug'] ?? slugOf(String(whole['name'] ?? '')) };
}
