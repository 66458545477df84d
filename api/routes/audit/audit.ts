import { z } from 'zod';
import { AUDIT_COUNTED, AuditEventSchema, AuditExportQuery, AuditQuery, AuditVerdictSchema, VerifyAuditBody, type AuditEventWire } from '#contracts/api/audit.schema';
import { toCsv } from '#contracts/csv';
import type { Database } from '#platform/db';
import { appendAuditEvent, auditBefore, listAudit, verifyAuditChain, type AuditFilter, type AuditRecord } from '#platform/repositories/audit';
import { numberedPageFrom } from '#platform/repositories/paging';
import { defineEndpoint, HANDLED } from '../../endpoint.ts';
import { pagedAnswer } from '../../paged.ts';

const EXPORT_PAGE = 1000;
const COLUMNS = ['sequence', 'at', 'type', 'outcome', 'subject', 'subject_name', 'actor_kind', 'resource', 'ip_address', 'user_agent', 'request_id', 'data', 'previous_hash', 'hash'] as const;

async function toWire(db: Database, rows: AuditRecord[]): Promise<AuditEventWire[]> {
  const ids = [...new Set(rows.flatMap(({ subject }) => (subject ? [subject] : [])))];
  const names = new Map((await db.user.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })).map(({ id, name }) => [id, name]));
  return rows.map((row) => ({
    sequence: Number(row.sequence), id: row.id, type: row.type, subject: row.subject, subject_name: row.subject ? names.get(row.subject) ?? null : null, actor_kind: row.actorKind, resource: row.resource, outcome: row.outcome as AuditEventWire['outcome'],
    data: row.data as Record<string, unknown>, request_id: row.requestId, ip_address: row.ipAddress, user_agent: row.userAgent, previous_hash: row.previousHash, hash: row.hash, at: row.at.toISOString(),
  }));
}

export const getAudit = defineEndpoint({
  method: 'get', path: '/api/v1/audit', operationId: 'listAuditEvents', tag: 'Audit', summary: 'Who did what', description: `Newest first. Each row carries the hash of the one before it. X-Total-Count is left out above ${AUDIT_COUNTED} rows.`, permission: 'audit:read', audit: 'none', query: AuditQuery, answers: { 200: { description: 'Events; `Link` leads to older ones', schema: z.array(AuditEventSchema) } }, errors: ['InvalidInput'],
  handler: (deps) => async ({ query, req }) => {
    const { limit, cursor, skip, ...filter } = query;
    const found = await listAudit(deps.db, filter, numberedPageFrom({ limit, cursor, skip }));
    return pagedAnswer(req, { ...found, rows: await toWire(deps.db, found.rows) }, (event) => event);
  },
});

export const getAuditExport = defineEndpoint({
  method: 'get', path: '/api/v1/audit/export', operationId: 'exportAuditEvents', tag: 'Audit', summary: 'The audit log as a file', description: 'CSV (texts that a spreadsheet would run are made harmless) or one JSON object a line, newest first. The export is audited itself.', permission: 'audit:read', audit: 'audit.exported', query: AuditExportQuery,
  answers: { 200: { description: 'The file', contentType: ['text/csv', 'application/x-ndjson'] } }, errors: ['InvalidInput'],
  handler: (deps) => async ({ query, res, audit }) => {
    const { format, ...filter } = query;
    await deps.db.$transaction((tx) => appendAuditEvent(tx, audit({ type: 'audit.exported', resource: 'audit', data: { format, ...(Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as Record<string, string>) } })));
    res.status(200).type(format === 'csv' ? 'text/csv' : 'application/x-ndjson').set('Content-Disposition', `attachment; filename="audit-${new Date().toISOString().slice(0, 10)}.${format === 'csv' ? 'csv' : 'jsonl'}"`);
    let first = true;
    for await (const rows of pages(deps.db, filter)) {
      const text = format === 'csv' ? csvOf(rows, first) : rows.map((row) => `${JSON.stringify(row)}\n`).join('');
      first = false;
      if (!res.write(text)) await new Promise((resolve) => { res.once('drain', resolve).once('close', resolve); });
      if (res.destroyed) return HANDLED;
    }
    res.end();
    return HANDLED;
  },
});

async function* pages(db: Database, filter: AuditFilter): AsyncGenerator<AuditEventWire[]> {
  let before: bigint | null = null;
  for (;;) {
    const rows: AuditRecord[] = await auditBefore(db, filter, EXPORT_PAGE, before);
    yield await toWire(db, rows);
    const last = rows.at(-1);
    if (rows.length < EXPORT_PAGE || !last) return;
    before = last.sequence;
  }
}

function csvOf(rows: readonly AuditEventWire[], withHeader: boolean): string {
  const text = toCsv(COLUMNS, rows.map((row) => COLUMNS.map((column) => (column === 'data' ? JSON.stringify(row.data) : row[column]))));
  return withHeader ? text : text.slice(text.indexOf('\r\n') + 2);
}

export const postAuditVerify = defineEndpoint({
  method: 'post', path: '/api/v1/audit/verify', operationId: 'verifyAudit', tag: 'Audit', summary: 'Is the audit log whole?', description: 'Walks the hash chain and names the first row that was changed, moved, put in or taken out. Rows missing at the end show only against a `head` that was kept elsewhere.', permission: 'audit:read', audit: 'audit.verified', body: VerifyAuditBody,
  answers: { 200: { description: 'The verdict', schema: AuditVerdictSchema } }, errors: ['InvalidInput'],
  handler: (deps) => async ({ body, audit }) => {
    const kept = body.head ? { sequence: BigInt(body.head.sequence), hash: body.head.hash } : null;
    const verdict = await verifyAuditChain(deps.db, kept);
    await deps.db.$transaction((tx) => appendAuditEvent(tx, audit({ type: 'audit.verified', resource: 'audit', outcome: verdict.brokenAt === null && verdict.reason === null ? 'success' : 'failed', data: { checked: verdict.checked, broken_at: verdict.brokenAt === null ? null : Number(verdict.brokenAt) } })));
    return {
      status: 200,
      body: { whole: verdict.reason === null, checked: verdict.checked, broken_at: verdict.brokenAt === null ? null : Number(verdict.brokenAt), reason: verdict.reason, head: verdict.head && { sequence: Number(verdict.head.sequence), hash: verdict.head.hash } },
    };
  },
});
