import type { EvidenceRecord } from '#contracts/evidence';
import type { Database } from '../db.ts';

/** What a passed Test proved for each of these Full runs: their own Test, or the earlier one that stands for it.
 * @returns by run id; a run without evidence is not in it */
export async function testEvidenceOf(db: Database, runIds: readonly string[]): Promise<Map<string, EvidenceRecord>> {
  if (runIds.length === 0) return new Map();
  const used = await db.runEvent.findMany({ where: { runId: { in: [...runIds] }, type: 'evidence-use' }, select: { runId: true, data: true } });
  const testedBy = new Map(used.map(({ runId, data }) => [runId, (data as { run_id: string }).run_id]));
  const rows = await db.evidence.findMany({ where: { runId: { in: runIds.map((id) => testedBy.get(id) ?? id) } }, select: { runId: true, record: true } });
  const records = new Map(rows.map(({ runId, record }) => [runId, record as unknown as EvidenceRecord]));
  return new Map(runIds.flatMap((id) => { const record = records.get(testedBy.get(id) ?? id); return record ? [[id, record] as const] : []; }));
}
